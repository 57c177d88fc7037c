"""What YouTube would make of a message: https://developers.google.com/youtube/v3/docs/videos (read 2026-11)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from platforms.port import Endpoints, Media, MediaKind, Message, Plan
from platforms.youtube import YouTubePlatform

VIDEO = Media(
    kind=MediaKind.VIDEO,
    path=Path("a.mp4"),
    sha256="a" * 64,
    mime="video/mp4",
    size_bytes=1024,
    width_px=640,
    height_px=360,
    duration_seconds=10.0,
)
IMAGE = Media(
    kind=MediaKind.IMAGE,
    path=Path("a.jpg"),
    sha256="b" * 64,
    mime="image/jpeg",
    size_bytes=1024,
    width_px=640,
    height_px=360,
)


def plan(*, title: str = "題", text: str = "説明", media: tuple[Media, ...] = (VIDEO,)) -> Plan:
    """Plan a video."""
    platform = YouTubePlatform(Endpoints(), now=lambda: datetime(2026, 12, 1, tzinfo=UTC))
    return platform.plan(Message(text=text, title=title, media=media))


def codes(given: Plan) -> list[str]:
    """Name why it is refused."""
    return [refusal.code for refusal in given.refusals]


def test_one_video_with_a_title_is_taken() -> None:
    """A video and a title are all that YouTube asks for."""
    assert codes(plan(text="")) == []


@pytest.mark.parametrize(
    ("media", "expected"),
    [((), ["youtube_needs_video"]), ((IMAGE,), ["youtube_needs_video"]), ((VIDEO, VIDEO), ["too_many_videos"])],
)
def test_anything_but_one_video_is_refused(media: tuple[Media, ...], expected: list[str]) -> None:
    """YouTube's API takes no posts without a video."""
    assert codes(plan(media=media)) == expected


def test_a_missing_title_is_refused() -> None:
    """A title of blanks is none."""
    assert codes(plan(title=" 　 ")) == ["youtube_needs_title"]


def test_a_title_has_100_characters_and_an_emoji_counts_as_two() -> None:
    """The limit is 100; UTF-16 units are its strictest reading."""
    assert codes(plan(title="市" * 100)) == []
    assert codes(plan(title="市" * 101)) == ["title_too_long"]
    assert codes(plan(title="市" * 99 + "🌸")) == ["title_too_long"]


def test_a_description_has_5000_bytes() -> None:
    """1,666 kanji are 4,998 bytes of UTF-8, 1,667 are 5,001."""
    assert codes(plan(text="市" * 1666)) == []
    refusal = plan(text="市" * 1667).refusals[0]
    assert (refusal.code, dict(refusal.params)) == ("text_too_long", {"used": 5001, "limit": 5000, "unit": "bytes"})


@pytest.mark.parametrize(("field", "value"), [("title", "a<b"), ("title", "a>b"), ("text", "<b>")])
def test_angle_brackets_are_refused_where_they_stand(field: str, value: str) -> None:
    """YouTube forbids < and > in titles and descriptions."""
    refusal = plan(**{field: value}).refusals[0]  # type: ignore[arg-type]  # title or text
    assert (refusal.code, dict(refusal.params)) == ("youtube_forbidden_characters", {"field": field})


def test_images_beside_the_video_are_left_out_and_said_to_be() -> None:
    """A video has no pictures beside it."""
    given = plan(media=(VIDEO, IMAGE))
    assert (given.media, [note.code for note in given.notes]) == ((VIDEO,), ["images_left_out"])
