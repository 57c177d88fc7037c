"""What Facebook would make of a message."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from platforms.facebook import FacebookPlatform
from platforms.port import Endpoints, Media, MediaKind, Message, Platform

MIB = 1024 * 1024


def facebook() -> Platform:
    """Give the platform; a plan asks for no clock."""
    return FacebookPlatform(Endpoints(), now=lambda: datetime(2026, 12, 1, tzinfo=UTC))


def image(**changes: object) -> Media:
    """Make a small JPEG's description."""
    base: dict[str, object] = {
        "kind": MediaKind.IMAGE,
        "path": Path("a.jpg"),
        "sha256": "a" * 64,
        "mime": "image/jpeg",
        "size_bytes": MIB,
        "width_px": 800,
        "height_px": 600,
    }
    return Media(**(base | changes))  # type: ignore[arg-type]  # a bag of fields


def video(**changes: object) -> Media:
    """Make a short MP4's description."""
    base = {"kind": MediaKind.VIDEO, "mime": "video/mp4", "duration_seconds": 10.0}
    return image(**(base | changes))


def codes(message: Message) -> list[str]:
    """Name why *message* is refused."""
    return [refusal.code for refusal in facebook().plan(message).refusals]


def test_a_text_of_63_206_characters_fits_and_one_more_does_not() -> None:
    """Facebook takes 63,206 characters."""
    assert codes(Message(text="あ" * 63_206)) == []
    plan = facebook().plan(Message(text="あ" * 63_207))
    assert [(r.code, dict(r.params)) for r in plan.refusals] == [
        ("text_too_long", {"used": 63_207, "limit": 63_206, "unit": "chars"})
    ]


def test_an_empty_post_is_refused_but_a_photo_alone_is_not() -> None:
    """A post needs words or a picture."""
    assert codes(Message(text=" \n ")) == ["text_empty"]
    assert codes(Message(text="", media=(image(),))) == []


def test_a_title_without_a_video_is_left_out_and_said_to_be() -> None:
    """Only videos have titles on Facebook."""
    plan = facebook().plan(Message(text="本文", title="題"))
    assert (plan.title, [note.code for note in plan.notes]) == ("", ["title_left_out"])


def test_a_videos_title_is_carried() -> None:
    """Facebook's video edge has a title."""
    plan = facebook().plan(Message(text="本文", title=" 会見  動画 ", media=(video(),)))
    assert (plan.title, plan.notes, plan.refusals) == ("会見 動画", (), ())


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ((image(size_bytes=10 * MIB),), []),
        ((image(size_bytes=10 * MIB + 1),), ["image_too_large"]),
        ((image(mime="image/webp"),), ["image_type"]),
        ((image(),) * 10, []),
        ((image(),) * 11, ["too_many_images"]),
        ((image(), video()), ["media_mixed"]),
        ((video(), video()), ["too_many_videos"]),
        ((video(duration_seconds=4 * 3600 + 1.0),), ["video_duration"]),
    ],
)
def test_what_facebook_does_not_take_is_refused(media: tuple[Media, ...], expected: list[str]) -> None:
    """Photos: 10 MB, five types, ten of them; videos: one, without photos, of four hours at most."""
    assert codes(Message(text="本文", media=media)) == expected


def test_a_remark_about_a_file_counts_files_as_people_do() -> None:
    """The second file is number 2."""
    plan = facebook().plan(Message(text="本文", media=(image(), image(mime="image/webp"))))
    assert plan.refusals[0].params["number"] == 2


def test_text_is_composed_and_its_line_ends_are_plain() -> None:
    """Typed on a Mac or on Windows, the same words are the same text."""
    assert facebook().plan(Message(text="か\u3099\r\n行")).text == "が\n行"
