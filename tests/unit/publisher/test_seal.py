"""The seal of an approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from platforms.port import Length, Media, MediaKind, Plan, Remark
from publisher.seal import seal

PHOTO = Media(
    kind=MediaKind.IMAGE,
    path=Path("a.jpg"),
    sha256="a" * 64,
    mime="image/jpeg",
    size_bytes=10,
    width_px=4,
    height_px=3,
    alt="紅葉",
)
OTHER = replace(PHOTO, sha256="b" * 64)
PLAN = Plan(platform="x", text="紅葉が見頃です。", title="", media=(PHOTO, OTHER))
AT = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
SEALED = seal(PLAN, account="kashiwa_koen", planned_at=AT)


def test_the_same_post_has_the_same_seal() -> None:
    """The seal is 64 hexadecimal digits, and the same in every process."""
    again = seal(replace(PLAN), account="kashiwa_koen", planned_at=AT)

    assert again == SEALED
    assert len(SEALED) == 64
    assert set(SEALED) <= set("0123456789abcdef")


def test_an_instant_is_sealed_whatever_its_offset() -> None:
    """9:00 in Japan and 0:00 UTC are one time."""
    japan = AT.astimezone(timezone(timedelta(hours=9)))

    assert seal(PLAN, account="kashiwa_koen", planned_at=japan) == SEALED


@pytest.mark.parametrize(
    ("plan", "account", "at"),
    [
        (replace(PLAN, text="紅葉が見頃です"), "kashiwa_koen", AT),
        (replace(PLAN, text="紅葉が見頃です。 "), "kashiwa_koen", AT),
        (replace(PLAN, title="紅葉"), "kashiwa_koen", AT),
        (replace(PLAN, platform="line"), "kashiwa_koen", AT),
        (replace(PLAN, media=(PHOTO,)), "kashiwa_koen", AT),
        (replace(PLAN, media=(OTHER, PHOTO)), "kashiwa_koen", AT),
        (replace(PLAN, media=(replace(PHOTO, alt="桜"), OTHER)), "kashiwa_koen", AT),
        (PLAN, "kashiwa_shi", AT),
        (PLAN, "kashiwa_koen", AT + timedelta(seconds=1)),
        (PLAN, "kashiwa_koen", None),
    ],
)
def test_everything_that_an_approval_covers_changes_it(plan: Plan, account: str, at: datetime | None) -> None:
    """Text, title, files and their order and descriptions, account, time."""
    assert seal(plan, account=account, planned_at=at) != SEALED


def test_what_an_approval_does_not_cover_leaves_it() -> None:
    """Where the file lies, its public address and what is remarked may change between approval and sending."""
    moved = replace(PHOTO, path=Path("elsewhere.jpg"), url="https://media.example/1")
    plan = replace(
        PLAN,
        media=(moved, OTHER),
        notes=(Remark(code="title_left_out"),),
        lengths=(Length(used=1, limit=280, unit="weighted"),),
    )

    assert seal(plan, account="kashiwa_koen", planned_at=AT) == SEALED


def test_a_text_cannot_pose_as_a_title() -> None:
    """Fields are kept apart: the same words elsewhere are another post."""
    one = seal(replace(PLAN, text="ab", title="c"), account="a", planned_at=None)
    other = seal(replace(PLAN, text="a", title="bc"), account="a", planned_at=None)

    assert one != other
