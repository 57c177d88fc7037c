"""What people are told alone of reviews, periods and pass phrases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chatops.courier.courier import DIRECT
from chatops.courier.render import direct_message
from chatops.messages import Voice
from publisher.api import Notice, NoticeKind

NOW = datetime(2027, 4, 1, tzinfo=UTC)
PERIOD = {
    "name": "選挙期間",
    "starts_at": "2027-04-17T15:00:00+00:00",
    "ends_at": "2027-04-25T15:00:00+00:00",
    "reason": "市議会議員選挙",
    "numbers": "K-12、K-15",
}


def told(kind: NoticeKind, params: dict[str, str | int], locale: str = "ja") -> str:
    """Return what a person reads."""
    notice = Notice(
        id="1",
        city="kashiwa",
        kind=kind,
        number=None,
        delivery=None,
        person="koen_tanaka",
        params=params,
        attempts=0,
        created_at=NOW,
    )
    return direct_message(notice, Voice(locale=locale, now=NOW))[0]


@pytest.mark.parametrize(
    ("effect", "happens"),
    [("head", "運用管理者の了承をお願いします"), ("wait", "期間が終わるまで送らずに待ちます")],
)
def test_whoever_has_posts_in_a_period_reads_which_until_when_why_and_what_happens(effect: str, happens: str) -> None:
    """Times are Japan's: 15:00 in UTC is midnight."""
    said = told(NoticeKind.PERIOD, {**PERIOD, "effect": effect})

    expected = ("「選挙期間」", "4月18日(日) 0:00", "4月26日(月) 0:00", "K-12、K-15", "市議会議員選挙", happens)
    assert [] == [words for words in expected if words not in said]


def test_a_manager_reads_whose_review_is_due() -> None:
    """With the names, and that they hold until then."""
    said = told(NoticeKind.REVIEW, {"names": "@chiba_pref（千葉県）", "count": 1})

    assert "@chiba_pref（千葉県）" in said
    assert "そのまま有効" in said


def test_whose_pass_phrase_changed_reads_whom_to_call() -> None:
    """Whoever did not do it calls IT."""
    assert "情報担当" in told(NoticeKind.ANSWER, {"code": "passphrase_set_now"})
    assert "IT" in told(NoticeKind.ANSWER, {"code": "passphrase_locked_now"}, locale="en")


@pytest.mark.parametrize("kind", [NoticeKind.REVIEW, NoticeKind.PERIOD])
def test_they_go_to_one_person_and_to_no_channel(kind: NoticeKind) -> None:
    """They are about no single post, so there is no card under which they belong."""
    assert kind in DIRECT
