"""A picture and a short film, made here, for a job done without a person's own files."""

from __future__ import annotations

import io

WIDTH_PX = 640
HEIGHT_PX = 360
SECONDS = 2
FRAMES_PER_SECOND = 10


def make_picture() -> bytes:
    """Make a JPEG of flower beds under a sky."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - heavy, and only needed here

    picture = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), (176, 216, 240))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 220, WIDTH_PX, HEIGHT_PX), fill=(96, 150, 72))
    for number in range(24):
        x, y = 20 + number % 12 * 52, 245 + number // 12 * 60
        pen.ellipse((x, y, x + 34, y + 34), fill=(214, 72 + number * 4, 120))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def make_film() -> bytes:
    """Make an MP4 of two seconds in which a sun rises."""
    import av  # noqa: PLC0415 - heavy, and only needed here
    from PIL import Image, ImageDraw  # noqa: PLC0415

    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("mpeg4", rate=FRAMES_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for number in range(SECONDS * FRAMES_PER_SECOND):
            picture = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), (40 + number * 6, 90, 150))
            top = HEIGHT_PX - number * 14
            ImageDraw.Draw(picture).ellipse((260, top, 380, top + 120), fill=(250, 200, 80))
            film.mux(stream.encode(av.VideoFrame.from_image(picture)))  # type: ignore[no-untyped-call] # PyAV's
        film.mux(stream.encode())
    return out.getvalue()
