"""What a crew has in hand."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from ledger_stage import lay_one

from publisher.ledger import crew as crew_module
from publisher.ledger.crew import Crew

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database


def meet(crew: Crew, taken: Sequence[Delivery]) -> None:
    """Do calls that wait for each other: they only come through where each has a thread."""
    together = threading.Barrier(len(taken))

    def call(one: Delivery) -> None:
        together.wait(10)
        crew.let_go([one])

    crew.hold(taken)
    crew.do(*(partial(call, one) for one in taken))
    assert crew.wait_until_idle(10)


def alive(name: str) -> int:
    """Count the threads of a crew."""
    return sum(thread.name == name for thread in threading.enumerate())


def test_a_delivery_that_is_claimed_anew_while_its_old_call_goes_on_is_in_hand_twice(database: Database) -> None:
    """Its first lease was lost: each call has a slot of its own, and either may end first."""
    crew = Crew("x-send", 4, lambda: None)
    delivery = lay_one(database)
    first, second = replace(delivery, lease_token="1"), replace(delivery, lease_token="2")

    crew.hold([first])
    crew.hold([second])
    in_hand = crew.free
    crew.let_go([first])
    after_one = crew.free
    crew.let_go([second])

    assert (2, 3, 4) == (in_hand, after_one, crew.free)
    crew.dismiss()


def test_a_job_that_breaks_ends_no_thread(database: Database) -> None:
    """The crew's one thread goes on with the next job."""
    crew = Crew("x-send", 1, lambda: None)
    delivery = lay_one(database)
    crew.hold([delivery])

    def break_off() -> None:
        raise KeyError("bug")

    crew.do(break_off)
    crew.do(lambda: crew.let_go([delivery]))

    assert crew.wait_until_idle(10)
    crew.dismiss()


def test_calls_that_wait_have_a_thread_each(database: Database) -> None:
    """Eight that wait for each other all get through: none waits for another's end."""
    crew = Crew("x-send", 8, lambda: None)
    delivery = lay_one(database)
    taken = [replace(delivery, lease_token=str(n)) for n in range(8)]

    meet(crew, taken)
    crew.dismiss()


def test_calls_that_end_at_once_share_a_few_threads(database: Database) -> None:
    """A hundred that end before the next begins need no more than the four that are there from the first."""
    freed = threading.Event()
    crew = Crew("x-send", 100, freed.set)
    delivery = lay_one(database)
    taken = [replace(delivery, lease_token=str(n)) for n in range(100)]
    threads = set()

    def call(one: Delivery) -> None:
        threads.add(threading.get_ident())
        crew.let_go([one])

    crew.hold(taken)
    for one in taken:
        freed.clear()
        crew.do(partial(call, one))
        assert freed.wait(10)

    assert crew.wait_until_idle(10)
    assert len(threads) <= 4
    crew.dismiss()


def test_calls_that_wait_have_a_thread_each_also_after_one_that_ended_quickly(database: Database) -> None:
    """What ended a moment ago says nothing of those that wait now: they wait a second at most."""
    crew = Crew("x-send", 8, lambda: None)
    delivery = lay_one(database)
    quick, *taken = [replace(delivery, lease_token=str(n)) for n in range(9)]
    together, is_begun = threading.Barrier(8), threading.Event()

    def call(one: Delivery) -> None:
        together.wait(10)
        crew.let_go([one])

    def end_quickly() -> None:
        assert is_begun.wait(10)
        crew.let_go([quick])

    crew.hold([quick, *taken])
    crew.do(end_quickly, *(partial(call, one) for one in taken))
    assert any(not crew._has_waiting.is_set() for _ in range(1_000_000))  # the watch has begun to count
    is_begun.set()

    assert crew.wait_until_idle(10)
    crew.dismiss()


def test_what_is_urgent_is_before_what_waits(database: Database) -> None:
    """All four threads are taken and three jobs wait: the first that becomes free does the one that is urgent."""
    crew = Crew("x-send", 4, lambda: None)
    delivery = lay_one(database)
    taken = [replace(delivery, lease_token=str(n)) for n in range(8)]
    begun: list[str] = []
    taken_up, release = threading.Semaphore(0), threading.Semaphore(0)

    def call(one: Delivery) -> None:
        taken_up.release()
        assert release.acquire(timeout=10)
        begun.append(one.lease_token or "")
        crew.let_go([one])

    crew.hold(taken)
    crew.do(*(partial(call, one) for one in taken[:4]))
    assert all(taken_up.acquire(timeout=10) for _ in range(4))
    crew.do(*(partial(begun.append, "routine") for _ in range(3)))
    crew.do(partial(begun.append, "urgent"), is_urgent=True)
    release.release()
    crew.do(*(partial(crew.let_go, [one]) for one in taken[4:]))
    release.release(3)

    assert crew.wait_until_idle(10)
    after_first = [one for one in begun if one in {"urgent", "routine"}]
    assert ["urgent", "routine", "routine", "routine"] == after_first
    crew.dismiss()


def test_threads_that_nobody_needs_any_more_end(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight calls that waited for each other had a thread each; after a rest the first four are left."""
    monkeypatch.setattr(crew_module, "_REST_SECONDS", 0.05)
    crew = Crew("rested", 8, lambda: None)
    delivery = lay_one(database)
    taken = [replace(delivery, lease_token=str(n)) for n in range(8)]

    meet(crew, taken)

    assert any(alive("rested") == 4 for _ in range(1_000_000))
    crew.dismiss()


@pytest.mark.parametrize("room", [0, 1, 4])
def test_a_machine_that_is_short_of_threads_for_a_moment_costs_the_crew_nothing_later(
    database: Database, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """Room for none, for one, or for all but the one that makes more: later eight that wait all get a thread."""
    start = threading.Thread.start
    left = [room]

    def start_if_there_is_room(self: threading.Thread) -> None:
        if not left[0]:
            raise RuntimeError("can't start new thread")
        left[0] -= 1
        start(self)

    crew = Crew("x-send", 8, lambda: None)
    delivery = lay_one(database)
    taken = [replace(delivery, lease_token=str(n)) for n in range(8)]

    monkeypatch.setattr(threading.Thread, "start", start_if_there_is_room)
    if room:
        crew.hold(taken[:4])  # whoever is there does it
        crew.do(*(partial(crew.let_go, [one]) for one in taken[:4]))
        assert crew.wait_until_idle(10)
    else:
        with pytest.raises(RuntimeError):
            crew.hold(taken[:4])
    monkeypatch.undo()
    meet(crew, taken)
    crew.dismiss()
