"""Acts are done once, by their key."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from publisher.api import Act, Outcome
from publisher.store import acts

if TYPE_CHECKING:
    from publisher.store.engine import Database

ACT = Act(city="kashiwa", person="hanako", key="slack:view:V1:abc")
OUTCOME = Outcome(code="submitted", number="K-1", params={"waiting_for": "係長"})


def do(database: Database, act: Act = ACT) -> Outcome:
    """Do an act as a service does."""
    with database.transaction() as tx:
        return acts.once(tx, act) or acts.keep(tx, act, OUTCOME)


def refuse(database: Database) -> None:
    """Take an act up and refuse it."""
    with database.transaction() as tx:
        assert acts.once(tx, ACT) is None
        raise RuntimeError


def test_an_act_done_again_gets_its_first_outcome(database: Database) -> None:
    """A repeated act changes nothing and says so."""
    assert do(database) == OUTCOME
    repeat = Outcome(code="submitted", number="K-1", params={"waiting_for": "係長"}, is_repeat=True)
    assert do(database) == repeat


def test_a_refused_act_may_be_done_again(database: Database) -> None:
    """An act whose transaction rolled back was never done."""
    with pytest.raises(RuntimeError):
        refuse(database)
    assert not do(database).is_repeat


def test_the_same_key_in_another_city_is_another_act(database: Database) -> None:
    """Keys are unique in a city."""
    do(database)
    assert not do(database, Act(city="komae", person="hanako", key=ACT.key)).is_repeat


def test_an_act_done_eight_times_at_once_is_done_once(database: Database) -> None:
    """Of eight threads with the same act one does it; the others wait for it and get its outcome."""
    together, outcomes = threading.Barrier(8), list[Outcome]()

    def work() -> None:
        together.wait(20)
        outcomes.append(do(database))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcome.is_repeat for outcome in outcomes) == [False] + [True] * 7
