"""Whose posts may be reposted and which accounts may be followed: the manager's list, and what hangs on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from town import CHIEF, CLERK, OPEN_TUESDAY, PR_CHIEF, PR_CLERK, changed_cities

from policy.model import Relation
from publisher.api import WhitelistOrder
from publisher.errors import Refusal
from publisher.store import audit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town

    from policy.model import Target
    from publisher.api import DeliveryLine, WhitelistCheck

TEN = OPEN_TUESDAY + timedelta(hours=1)
ELEVEN = OPEN_TUESDAY + timedelta(hours=2)


def order(handle: str = "@chiba_pref", **changes: Any) -> WhitelistOrder:
    """Fill in an order: the prefecture, to be looked at again in spring."""
    values = {
        "platform": "x",
        "handle": handle,
        "relation": "public_body",
        "name": "千葉県",
        "evidence": "https://www.pref.chiba.lg.jp/kouhou/sns.html",
        "review_on": date(2027, 3, 31),
    }
    return WhitelistOrder(**(values | changes))


def add(town: Town, *args: Any, who: str = PR_CHIEF, **changes: Any) -> str:
    """Add an account; return the outcome's code."""
    return town.services.whitelisting.add(town.act(who), order(*args, **changes)).code


def remove(town: Town, handle: str, *, who: str = PR_CHIEF, reason: str = "投稿が止まっている") -> str:
    """Remove an account; return the outcome's code."""
    return town.services.whitelisting.remove(town.act(who), platform=None, handle=handle, reason=reason).code


def refusal(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Refusal:
    """Return why a call is refused."""
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value


def check(town: Town, handle: str, **asked: Any) -> WhitelistCheck:
    """Ask what the pack says."""
    return town.services.whitelisting.check("kashiwa", handle, **asked)


def clauses(said: WhitelistCheck) -> set[str]:
    """Return the clauses that an answer names."""
    return {citation.clause for finding in said.findings for citation in finding.citations}


def target(town: Town, handle: str, at: datetime) -> Target:
    """Return what an account is to the city at an instant."""
    with town.heart.database.reading() as tx:
        return town.heart.whitelisting._whitelists.target_for(
            tx, "kashiwa", "x", handle, about_city=False, is_disaster=False, at=at
        )


def mirror(town: Town, number: str) -> DeliveryLine | None:
    """Return a post's repost."""
    return next((one for one in town.card(number).deliveries if one.kind.value == "repost"), None)


# ── the list ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clauses("kashiwa-2-4-ka-rt-public")
def test_an_account_on_the_list_may_be_reposted_and_one_off_it_may_not(town: Town) -> None:
    """Kashiwa reposts public bodies, and no one whom its guideline does not name."""
    before = check(town, "@chiba_pref")
    add(town)
    listed = check(town, "https://twitter.com/Chiba_Pref")
    remove(town, "chiba_pref")
    after = check(town, "@chiba_pref")

    assert ["block", "allow", "block"] == [said.decision for said in (before, listed, after)]
    assert ["other", "public_body", "other"] == [said.relation for said in (before, listed, after)]
    assert "kashiwa-2-4-ka-rt-public" in clauses(listed)
    assert after.entry is None


@pytest.mark.clauses("kashiwa-2-4-ka-rt-cohost", "kashiwa-2-4-ka-rt-aligned")
def test_a_cosponsored_body_may_be_reposted_about_the_city_or_where_a_policy_is_named(town: Town) -> None:
    """Its other posts stay out until the head recognises that it agrees with a policy of the city."""
    add(town, "@teganuma_fest", relation="cosponsored", name="手賀沼まつり実行委員会")
    add(town, "@teganuma_eco", relation="cosponsored", name="手賀沼の会", aligned_policy="手賀沼浄化計画")

    assert "allow" == check(town, "@teganuma_fest", is_about_city=True).decision
    assert "block" == check(town, "@teganuma_fest").decision
    assert "allow" == check(town, "@teganuma_eco").decision


@pytest.mark.clauses("kashiwa-2-4-o-follow", "kashiwa-2-4-o-follow-other")
def test_a_stranger_may_be_followed_with_the_managers_consent(town: Town) -> None:
    """Who may be followed is another list than who may be reposted; the answer names who can consent."""
    add(town, "@kashiwa_bus", relation="transport", name="柏のバス")
    stranger = check(town, "@somebody", action="follow")

    assert "allow" == check(town, "@kashiwa_bus", action="follow").decision
    assert "block" == check(town, "@kashiwa_bus").decision
    assert ("escalate", ("広報広聴課長 高橋 健一",)) == (stranger.decision, stranger.who)
    assert "kashiwa-2-4-o-follow-other" in clauses(stranger)


@pytest.mark.parametrize("who", [CLERK, CHIEF, PR_CLERK])
def test_nobody_but_the_manager_changes_it(town: Town, who: str) -> None:
    """The refusal names the manager, and nothing changes."""
    add(town, "@kept")
    added = refusal(add, town, "@chiba_pref", who=who)
    removed = refusal(remove, town, "@kept", who=who)

    assert ["manager_only"] * 2 == [added.code, removed.code]
    assert "広報広聴課長 高橋 健一" == added.params["who"]
    assert ["kept"] == [entry.handle for entry in town.services.whitelisting.listing("kashiwa")]


def test_who_was_manager_until_yesterday_is_none_today(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """Roles are looked up at the moment of the act."""
    held = "- {position: koho_chief, from: 2024-04-01}"
    town = make_town(
        cities=changed_cities(tmp_path, held, "- {position: koho_chief, from: 2024-04-01, to: 2026-12-01}")
    )
    add(town)
    town.wait(days=1)

    assert refusal(remove, town, "@chiba_pref").code == "manager_only"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"relation": "section_account"}, "relation_unknown"),
        ({"relation": "friend"}, "relation_unknown"),
        ({"name": " "}, "name_missing"),
        ({"evidence": ""}, "evidence_missing"),
        ({"review_on": None}, "review_missing"),
        ({"review_on": date(2026, 12, 1)}, "review_past"),
        ({"platform": "mixi"}, "platform_unknown"),
        ({"handle": "千葉県"}, "handle_unclear"),
        ({"handle": "https://x.com/kashiwa_koen"}, "own_account"),
        ({"handle": "@Kashiwa_Shi"}, "own_account"),
    ],
)
def test_what_is_missing_or_wrong_is_named(town: Town, changes: dict[str, Any], code: str) -> None:
    """Nothing is listed that lacks its evidence or its next review; the city's own accounts need no entry."""
    assert code == refusal(add, town, **changes).code
    assert [] == town.services.whitelisting.listing("kashiwa")


def test_one_account_has_one_entry_in_force_and_a_history(town: Town) -> None:
    """However it is written it is the same account; what was removed keeps who, when and why."""
    add(town)
    twice = refusal(add, town, "https://x.com/CHIBA_PREF", name="千葉県庁")
    town.wait(days=1)
    remove(town, "@chiba_pref", reason="名称が変わった")
    add(town, name="千葉県広報")
    past = town.services.whitelisting.history("kashiwa", "＠ＣＨＩＢＡ＿ＰＲＥＦ")

    assert ("whitelisted_already", "千葉県") == (twice.code, twice.params["name"])
    assert ["千葉県", "千葉県広報"] == [entry.name for entry in past]
    assert ("名称が変わった", "広報広聴課長 高橋 健一", OPEN_TUESDAY + timedelta(days=1)) == (
        past[0].removal_reason,
        past[0].removed_by,
        past[0].removed_at,
    )
    assert past[1].removed_at is None


def test_a_removal_has_a_reason_and_something_to_remove(town: Town) -> None:
    """Neither an empty reason nor an unknown account changes anything."""
    add(town)

    assert "note_missing" == refusal(remove, town, "@chiba_pref", reason="　").code
    assert "not_whitelisted" == refusal(remove, town, "@nobody").code


def test_an_act_done_again_changes_nothing(town: Town) -> None:
    """Slack's repetition of a command is answered with the first outcome."""
    act = town.act(PR_CHIEF)
    first = town.services.whitelisting.add(act, order())
    again = town.services.whitelisting.add(act, order())

    assert (False, True) == (first.is_repeat, again.is_repeat)
    assert 1 == len(town.services.whitelisting.history("kashiwa", "@chiba_pref"))


def test_every_change_stands_in_the_trail(town: Town) -> None:
    """Who, what, which account, and the reason; the chain proves itself."""
    add(town)
    remove(town, "@chiba_pref", reason="名称が変わった")
    with town.heart.database.reading() as tx:
        assert audit.verify(tx, "kashiwa") is None
        rows = [(entry.link, entry.content) for entry in audit.of_city(tx, "kashiwa")]

    assert [(PR_CHIEF, "whitelist_added", ""), (PR_CHIEF, "whitelist_removed", "名称が変わった")] == [
        (link.who, link.kind, said.note) for link, said in rows
    ]
    assert [("chiba_pref", "2027-03-31")] * 2 == [(said.facts["handle"], said.facts["review_on"]) for _, said in rows]


def test_the_past_is_judged_as_it_was(town: Town) -> None:
    """What an account was to the city at an instant does not change afterwards."""
    add(town, is_verified_official=True)
    town.wait(days=1)
    remove(town, "@chiba_pref")
    before, while_listed, after = (
        target(town, "@chiba_pref", OPEN_TUESDAY + timedelta(hours=hours)) for hours in (-1, 1, 25)
    )

    assert [Relation.OTHER, Relation.PUBLIC_BODY, Relation.OTHER] == [
        one.relation for one in (before, while_listed, after)
    ]
    assert [False, True, False] == [one.is_verified_official for one in (before, while_listed, after)]


# ── reviews ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_day_of_review_that_passed_is_told_once_and_forbids_nothing(town: Town) -> None:
    """The manager hears of it the day after, once; the list and the check show it; reposting stays allowed."""
    add(town, "@late", review_on=date(2026, 12, 2))
    add(town, "@in_time", review_on=date(2027, 3, 31))
    told = []
    for _ in range(3):
        told.append(town.heart.whitelisting.tell_reviews(town.clock.now()))
        town.wait(days=1)
    told.append(town.heart.whitelisting.tell_reviews(town.clock.now()))

    assert [0, 0, 1, 0] == told
    assert [("review", None, PR_CHIEF)] == town.notices()
    assert [("late", True), ("in_time", False)] == [
        (entry.handle, entry.is_review_due) for entry in town.services.whitelisting.listing("kashiwa")
    ]
    said = check(town, "@late")
    assert said.entry is not None
    assert (True, "allow") == (said.entry.is_review_due, said.decision)


# ── mirrors ─────────────────────────────────────────────────────────────────────────────────────────


def approved(town: Town, **changes: Any) -> str:
    """Submit and approve a post of 公園緑地課 for ten o'clock."""
    number = town.submit(form=town.form(**({"publish_at": TEN} | changes)))
    town.decide(CHIEF, number)
    return number


@pytest.mark.clauses("kashiwa-2-4-u-i-a-mirror", "kashiwa-2-4-ka-rt-dept")
def test_the_citys_own_accounts_are_mirrored_without_an_entry(town: Town) -> None:
    """As the guideline orders: nobody needs to list 公園緑地課."""
    number = approved(town)
    town.move(TEN)
    town.send()

    assert "sent" == town.states(number)["kashiwa_shi", "repost"]
    assert ("section_account", "公園緑地課X") == (
        (said := check(town, "@kashiwa_koen")).relation,
        said.own_account,
    )


def test_an_own_account_that_was_removed_before_the_approval_is_left_out(town: Town) -> None:
    """The section's post goes out; its repost is not even made, and the trail says so."""
    assert "mirror_stopped" == remove(town, "x.com/kashiwa_koen", reason="担当課で休止中")
    number = approved(town)
    town.move(TEN)
    town.send()

    assert {("kashiwa_koen", "publish"): "sent"} == town.states(number)
    assert "repost_left_out" in [line.code for line in town.card(number).history]


def test_a_whitelist_that_changed_after_the_approval_is_noticed_by_the_last_check(town: Town) -> None:
    """Approved while it was mirrored, removed before ten: the repost is held with the guideline's own words."""
    number = approved(town)
    remove(town, "@kashiwa_koen", reason="担当課で休止中")
    town.move(TEN)
    town.send()

    held = mirror(town, number)
    assert held is not None
    assert held.problem is not None
    assert ("asked", "policy_blocks") == (held.state.value, held.problem.code)
    assert "リポストを認める種類" in str(held.problem.params["message_ja"])
    assert "sent" == town.states(number)["kashiwa_koen", "publish"]


def test_an_own_account_that_is_added_again_is_mirrored_again(town: Town) -> None:
    """From then on; its history tells of the pause, and a second removal is a new one."""
    remove(town, "@kashiwa_koen", reason="担当課で休止中")
    assert "mirror_stopped_already" == refusal(remove, town, "@kashiwa_koen").code
    stopped = town.services.whitelisting.listing("kashiwa")
    town.wait(minutes=1)
    again = town.services.whitelisting.add(town.act(PR_CHIEF), order("@kashiwa_koen", review_on=None)).code
    number = approved(town)
    town.move(TEN)
    town.send()

    assert "mirror_resumed" == again
    assert [("kashiwa_koen", True, "担当課で休止中")] == [
        (one.handle, one.is_own, one.removal_reason) for one in stopped
    ]
    assert "sent" == town.states(number)["kashiwa_shi", "repost"]
    town.wait(minutes=1)
    assert "mirror_stopped" == remove(town, "@kashiwa_koen")
    assert 2 == len(town.services.whitelisting.history("kashiwa", "@kashiwa_koen"))


def test_an_account_whose_file_gives_no_name_is_mirrored_and_stopped_by_its_key(
    make_town: Callable[..., Town], tmp_path: Path
) -> None:
    """`handle` may be missing in a city file: the key stands in for it."""
    town = make_town(cities=changed_cities(tmp_path, "    handle: kashiwa_koen\n", ""))
    mirrored = approved(town)
    town.move(TEN)
    town.send()
    remove(town, "kashiwa_koen")
    stopped = approved(town, text="菊花展を開きます。", publish_at=ELEVEN)

    assert "sent" == town.states(mirrored)["kashiwa_shi", "repost"]
    assert [("kashiwa_koen", "publish")] == list(town.states(stopped))


def test_the_clock_of_the_list_is_the_citys(town: Town) -> None:
    """An entry is in force from the moment in which it was added, in UTC."""
    add(town)
    entry = town.services.whitelisting.listing("kashiwa")[0]

    assert datetime(2026, 12, 1, 0, 0, tzinfo=UTC) == entry.added_at
