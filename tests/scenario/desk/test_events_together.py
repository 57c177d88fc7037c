"""Several duty officers at once, on both engines: each report has its own number, and the last one stands."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from moody_platform import be_moody
from store_fixtures import empty_url, engine_name, postgres_server, sqlite_template, store_url
from town import DUTY, NIGHT, PR_CHIEF, build_town

from publisher.api import NEW_EVENT, EventOrder, OverrideOrder
from publisher.store import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from town import Town

    from publisher.api import Outcome

__all__ = ["empty_url", "engine_name", "postgres_server", "sqlite_template", "store_url"]  # fixtures

OFFICERS = (DUTY, PR_CHIEF, "bosai_watanabe")
PLACES = {("kashiwa_shi", "publish"), ("kashiwa_line", "publish"), ("kashiwa_facebook", "publish")}


@pytest.fixture(name="night")
def _night(tmp_path: Path, store_url: str) -> Iterator[Town]:
    town = build_town(tmp_path / "var", NIGHT, SNS_DATABASE_URL=store_url)
    yield town
    town.heart.database.close()


def order(event: str, n: int, **more: object) -> OverrideOrder:
    """Order a report about the river."""
    text = f"利根川の水位が上昇しています（{n}）。（柏市災害対策本部）"
    chosen = EventOrder(event=event, **more)  # type: ignore[arg-type]  # a test's short form
    return OverrideOrder(text=text, kind="storm_flood", reason="増水", event=chosen)


def all_at_once(*works: Callable[[], None]) -> None:
    """Do everything at the same moment; whatever one of them raises is raised."""
    start, failures = Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        start.wait(20)
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the test tells
            failures.append(error)

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def sending(night: Town, who: str, what: OverrideOrder, outcomes: list[Outcome]) -> Callable[[], None]:
    """Return the act of sending it."""

    def act() -> None:
        outcomes.append(night.services.overriding.send(night.act(who), what))

    return act


def test_reports_that_are_sent_at_once_get_numbers_of_their_own_and_the_last_one_stands(night: Town) -> None:
    """Nobody gets 第2報 twice; what of the others has not gone out ends, whoever comes last goes everywhere."""
    first = night.services.overriding.send(night.act(DUTY), order(NEW_EVENT, 1))
    key = night.card(first.number or "").report
    assert key is not None
    outcomes: list[Outcome] = []
    all_at_once(*(sending(night, who, order(key.event_key, n), outcomes) for n, who in enumerate(OFFICERS, 2)))

    by_report = {int(one.params["report"]): one.number or "" for one in outcomes}
    assert sorted(by_report) == [2, 3, 4]
    ended = [night.states(by_report.get(n, first.number or "")) for n in (1, 2, 3, 4)]
    assert [{states[place] for place in PLACES} for states in ended] == [{"superseded"}] * 3 + [{"due"}]
    night.send()
    assert {night.states(by_report[4])[place] for place in PLACES} == {"sent"}
    with night.heart.database.reading() as tx:
        assert audit.verify(tx, "kashiwa") is None


def test_events_that_are_opened_at_once_are_counted_without_a_gap(night: Town) -> None:
    """Three officers, three disasters: 事案1 to 事案3."""
    outcomes: list[Outcome] = []
    all_at_once(*(sending(night, who, order(NEW_EVENT, n), outcomes) for n, who in enumerate(OFFICERS)))

    assert sorted(int(one.params["event"]) for one in outcomes) == [1, 2, 3]
    assert {one.params["report"] for one in outcomes} == {1}


def test_a_report_and_the_workers_never_block_each_other(night: Town) -> None:
    """While two workers send the first report, the next ones are sent: each text is on each timeline at most once."""
    shown = [be_moody(night, platform) for platform in ("x", "line", "facebook")]
    first = night.services.overriding.send(night.act(DUTY), order(NEW_EVENT, 1))
    key = night.card(first.number or "").report
    assert key is not None
    outcomes: list[Outcome] = []

    def work() -> None:
        for _ in range(8):
            night.send()

    orders = (sending(night, who, order(key.event_key, n), outcomes) for n, who in enumerate(OFFICERS, 2))
    all_at_once(work, work, *orders)
    night.send()

    for platform in shown:
        assert len(platform.timeline) == len(set(platform.timeline))
    numbers = [first.number or "", *(one.number or "" for one in outcomes)]
    states = {state for number in numbers for place, state in night.states(number).items() if place in PLACES}
    assert states <= {"sent", "superseded"}
    newest = next(one.number or "" for one in outcomes if one.params["report"] == 4)
    assert {night.states(newest)[place] for place in PLACES} == {"sent"}


def test_an_all_clear_and_a_report_at_once_leave_no_report_behind_the_all_clear(night: Town) -> None:
    """The report comes before the 解除 and is stopped by it, or after it and opens an event of its own."""
    first = night.services.overriding.send(night.act(DUTY), order(NEW_EVENT, 1))
    key = night.card(first.number or "").report
    assert key is not None
    clear: list[Outcome] = []
    more: list[Outcome] = []
    all_at_once(
        sending(night, DUTY, order(key.event_key, 2, is_closing=True), clear),
        sending(night, PR_CHIEF, order(key.event_key, 3), more),
    )

    states = {night.states(more[0].number or "")[place] for place in PLACES}
    is_first = more[0].params["event"] == 1
    assert (states, clear[0].params["report"]) == (({"superseded"}, 3) if is_first else ({"due"}, 2))
    assert (more[0].params.get("closed_event") == 1) is not is_first
