"""Periods of the city's own choice: an election, the turn of the year, and the posts that fall into them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from town import CHIEF, CLERK, DUTY, OPEN_TUESDAY, PR_CHIEF, PR_CLERK

from publisher.api import Answer, NoticeKind, OverrideOrder, PeriodOrder
from publisher.errors import Refusal
from publisher.store import audit, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from town import Town

    from publisher.api import DeliveryLine, Notice

TEN = OPEN_TUESDAY + timedelta(hours=1)
ELEVEN = OPEN_TUESDAY + timedelta(hours=2)
THURSDAY = OPEN_TUESDAY + timedelta(days=2)
"""Thursday, 3 December 2026, 9:00 in Japan."""


def order(**changes: Any) -> PeriodOrder:
    """Fill in an order: an election from now to Thursday morning, in which the manager must consent."""
    values = {
        "name": "選挙期間",
        "starts_at": OPEN_TUESDAY,
        "ends_at": THURSDAY,
        "effect": "head",
        "reason": "市議会議員選挙",
    }
    return PeriodOrder(**(values | changes))


def add(town: Town, *, who: str = PR_CHIEF, **changes: Any) -> str:
    """Set a period; return the numbers of the posts that it touches."""
    return str(town.services.periods.add(town.act(who), order(**changes)).params["numbers"])


def end(town: Town, name: str = "選挙期間", *, who: str = PR_CHIEF, reason: str = "無投票になった") -> None:
    """End a period."""
    town.services.periods.end(town.act(who), name=name, reason=reason)


def approved(town: Town, text: str = "手賀沼公園の紅葉が見頃です。", **changes: Any) -> str:
    """Submit and approve a post of 公園緑地課 for ten o'clock; take away what was told of it."""
    number = town.submit(form=town.form(text, **({"publish_at": TEN} | changes)))
    town.decide(CHIEF, number)
    town.notices()
    return number


def refusal(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Refusal:
    """Return why a call is refused."""
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value


def published(town: Town, number: str) -> DeliveryLine:
    """Return the post's own delivery, not its repost."""
    return next(one for one in town.card(number).deliveries if one.kind.value == "publish")


def problem_of(town: Town, number: str) -> tuple[str, str | None]:
    """Return the state of a post's own delivery, and what is the matter."""
    line = published(town, number)
    return line.state.value, line.problem and line.problem.code


def told(town: Town) -> list[Notice]:
    """Take every notice about a period."""
    taken = town.services.notices.claim(limit=200)
    for notice in taken:
        town.services.notices.done(notice)
    return [notice for notice in taken if notice.kind is NoticeKind.PERIOD]


# ── who, and what ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", [CLERK, CHIEF, PR_CLERK])
def test_nobody_but_the_manager_sets_and_ends_one(town: Town, who: str) -> None:
    """The refusal names the manager, and nothing changes."""
    add(town)

    assert "manager_only" == refusal(add, town, who=who, name="年末年始").code
    assert "manager_only" == refusal(end, town, who=who).code
    assert ["選挙期間"] == [one.name for one in town.services.periods.listing("kashiwa")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "　"}, "name_missing"),
        ({"reason": " "}, "note_missing"),
        ({"ends_at": OPEN_TUESDAY}, "period_empty"),
        ({"starts_at": OPEN_TUESDAY - timedelta(days=2), "ends_at": OPEN_TUESDAY - timedelta(days=1)}, "period_over"),
        ({"effect": "forbid"}, "effect_unknown"),
        ({"categories": ("sports",)}, "category_unknown"),
        ({"accounts": ("kashiwa_koenn",)}, "account_unknown"),
    ],
)
def test_what_is_missing_or_wrong_is_named(town: Town, changes: dict[str, Any], code: str) -> None:
    """Nothing is set that has no name, no reason, no length, or an unknown word."""
    assert code == refusal(add, town, **changes).code
    assert [] == town.services.periods.listing("kashiwa")


def test_they_may_overlap_and_each_has_its_own_name(town: Town) -> None:
    """A name that is not over is taken; it is free again once that one was ended."""
    add(town)
    add(town, name="年末年始", starts_at=OPEN_TUESDAY + timedelta(days=1))
    taken = refusal(add, town)
    end(town)
    town.wait(minutes=1)
    add(town)

    assert ("period_name_taken", "選挙期間") == (taken.code, taken.params["name"])
    assert [("選挙期間", True), ("年末年始", False)] == [
        (one.name, one.is_in_force) for one in town.services.periods.listing("kashiwa")
    ]
    past = town.services.periods.listing("kashiwa", is_past_shown=True)
    assert ["無投票になった", "", ""] == [one.end_reason for one in past]


def test_every_change_stands_in_the_trail(town: Town) -> None:
    """Who, what, and why; the chain proves itself."""
    add(town, words=("候補者",), categories=("mayor",), accounts=("kashiwa_koen",))
    end(town)
    with town.heart.database.reading() as tx:
        assert audit.verify(tx, "kashiwa") is None
        rows = [(entry.link, entry.content) for entry in audit.of_city(tx, "kashiwa")]

    assert [(PR_CHIEF, "period_added", "市議会議員選挙"), (PR_CHIEF, "period_ended", "無投票になった")] == [
        (link.who, link.kind, said.note) for link, said in rows
    ]
    assert (["候補者"], ["mayor"], ["kashiwa_koen"]) == tuple(
        rows[0][1].facts[name] for name in ("words", "categories", "accounts")
    )


def test_an_act_done_again_changes_nothing(town: Town) -> None:
    """Slack's repetition of a command is answered with the first outcome."""
    act = town.act(PR_CHIEF)
    first = town.services.periods.add(act, order())
    again = town.services.periods.add(act, order())

    assert (False, True) == (first.is_repeat, again.is_repeat)


# ── what it does to posts ───────────────────────────────────────────────────────────────────────────


def test_a_draft_for_a_time_inside_needs_the_consent_and_one_for_after_it_does_not(town: Town) -> None:
    """The form says so before anybody submits: the period's own words, and no clause, since no guideline has any."""
    add(town)
    inside = town.save(form=town.form(publish_at=TEN))
    after = town.save(form=town.form(publish_at=THURSDAY + timedelta(hours=1)))

    def objections(review: Any) -> list[str]:
        return [one.message.ja for pane in review.panes for one in pane.findings if one.effect == "escalate"]

    assert 1 == len(objections(inside))
    assert "「選挙期間」の期間" in objections(inside)[0]
    assert [] == objections(after)


def test_the_people_of_an_approved_post_are_told_once_when_a_period_is_set(town: Town) -> None:
    """Author and approver hear which posts, what will become of them and why; nobody hears it again as it begins."""
    first, second = approved(town), approved(town, "菊花展を開きます。", publish_at=ELEVEN)
    approved(town, "冬の野鳥観察会を開きます。", publish_at=THURSDAY)
    numbers = add(town, starts_at=OPEN_TUESDAY + timedelta(minutes=30))
    at_once = told(town)
    town.move(OPEN_TUESDAY + timedelta(minutes=30))
    begun = [town.heart.periods.tell_begun() for _ in range(2)]

    assert f"{first}、{second}" == numbers
    assert {(CLERK, numbers), (CHIEF, numbers)} == {(one.person, one.params["numbers"]) for one in at_once}
    assert 2 == len(at_once)
    assert ("選挙期間", "head", "市議会議員選挙") == tuple(
        at_once[0].params[name] for name in ("name", "effect", "reason")
    )
    assert [1, 0] == begun
    assert [] == told(town)
    assert "period_touched" in [line.code for line in town.card(first).history]


def test_what_a_period_touches_only_when_it_begins_is_told_then(town: Town) -> None:
    """A post that was moved into the period by nobody's decision: its people hear of it as the period begins."""
    number = approved(town, publish_at=None)
    untouched = add(town, starts_at=OPEN_TUESDAY + timedelta(minutes=30))
    with town.heart.database.transaction() as tx:
        tx.execute(sa.update(tables.deliveries).values(due_at=TEN))
    town.move(OPEN_TUESDAY + timedelta(minutes=30))
    town.heart.periods.tell_begun()

    assert "" == untouched
    assert {(CLERK, number), (CHIEF, number)} == {(one.person, one.params["numbers"]) for one in told(town)}


def test_a_post_that_was_approved_before_is_asked_about_and_goes_with_the_consent(town: Town) -> None:
    """Approved, then a period is set: the last check asks, with the period's own words; who consents lets it go."""
    number = approved(town)
    add(town)
    town.move(TEN)
    town.send()
    line = published(town, number)

    assert ("asked", "policy_escalates") == problem_of(town, number)
    assert line.problem is not None
    assert "「選挙期間」の期間" in str(line.problem.params["message_ja"])
    with pytest.raises(Refusal, match="not_yours_to_answer"):
        town.services.deciding.answer(town.act(CLERK), delivery=line.id, answer=Answer.SEND)
    town.services.deciding.answer(town.act(CHIEF), delivery=line.id, answer=Answer.SEND)
    town.send()
    assert "sent" == town.states(number)["kashiwa_koen", "publish"]


@pytest.mark.parametrize(
    ("changes", "is_touched"),
    [
        ({"words": ("紅葉",)}, True),
        ({"words": ("候補者",)}, False),
        ({"categories": ("living",)}, True),
        ({"categories": ("mayor",)}, False),
        ({"accounts": ("kashiwa_koen",)}, True),
        ({"accounts": ("kashiwa_line",)}, False),
        ({"ends_at": TEN}, False),
        ({"starts_at": TEN, "ends_at": TEN + timedelta(minutes=1)}, True),
        ({"starts_at": TEN + timedelta(minutes=1)}, False),
    ],
)
def test_a_period_touches_what_it_is_about_and_nothing_else(
    town: Town,
    changes: dict[str, Any],
    is_touched: bool,  # noqa: FBT001 - a column
) -> None:
    """A word, a category, an account, and an end that is outside: what is told is what the last check does."""
    number = approved(town)
    numbers = add(town, **changes)
    town.move(TEN)
    town.send()

    assert (number if is_touched else "") == numbers
    assert ("asked" if is_touched else "sent") == published(town, number).state.value


def test_a_repost_is_touched_by_a_period_of_its_own_account(town: Town) -> None:
    """A period for the official account alone: the section's post goes out, its repost is asked about."""
    number = approved(town)
    numbers = add(town, accounts=("kashiwa_shi",))
    town.move(TEN)
    town.send()

    assert number == numbers
    assert {("kashiwa_koen", "publish"): "sent", ("kashiwa_shi", "repost"): "asked"} == town.states(number)


def test_another_period_is_not_taken_for_this_one(town: Town) -> None:
    """Where one period holds a post already, a second one that is not about it tells nobody."""
    approved(town)
    add(town)
    told(town)

    assert "" == add(town, name="年末年始", words=("門松",))
    assert [] == told(town)


# ── waiting ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_that_is_useful_after_it_waits_for_its_end_and_goes(town: Town) -> None:
    """Useful until Thursday evening, and the period is over on Thursday at nine: it goes then, by itself."""
    number = approved(town, latest_at=THURSDAY + timedelta(hours=8))
    assert number == add(town, effect="wait")
    town.move(TEN)
    town.send()

    assert ("due", "waits_for_period") == problem_of(town, number)
    assert THURSDAY == published(town, number).due_at
    town.move(THURSDAY)
    town.send()
    assert "sent" == town.states(number)["kashiwa_koen", "publish"]


def test_what_would_come_too_late_after_it_is_asked_about_and_never_a_burst(town: Town) -> None:
    """Three posts of the same morning: none goes out by itself two days later."""
    numbers = [approved(town, text) for text in ("紅葉が見頃です。", "菊花展を開きます。", "落ち葉を集めています。")]
    add(town, effect="wait")
    for moment in (TEN, THURSDAY, THURSDAY + timedelta(days=1)):
        town.move(moment)
        town.send()

    assert [("asked", "late")] * 3 == [problem_of(town, number) for number in numbers]


def test_a_period_that_is_ended_early_lets_go_what_is_still_useful_and_asks_about_the_rest(town: Town) -> None:
    """Ended on Tuesday afternoon: the post that is useful until Thursday goes at once, the one until noon does not."""
    useful = approved(town, latest_at=THURSDAY + timedelta(hours=8))
    short = approved(town, "菊花展を開きます。", latest_at=OPEN_TUESDAY + timedelta(hours=3))
    add(town, effect="wait")
    town.move(TEN)
    town.send()
    town.move(OPEN_TUESDAY + timedelta(hours=5))
    end(town)
    town.send()

    assert "sent" == town.states(useful)["kashiwa_koen", "publish"]
    assert ("asked", "late") == problem_of(town, short)


def test_a_period_that_is_ended_before_it_begins_holds_nothing(town: Town) -> None:
    """The post of ten o'clock goes out at ten."""
    number = approved(town)
    add(town, starts_at=OPEN_TUESDAY + timedelta(minutes=30))
    end(town)
    town.move(TEN)
    town.send()

    assert "sent" == town.states(number)["kashiwa_koen", "publish"]
    assert "no_such_period" == refusal(end, town).code


def test_an_emergency_goes_out_in_a_period(town: Town) -> None:
    """Emergencies win: no election holds an order to evacuate."""
    add(town, effect="wait")
    sent = OverrideOrder(text="避難指示を発令しました。（柏市災害対策本部）", kind="evacuation", reason="氾濫の危険")
    number = town.services.overriding.send(town.act(DUTY), sent).number or ""
    town.send()

    assert "sent" == town.states(number)["kashiwa_shi", "publish"]


def test_times_are_kept_as_instants(town: Town) -> None:
    """What was set is shown as it was set, in UTC."""
    add(town)

    assert datetime(2026, 12, 3, 0, 0, tzinfo=UTC) == town.services.periods.listing("kashiwa")[0].ends_at
