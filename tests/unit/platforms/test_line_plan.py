"""What LINE takes, before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from platforms.line import LinePlatform
from platforms.line.messages import message_objects
from platforms.port import Capability, Endpoints, Media, MediaKind, Message

LINE = LinePlatform(Endpoints(), now=lambda: datetime.now(UTC))
PHOTO = Media(
    kind=MediaKind.IMAGE,
    path=Path("nowhere.jpg"),
    sha256="0" * 64,
    mime="image/jpeg",
    size_bytes=200_000,
    width_px=1000,
    height_px=800,
    url="https://media.example.jp/a.jpg",
)
FILM = replace(
    PHOTO,
    kind=MediaKind.VIDEO,
    mime="video/mp4",
    url="https://media.example.jp/a.mp4",
    preview_url="https://media.example.jp/a.jpg",
)


def test_an_emoji_is_two_of_lines_units() -> None:
    """LINE counts UTF-16 code units (its documentation, 「Character counting in a text」)."""
    assert LINE.plan(Message(text="大雨😀")).lengths[0].used == 4


def test_5000_units_go_and_5001_do_not() -> None:
    """A text message holds 5,000 units."""
    assert not LINE.plan(Message(text="あ" * 5000)).is_refused
    over = LINE.plan(Message(text="あ" * 5001))
    assert [remark.code for remark in over.refusals] == ["text_too_long"]


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ((PHOTO,) * 4, []),
        ((PHOTO,) * 5, ["too_many_images"]),
        ((replace(PHOTO, url=None),), ["line_needs_media_address"]),
        ((replace(PHOTO, url="http://media.example.jp/a.jpg"),), ["line_needs_https"]),
        ((replace(PHOTO, url="http://127.0.0.1:8090/media/a.jpg"),), []),
        ((replace(PHOTO, mime="image/webp"),), ["image_type"]),
        ((replace(PHOTO, size_bytes=40_000_000),), ["image_too_large"]),
        ((replace(PHOTO, size_bytes=2_000_000),), ["line_needs_preview"]),
        ((replace(PHOTO, size_bytes=2_000_000, preview_url="https://media.example.jp/p.jpg"),), []),
        ((FILM,), []),
        ((replace(FILM, preview_url=None),), ["line_needs_preview"]),
        ((replace(FILM, mime="video/quicktime"),), ["video_type"]),
        ((replace(FILM, size_bytes=300_000_000),), ["video_too_large"]),
    ],
)
def test_media_that_line_cannot_show_are_refused_by_their_code(media: tuple[Media, ...], expected: list[str]) -> None:
    """Five messages a broadcast, of which the text is one; JPEG or PNG to 10 MB over HTTPS; MP4 to 200 MB."""
    assert [remark.code for remark in LINE.plan(Message(text="本文", media=media)).refusals] == expected


def test_nothing_at_all_is_refused() -> None:
    """An empty text message would be refused by LINE with 400."""
    assert [remark.code for remark in LINE.plan(Message(text=" ")).refusals] == ["text_empty"]


def test_five_pictures_go_without_a_text() -> None:
    """A broadcast takes one to five message objects of any kind."""
    assert not LINE.plan(Message(text="", media=(PHOTO,) * 5)).is_refused


def test_a_large_picture_is_shown_by_its_preview_in_a_bubble() -> None:
    """A Flex image may have at most 1,024 × 1,024 pixels; a tap opens the picture itself."""
    large = replace(PHOTO, alt="池", width_px=4000, height_px=3000, preview_url="https://media.example.jp/p.jpg")
    bubble = message_objects(LINE.plan(Message(text="", media=(large,))))[0]["contents"]
    assert bubble["hero"]["url"] == "https://media.example.jp/p.jpg"
    assert bubble["hero"]["action"] == {"type": "uri", "uri": "https://media.example.jp/a.jpg"}


def test_a_very_high_picture_is_shown_three_times_as_high_as_wide() -> None:
    """A Flex image's height may be at most three times its width."""
    high = replace(PHOTO, alt="塔", width_px=100, height_px=900)
    bubble = message_objects(LINE.plan(Message(text="", media=(high,))))[0]["contents"]
    assert bubble["hero"]["aspectRatio"] == "100:300"


def test_a_long_alternative_text_is_cut_and_said_so() -> None:
    """AltText has an end; the preview notes where."""
    plan = LINE.plan(Message(text="", media=(replace(PHOTO, alt="あ" * 401),)))
    assert [note.code for note in plan.notes] == ["alt_cut"]
    assert len(message_objects(plan)[0]["altText"]) == 400


def test_line_can_neither_repost_nor_delete() -> None:
    """A broadcast cannot be recalled, read back or reposted: the Messaging API has no call for it."""
    assert LINE.limits.capabilities.isdisjoint({Capability.REPOST, Capability.DELETE, Capability.TITLE})
    assert LINE.limits.absence is None


def test_a_title_is_left_out_and_said_so() -> None:
    """LINE has no title; the preview notes that it is not carried."""
    assert [note.code for note in LINE.plan(Message(text="本文", title="題")).notes] == ["title_left_out"]
