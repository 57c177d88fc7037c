"""Each city's way to put a post right, as its own pack says it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from platforms.port import Plan
from policy import judge
from policy.facts import Facts
from policy.model import Account, AccountKind, Action, ActionKind
from policy.packs import load_pack
from publisher import correction_text
from publisher.correction_ways import CAUSES, Ruling, Way, may_go_at_once, ordinary_way, ruling_of
from publisher.pack_shelf import Held
from publisher.reviewing import Look

if TYPE_CHECKING:
    from policy.model import Verdict

NOON = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
URL = "https://x.com/kashiwa_koen/status/1"


def ruling(pack: str, cause: str, *, platform: str = "x", kind: AccountKind = AccountKind.OFFICIAL) -> Ruling:
    """Ask a pack about a deletion."""
    action = Action(
        kind=ActionKind.DELETE,
        at=NOON,
        platform=platform,
        account=Account(key="a", kind=kind),
        removal=CAUSES[cause].removal,
    )
    held = Held(pack=load_pack(pack), sha256="", edition=None)
    verdict: Verdict = judge(held.pack, action, Facts())
    plan = Plan(platform=platform, text="")
    return ruling_of(Look(account="a", platform=platform, held=held, plan=plan, verdict=verdict))


@pytest.mark.parametrize(
    ("pack", "platform", "error", "personal_data"),
    [
        # 4(1): an error is put right by a post; 参考3: what is unsuitable goes at once
        ("kashiwa", "x", Ruling.CONSENT, Ruling.ORDERED),
        # 第1-3(3): nothing is deleted for an error; 2(8)コ may be, with the manager's consent
        ("chikuma", "x", Ruling.FORBIDDEN, Ruling.CONSENT),
        # 見本 第5条第2項: deleted and posted anew, on X alone
        ("komae", "x", Ruling.ORDERED, Ruling.ORDERED),
        ("komae", "facebook", Ruling.SILENT, Ruling.SILENT),
        # 対応図: the manager decides
        ("kisarazu", "x", Ruling.CONSENT, Ruling.CONSENT),
        # 8(1): an error is put right by a post; of what is unsuitable the document says nothing
        ("kodaira", "youtube", Ruling.CONSENT, Ruling.SILENT),
        ("neutral", "x", Ruling.SILENT, Ruling.SILENT),
    ],
)
def test_what_each_pack_says(pack: str, platform: str, error: Ruling, personal_data: Ruling) -> None:
    """The guidelines differ, and each way is read from the pack's own rules."""
    assert error is ruling(pack, "wrong_content", platform=platform)
    assert error is ruling(pack, "wrong_account", platform=platform), "a wrong account is an error in a pack's words"
    assert personal_data is ruling(pack, "personal_data", platform=platform)


@pytest.mark.parametrize(
    ("said", "way"),
    [
        (Ruling.ORDERED, Way.DELETE_AND_REPOST),
        (Ruling.SILENT, Way.NEW_POST),
        (Ruling.CONSENT, Way.NEW_POST),
        (Ruling.FORBIDDEN, Way.NEW_POST),
    ],
)
def test_where_a_pack_rules_nothing_a_new_post_names_the_old(said: Ruling, way: Way) -> None:
    """Only a rule of the pack's own deletes; and where nothing can be recalled, nothing is."""
    assert way is ordinary_way(said, can_recall=True)
    assert Way.NEW_POST is ordinary_way(said, can_recall=False)


@pytest.mark.parametrize(
    ("said", "urgent", "ordinary", "by_the_head"),
    [
        (Ruling.ORDERED, True, True, True),
        (Ruling.SILENT, True, False, True),
        (Ruling.CONSENT, True, False, True),
        (Ruling.FORBIDDEN, False, False, False),
    ],
)
def test_what_goes_at_once(said: Ruling, *, urgent: bool, ordinary: bool, by_the_head: bool) -> None:
    """What must go at once waits for no consent; what a pack forbids to delete nobody deletes."""
    assert urgent is may_go_at_once(said, CAUSES["secret"], is_manager=False)
    assert ordinary is may_go_at_once(said, CAUSES["typo"], is_manager=False)
    assert by_the_head is may_go_at_once(said, CAUSES["typo"], is_manager=True)


def test_the_first_words_name_the_old_post() -> None:
    """By its address, or by its time where there is none; times are Japan's."""
    assert (
        f"【訂正】12月1日12時0分の投稿（{URL}）に誤りがありました。正しくは次のとおりです。\n\n本文"
        == correction_text.naming("本文", sent_at=NOON, url=URL)
    )
    assert "12月1日12時0分に配信した内容に誤り" in correction_text.naming("本文", sent_at=NOON, url=None)
    assert URL not in correction_text.in_place_of("本文", sent_at=NOON)
