"""What X takes and what it costs, before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from platforms.port import Capability, Endpoints, Media, MediaKind, Message
from platforms.x import XPlatform

X = XPlatform(Endpoints(), now=lambda: datetime.now(UTC))
PHOTO = Media(
    kind=MediaKind.IMAGE,
    path=Path("nowhere.jpg"),
    sha256="0" * 64,
    mime="image/jpeg",
    size_bytes=200_000,
    width_px=1200,
    height_px=800,
)
FILM = replace(PHOTO, kind=MediaKind.VIDEO, mime="video/mp4", size_bytes=9_000_000, duration_seconds=30.0)


def codes(message: Message) -> list[str]:
    """List why a message is refused."""
    return [remark.code for remark in X.plan(message).refusals]


def test_280_units_go_and_281_do_not() -> None:
    """https://docs.x.com/fundamentals/counting-characters: 280 weighted characters."""
    fits, over = X.plan(Message(text="あ" * 139 + "ab")), X.plan(Message(text="あ" * 140 + "a"))
    assert (fits.lengths[0].used, fits.is_refused) == (280, False)
    assert (over.lengths[0].used, over.lengths[0].is_over) == (281, True)
    assert [remark.code for remark in over.refusals] == ["text_too_long"]
    assert over.refusals[0].params == {"used": 281, "limit": 280, "unit": "weighted"}


def test_a_text_is_sent_composed_and_without_outer_spaces() -> None:
    """X counts and keeps NFC; what is previewed is what is sent."""
    assert X.plan(Message(text=" か\u3099ぎく\n")).text == "がぎく"


@pytest.mark.parametrize(
    ("text", "micro_usd"),
    [("園内の様子", 15_000), ("https://www.city.kashiwa.lg.jp/", 200_000), ("city.kashiwa.lg.jp へ", 200_000)],
)
def test_a_link_costs_more(text: str, micro_usd: int) -> None:
    """X's price list since 20 April 2026: $0.015 a post, $0.20 with a link."""
    assert X.plan(Message(text=text)).cost_micro_usd == micro_usd


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (Message(text=""), ["text_empty"]),
        (Message(text="　\n"), ["text_empty"]),
        (Message(text="", media=(PHOTO,)), []),
        (Message(text="無効\ufeff"), ["text_invalid_character"]),
        (Message(text="写真", media=(PHOTO,) * 4), []),
        (Message(text="写真", media=(PHOTO,) * 5), ["too_many_images"]),
        (Message(text="写真", media=(replace(PHOTO, mime="image/tiff"),)), ["image_type"]),
        (Message(text="写真", media=(replace(PHOTO, size_bytes=40_000_000),)), ["image_too_large"]),
        (Message(text="写真", media=(replace(PHOTO, alt="あ" * 1000),)), []),
        (Message(text="写真", media=(replace(PHOTO, alt="あ" * 1001),)), ["alt_too_long"]),
        (Message(text="動き", media=(replace(PHOTO, mime="image/gif", size_bytes=15_000_000),)), []),
        (Message(text="動き", media=(replace(PHOTO, mime="image/gif"), PHOTO)), ["media_mixed"]),
        (Message(text="動画", media=(FILM,)), []),
        (Message(text="動画", media=(FILM, PHOTO)), ["media_mixed"]),
        (Message(text="動画", media=(replace(FILM, duration_seconds=141.0),)), ["video_duration"]),
        (Message(text="動画", media=(replace(FILM, size_bytes=600_000_000),)), ["video_too_large"]),
        (Message(text="動画", media=(replace(FILM, mime="video/x-msvideo"),)), ["video_type"]),
    ],
)
def test_what_x_does_not_take_is_refused_by_its_code(message: Message, expected: list[str]) -> None:
    """Limits of https://docs.x.com/x-api/media/quickstart/best-practices (read 2026-11-21)."""
    assert codes(message) == expected


def test_a_title_is_left_out_and_said_so() -> None:
    """X has no title; the preview notes that it is not carried."""
    plan = X.plan(Message(text="本文", title="題"))
    assert ([note.code for note in plan.notes], plan.title) == (["title_left_out"], "")


def test_x_proves_absence_by_two_reads_half_a_minute_apart() -> None:
    """DESIGN.md, the life of a delivery: two reads at least 30 s apart."""
    assert X.limits.absence is not None
    assert (X.limits.absence.reads, X.limits.absence.seconds_apart) == (2, 30.0)
    assert Capability.REPOST in X.limits.capabilities
