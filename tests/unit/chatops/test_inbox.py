"""What was acknowledged is applied, once, whatever happens."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from chatops.inbox import Entry, Inbox
from publisher.clock import steady_seconds

if TYPE_CHECKING:
    from pathlib import Path


class Applied:
    """Records what is applied; fails as often as it was told to."""

    def __init__(self, failures: int = 0) -> None:
        self.keys: list[str] = []
        self.given_up: list[str] = []
        self.failures = failures
        self.changed = threading.Condition()

    def apply(self, entry: Entry) -> None:
        """Apply, or fail."""
        with self.changed:
            self.keys.append(entry.key)
            self.changed.notify_all()
            if self.failures:
                self.failures -= 1
                raise OSError("no")

    def give_up(self, entry: Entry, _error: Exception) -> None:
        """Note it."""
        with self.changed:
            self.given_up.append(entry.key)
            self.changed.notify_all()

    def wait_for(self, count: int) -> bool:
        """Wait until *count* applications happened."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.keys) >= count, 10)


def open_inbox(path: Path, applied: Applied, delays: tuple[float, ...] = (0.01, 0.01)) -> Inbox:
    """Open an inbox."""
    return Inbox(path, apply=applied.apply, give_up=applied.give_up, delays_seconds=delays)


def test_the_same_key_is_applied_once(tmp_path: Path) -> None:
    """A repeated request is acknowledged and does nothing, also after a restart."""
    applied = Applied()
    inbox = open_inbox(tmp_path / "inbox.sqlite3", applied)

    assert inbox.put(Entry(key="a", kind="k"))
    assert not inbox.put(Entry(key="a", kind="k"))
    assert applied.wait_for(1)
    inbox.close()
    again = open_inbox(tmp_path / "inbox.sqlite3", applied)
    assert not again.put(Entry(key="a", kind="k"))
    assert again.replay() == 0
    again.close()
    assert applied.keys == ["a"]


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    """A failure is no end: the act is applied until it succeeds."""
    applied = Applied(failures=2)
    inbox = open_inbox(tmp_path / "inbox.sqlite3", applied)
    inbox.put(Entry(key="a", kind="k"))

    assert applied.wait_for(3)
    inbox.close()
    assert applied.given_up == []


def test_somebody_is_told_when_it_never_succeeds(tmp_path: Path) -> None:
    """After the last attempt the person hears of it, once."""
    applied = Applied(failures=99)
    inbox = open_inbox(tmp_path / "inbox.sqlite3", applied)
    inbox.put(Entry(key="a", kind="k"))
    with applied.changed:
        assert applied.changed.wait_for(lambda: applied.given_up == ["a"], 10)

    inbox.close()
    assert applied.keys == ["a", "a", "a"]


def test_what_lay_there_is_applied_at_the_start(tmp_path: Path) -> None:
    """A process that died after the acknowledgement applies the act when it comes back."""
    failing = Applied(failures=1)
    inbox = open_inbox(tmp_path / "inbox.sqlite3", failing, delays=(3600.0,))
    inbox.put(Entry(key="a", kind="k", payload={"text": "あ"}))
    assert failing.wait_for(1)
    inbox.close()

    applied = Applied()
    again = open_inbox(tmp_path / "inbox.sqlite3", applied)
    assert again.replay() == 1
    assert applied.wait_for(1)
    again.close()
    assert applied.keys == ["a"]


def test_what_lay_there_for_more_than_a_day_is_still_there(tmp_path: Path) -> None:
    """The machine was off over the weekend: what was acknowledged is applied, and its age is known."""
    path = tmp_path / "inbox.sqlite3"
    failing = Applied(failures=1)
    inbox = open_inbox(path, failing, delays=(3600.0,))
    inbox.put(Entry(key="a", kind="k"))
    assert failing.wait_for(1)
    inbox.close()
    days = 2 * 24 * 3600
    with sqlite3.connect(path) as file:
        file.execute("UPDATE entry SET created = created - ?", (days,))

    ages: dict[str, float] = {}
    are_both_there = threading.Event()

    def apply(entry: Entry) -> None:
        ages[entry.key] = steady_seconds() - entry.accepted_at
        if len(ages) > 1:
            are_both_there.set()

    again = Inbox(path, apply=apply, give_up=failing.give_up)
    again.put(Entry(key="b", kind="k"))
    again.replay()
    assert are_both_there.wait(10)
    again.close()
    assert {"a": pytest.approx(days, abs=60), "b": pytest.approx(0, abs=60)} == ages


def test_the_file_is_the_owners_alone(tmp_path: Path) -> None:
    """Drafts lie in it, so nobody else may read it."""
    inbox = open_inbox(tmp_path / "inbox" / "inbox.sqlite3", Applied())
    inbox.close()

    assert (tmp_path / "inbox" / "inbox.sqlite3").stat().st_mode & 0o777 == 0o600


def test_an_act_that_could_not_be_written_is_not_accepted(tmp_path: Path) -> None:
    """A closed file raises, so that the request is not acknowledged."""
    inbox = open_inbox(tmp_path / "inbox.sqlite3", Applied())
    inbox.close()

    with pytest.raises(Exception, match="closed"):
        inbox.put(Entry(key="a", kind="k"))


def test_what_is_not_applied_in_time_is_counted(tmp_path: Path) -> None:
    """An act that lies there for longer than its tries take is stuck; one that was applied never is."""
    path = tmp_path / "inbox.sqlite3"
    applied = Applied()
    inbox = open_inbox(path, applied)
    inbox.put(Entry(key="a", kind="k"))
    assert applied.wait_for(1)
    inbox.close()
    with sqlite3.connect(path) as raw:
        row = ("b", "k", "quick", "{}")
        raw.execute("INSERT INTO entry (key, kind, lane, payload, created) VALUES (?, ?, ?, ?, unixepoch() - 200)", row)
        raw.execute("UPDATE entry SET created = unixepoch() - 200, state = 'done' WHERE key = 'a'")
    raw.close()
    again = open_inbox(path, applied)
    counts = [again.count_stuck(seconds=seconds) for seconds in (180, 300)]
    again.close()

    assert counts == [1, 0]
