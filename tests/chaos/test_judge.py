"""What the judge counts as time lost, and what it believes of the stand-ins' journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.chaos.duty import Held
from tests.chaos.journal import Journal, digest
from tests.chaos.judge import judge, longest_idle
from tests.chaos.ledger import Ledger, Row
from tests.chaos.options import POINTS, Options
from tests.chaos.people import Logbook
from tests.chaos.schedule import OUTSIDE, plan_holds, plan_kills, plan_posts

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """Return an instant after noon."""
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("ways", "idle"),
    [
        ([], 300),
        ([(250, 250)], 250),  # a late trouble excuses nothing of what was before
        ([(100, 100), (200, 200)], 100),
        ([(10, 160)], 140),
        ([(10, 70), (70, 130)], 170),
        ([(10, 200), (20, 30)], 100),  # one stretch within another
        ([(-50, 40), (290, 900)], 250),  # begun before it was due, and going on at the end
        ([(310, 900)], 300),  # what comes afterwards excuses nothing
    ],
)
def test_only_time_in_which_nothing_was_in_the_way_counts(ways: list[tuple[float, float]], idle: float) -> None:
    """The longest time without a trouble, and outside each stretch that somebody else took, is what is judged."""
    stretches = [(after(began), after(ended)) for began, ended in ways]

    assert timedelta(seconds=idle) == longest_idle(NOON, after(300), stretches)


def test_an_account_is_closed_until_the_time_that_its_429_named() -> None:
    """The journal's own words say when an account was throttled and until when; without a time it is that instant."""
    line = {"vendor": "facebook", "account": "page", "verb": "publish", "text": None, "outcome": "refused"}
    line |= {"status": 400, "fault": "429", "external_id": None, "key": None}
    told = line | {"at": after(0).isoformat(), "extra": {"closed_until": after(60).isoformat()}}
    untold = line | {"at": after(90).isoformat(), "extra": {}}

    assert [(after(0), after(60)), (after(90), after(90))] == digest([told, untold]).closures["page"]


def row(mark: str, state: str) -> Row:
    """Return a delivery of the first city, due at noon."""
    return Row(
        id=f"d-{mark}",
        mark=mark,
        account="arashi00_x0",
        handle="h_arashi00_x0",
        platform="x",
        kind="publish",
        state=state,
        external_id="1" if state == "sent" else None,
        planned_at=NOON,
        state_at=after(30),
        source_id=None,
        code="",
    )


def found(one: Row, logbook: Logbook, *accepted: float) -> list[str]:
    """Judge one delivery that the stand-in accepted at these seconds; return the breaches."""
    journal = Journal()
    for number, seconds in enumerate(accepted, start=1):
        journal.published[one.handle, one.mark][str(number)] = after(seconds)
    return [breach.what for breach in judge([], logbook, Ledger(rows={one.id: one}), journal).breaches]


@pytest.mark.parametrize(
    ("accepted", "named", "breaches"),
    [
        (5.0, 0, []),  # before the answer
        (15.0, 1, []),  # on its way, as the answer said
        (15.0, 0, ["1 arrived in arashi00 after a hold that had named 0"]),
        (25.0, 0, []),  # after it was lifted
    ],
)
def test_a_hold_lets_no_more_through_than_its_answer_named(accepted: float, named: int, breaches: list[str]) -> None:
    """Between the answer and the lifting there arrive at most as many as the answer said could not be stopped."""
    held = Held(city="arashi00", answered_at=after(10), named=named, lifted_at=after(20))

    assert breaches == found(row("zqaaaaaaq", "sent"), Logbook(holds=[held]), accepted)


def test_a_report_passes_every_hold() -> None:
    """An emergency that arrives during a hold is no breach of it."""
    held = Held(city="arashi00", answered_at=after(10), named=0, lifted_at=after(20))

    assert [] == found(row("zqaaaaaaq", "sent"), Logbook(holds=[held], reports={"zqaaaaaaq"}), 15.0)


@pytest.mark.parametrize(
    ("state", "accepted", "breaches"),
    [
        ("superseded", [], []),
        ("sent", [5.0], []),
        ("sent", [11.0], []),  # its call was open when the newer report came
        ("sent", [25.0], ["accepted after a newer report had taken its place"]),
        ("superseded", [5.0], ["ended as superseded, and is there"]),
    ],
)
def test_what_a_newer_report_replaced_is_never_sent_late(
    state: str, accepted: list[float], breaches: list[str]
) -> None:
    """An older report arrives only where its call was open already, and then it is not said to be replaced."""
    replaced = Logbook(replaced={"zqaaaaaaq": after(10)})

    assert breaches == found(row("zqaaaaaaq", state), replaced, *accepted)


def test_nothing_is_superseded_by_itself() -> None:
    """A delivery that ends as superseded without a newer report is a breach."""
    assert ["superseded, and nothing took its place"] == found(row("zqaaaaaaq", "superseded"), Logbook())


def test_a_seed_repeats_a_plan() -> None:
    """The same seed plans the same posts, kills and holds; another one plans others."""
    same, again, other = (
        Options(engine="sqlite", deliveries=300, kills=20, seed=seed, minutes=1) for seed in (1, 1, 2)
    )

    assert plan_posts(same) == plan_posts(again)
    assert plan_kills(same, 90) == plan_kills(again, 90)
    assert plan_holds(same, 90) == plan_holds(again, 90)
    assert plan_posts(same) != plan_posts(other)
    assert {*POINTS, OUTSIDE} == {kill.point for kill in plan_kills(same, 90)}
