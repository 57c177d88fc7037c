"""The rows of pass phrases, on each engine."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.store import passphrases

if TYPE_CHECKING:
    from store_fixtures import MovedClock

    from publisher.store.engine import Database


def test_a_row_is_kept_counted_and_replaced(database: Database, clock: MovedClock) -> None:
    """A new phrase takes the old one's place, its failures and its lock."""
    until = clock.now() + timedelta(minutes=15)
    with database.transaction() as tx:
        passphrases.put(tx, "kashiwa", "hanako", "first", who="cli")
        passphrases.count(tx, "kashiwa", "hanako", failures=3, locked_until=until)
    with database.transaction() as tx:
        counted = passphrases.lock(tx, "kashiwa", "hanako")
        passphrases.put(tx, "kashiwa", "hanako", "second", who="hanako")
    with database.reading() as tx:
        replaced = passphrases.get(tx, "kashiwa", "hanako")

    assert passphrases.StoredPassphrase(hash="first", failures=3, locked_until=until) == counted
    assert passphrases.StoredPassphrase(hash="second", failures=0, locked_until=None) == replaced


def test_a_person_of_the_same_key_in_another_city_is_another(database: Database) -> None:
    """Keys are unique in a city."""
    with database.transaction() as tx:
        passphrases.put(tx, "kashiwa", "hanako", "first", who="cli")
    with database.reading() as tx:
        assert passphrases.get(tx, "komae", "hanako") is None
