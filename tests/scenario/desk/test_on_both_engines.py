"""The same round on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread
from typing import TYPE_CHECKING

import psycopg
import pytest
from pack_texts import SECOND_MANAGER, cities_with_two_managers, kashiwa_against
from sqlalchemy import text
from store_fixtures import empty_url, engine_name, postgres_server, sqlite_template, store_url
from town import CHIEF, CLERK, DUTY, NIGHT, OPEN_TUESDAY, PR_CHIEF, build_town, changed_cities

from publisher.api import Decision, Outcome, OverrideOrder
from publisher.compose import build
from publisher.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from town import Town

    from publisher.store.engine import Transaction

__all__ = ["empty_url", "engine_name", "postgres_server", "sqlite_template", "store_url"]  # fixtures

SECOND_CHIEF = "  koen_mori:\n    name: 森 明\n    positions: [{position: koen_chief, from: 2025-04-01}]\n\naccounts:\n"


@pytest.fixture(name="town")
def _town(tmp_path: Path, store_url: str) -> Iterator[Town]:
    cities = changed_cities(tmp_path, "accounts:\n", SECOND_CHIEF)
    town = build_town(tmp_path / "var", cities=cities, SNS_DATABASE_URL=store_url)
    yield town
    town.heart.database.close()


def test_draft_return_edit_approve_send(town: Town) -> None:
    """Numbers, versions, lines, approvals, deliveries and history come back as they were written."""
    number = town.submit(form=town.form(accounts=("kashiwa_koen", "kashiwa_line"), titles={"youtube": "紅葉"}))
    town.decide(CHIEF, number, Decision.RETURN, note="場所を書いてください")
    form = town.form("手賀沼公園で紅葉が見頃です。", accounts=("kashiwa_koen", "kashiwa_line"))
    review = town.services.drafting.save(town.act(CLERK), form, number=number, version=1)
    town.hand_in(review)
    town.decide(CHIEF, number)
    town.decide(PR_CHIEF, number)
    town.send()

    card = town.card(number)
    assert card.form == form
    assert set(town.states(number).values()) == {"sent"}
    assert [line.code for line in card.history if line.code != "sent"] == [
        *("created", "answered", "submitted", "returned", "edited", "answered", "submitted"),
        *("step_approved", "step_approved", "approved", "reposted", "closed"),
    ]


def test_two_chiefs_at_the_same_moment(town: Town) -> None:
    """The row's lock lets one decide; the other hears it; there are a delivery and its repost, no more."""
    number = town.submit()
    start, codes = Barrier(2), []

    def click(person: str) -> None:
        start.wait()
        codes.append(town.decide(person, number, version=1).code)

    threads = [Thread(target=click, args=(person,)) for person in (CHIEF, "koen_mori")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == ["approved", "decided_already"]
    assert len(town.card(number).deliveries) == 2


def test_the_same_act_at_the_same_moment(town: Town) -> None:
    """A resent click that overtakes the first is one act: both get one outcome."""
    number = town.submit()
    act, start, outcomes = town.act(CHIEF), Barrier(2), []

    def click() -> None:
        start.wait()
        outcomes.append(town.decide(CHIEF, number, version=1, act=act))

    threads = [Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {outcome.code for outcome in outcomes} == {"approved"}
    assert sorted(outcome.is_repeat for outcome in outcomes) == [False, True]


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_an_act_that_crosses_another_transaction_is_done_again(town: Town, store_url: str) -> None:
    """Two lock the same in opposite orders, and PostgreSQL breaks the person's off: nobody notices."""
    desk, database = town.heart.deciding._desk, town.heart.database
    first_is_held, is_crossed = Event(), []

    def cross() -> None:
        with database.transaction() as tx:
            tx.execute(text("SET LOCAL deadlock_timeout = '1min'"))  # the other one finds out, and gives way
            lock(tx, 2)
            second_is_held.set()
            assert first_is_held.wait(20)
            lock(tx, 1)

    def work(tx: Transaction) -> Outcome:
        is_crossed.append(True)
        tx.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        lock(tx, 1)
        if len(is_crossed) == 1:
            first_is_held.set()
            wait_for_lock(store_url)
        lock(tx, 2)
        return Outcome(code="done")

    second_is_held, other = Event(), Thread(target=cross, daemon=True)
    other.start()
    assert second_is_held.wait(20)
    act = town.act(CHIEF)

    assert desk.once(act, work).code == "done"
    assert len(is_crossed) == 2
    assert desk.once(act, work).is_repeat
    other.join(20)


def lock(tx: Transaction, number: int) -> None:
    """Take a lock that lasts until the transaction ends."""
    tx.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def wait_for_lock(url: str) -> None:
    """Look until somebody waits for a lock; each look takes some milliseconds."""
    waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with psycopg.connect(url, autocommit=True) as connection:
        assert any(connection.execute(waits).fetchone() for _ in range(5000))


def test_numbers_are_counted_without_a_gap_by_many_at_once(town: Town) -> None:
    """Eight clerks save at the same moment: K-1 to K-8."""
    start, numbers = Barrier(8), []

    def save() -> None:
        start.wait()
        numbers.append(town.save().number)

    threads = [Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(numbers) == [f"K-{count}" for count in range(1, 9)]


def test_an_emergency_post_and_its_sign_off(town: Town) -> None:
    """Sent, reposted, signed."""
    town.move(NIGHT)
    order = OverrideOrder(text="地震がありました。（柏市災害対策本部）", kind="earthquake", reason="震度5弱")
    number = town.services.overriding.send(town.act(DUTY), order).number or ""
    town.send()
    town.services.overriding.sign_off(town.act(PR_CHIEF), number=number)

    assert set(town.states(number).values()) == {"sent"}
    assert not town.card(number).sign_off_open


def test_expiry_and_secrets(town: Town) -> None:
    """Late submissions are found, and sealed bytes come back."""
    number = town.submit(form=town.form(publish_at=OPEN_TUESDAY, latest_at=OPEN_TUESDAY.replace(hour=1)))
    town.move(OPEN_TUESDAY.replace(hour=2))
    town.heart.credentials.set("kashiwa", "kashiwa_shi", {"token": "t"}, who="it")
    town.heart.credentials.check_key()

    assert town.heart.deciding.expire_due(town.clock.now()) == 1
    assert town.heart.credentials.get("kashiwa", "kashiwa_shi") == {"token": "t"}
    with pytest.raises(Refusal, match="not_submitted"):
        town.decide(CHIEF, number)


def test_a_pack_changes_between_two_processes(town: Town, tmp_path: Path, store_url: str) -> None:
    """Both start on one database and take one text over; what one confirms, the other judges by at once."""
    (tmp_path / "second").mkdir()
    cities = cities_with_two_managers(tmp_path / "second")
    other = build_town(tmp_path / "other", cities=cities, SNS_DATABASE_URL=store_url)
    threads = [Thread(target=each.heart.shelf.open, args=(each.heart.database,)) for each in (town, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    desk = other.services.pack_changes
    ours = other.act(PR_CHIEF, "propose")
    proposed = desk.propose(
        ours, pack="kashiwa", text=kashiwa_against(), source="new", in_force_on=other.clock.now().date(), reason="改定"
    )
    number = int(proposed.params["change"])
    seen = desk.change("kashiwa", number).replay_sha256
    before = town.save().panes[0].decision
    desk.confirm(other.act(SECOND_MANAGER, "confirm"), number=number, note="可", seen=seen)
    town.wait(seconds=1)

    assert number == 3
    assert (before, town.save().panes[0].decision) == ("warn", "block")
    other.heart.database.close()


class HourAhead:
    """The clock of a machine that is an hour ahead."""

    is_real = True

    def now(self) -> datetime:
        """Return what the machine believes."""
        return datetime.now(UTC) + timedelta(hours=1)


@pytest.mark.parametrize("engine_name", [pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_form_is_checked_by_the_databases_time(town: Town) -> None:
    """A web server whose clock is an hour ahead takes a post for in half an hour: it is not past, it is to come."""
    read = town.heart.settings
    elsewhere = build(read, platforms=town.heart.platforms, clock=HourAhead())
    try:
        with elsewhere.database.transaction():
            pass  # in which it hears what time it is
        form = town.form(publish_at=datetime.now(UTC) + timedelta(minutes=30))
        mistakes = elsewhere.services.drafting.mistakes(town.city, CLERK, form)
    finally:
        elsewhere.database.close()

    assert () == tuple(mistakes)
