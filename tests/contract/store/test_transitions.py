"""The table of transitions, as the database itself holds it on both engines."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from ledger_stage import lay_delivery, lay_in, lay_one, lay_post, row_in, set_state
from sqlalchemy.exc import IntegrityError

from publisher.delivery import TRANSITIONS, DeliveryKind, DeliveryState
from publisher.store import attempts, tables

if TYPE_CHECKING:
    from publisher.store.engine import Database

REFUSED = r"(?i)forbidden|never deleted|stays what it is"


@pytest.mark.parametrize("before", DeliveryState)
def test_the_database_allows_the_transitions_of_the_table_and_refuses_all_others(
    database: Database, before: DeliveryState
) -> None:
    """A step that the one door's table doesn't have is refused also where code goes round the door."""
    allowed = {after for (state, _), after in TRANSITIONS.items() if state is before} | {before}
    with database.transaction() as tx:
        delivery_id = lay_in(tx, before).id
    assert allowed == {after for after in DeliveryState if takes_step(database, delivery_id, after)}


def test_what_takes_back_can_be_ordered_anew_and_nothing_else(database: Database) -> None:
    """A deletion that was called off may fall due once more; a publication that was stopped may not, nor one sent."""
    with database.transaction() as tx:
        post = lay_post(tx)
        source = lay_delivery(tx, post)
        deletion = lay_delivery(tx, post, kind=DeliveryKind.DELETE, source_id=source.id)
        for one in (source, deletion):
            set_state(tx, one.id, DeliveryState.CANCELLED)
    allowed = {
        after: {
            kind for kind, one in (("source", source), ("deletion", deletion)) if takes_step(database, one.id, after)
        }
        for after in DeliveryState
        if after is not DeliveryState.CANCELLED
    }
    assert {"deletion"} == allowed.pop(DeliveryState.DUE)
    assert not any(allowed.values())


def takes_step(database: Database, delivery_id: str, after: DeliveryState) -> bool:
    """Tell whether the database lets a delivery step to *after*; it stays where it is."""
    with database.transaction() as tx:
        step = tx.connection.begin_nested()
        try:
            set_state(tx, delivery_id, after)
        except IntegrityError:
            return False
        finally:
            step.rollback()
    return True


def test_the_pairs_of_states_that_are_looked_at_are_all_there_are() -> None:
    """Twelve states make 144 pairs, of which the table has fewer than a third."""
    pairs = {(before, after) for (before, _), after in TRANSITIONS.items() if before is not after}
    assert len(list(product(DeliveryState, DeliveryState))) == 144
    assert len(pairs) < 48


@pytest.mark.parametrize("state", sorted(set(DeliveryState) - {DeliveryState.WAITING, DeliveryState.DUE}))
def test_a_delivery_begins_waiting_or_due(database: Database, state: DeliveryState) -> None:
    """No row can be written that has been sent, or asked about, before it was ever due."""
    known = lay_one(database)
    table = tables.deliveries
    with database.transaction() as tx:
        row = dict(tx.execute(sa.select(table).where(table.c.id == known.id)).one()._mapping)
        other = lay_post(tx, number=2)
        row |= {"id": tx.new_id(), "post_id": other.id, "version_id": other.version_id, **row_in(state)}
    with pytest.raises(IntegrityError, match=REFUSED), database.transaction() as tx:
        tx.execute(sa.insert(table).values(**row))


@pytest.mark.parametrize("column", ["account", "platform", "version_id", "kind", "source_id", "city"])
def test_a_delivery_stays_what_it_is(database: Database, column: str) -> None:
    """To which account which version goes is never changed: that would be another delivery."""
    delivery = lay_one(database)
    table = tables.deliveries
    with pytest.raises(IntegrityError, match=REFUSED), database.transaction() as tx:
        tx.execute(sa.update(table).where(table.c.id == delivery.id).values({column: "another"}))


@pytest.mark.parametrize("name", ["deliveries", "attempts"])
def test_deliveries_and_attempts_never_vanish(database: Database, name: str) -> None:
    """The database refuses to delete what the ledger has done."""
    delivery = lay_one(database)
    with database.transaction() as tx:
        attempts.open_next(tx, delivery)
    with pytest.raises(IntegrityError, match=REFUSED), database.transaction() as tx:
        tx.execute(sa.delete(tables.metadata.tables[name]))
    with database.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(tables.metadata.tables[name])).scalar_one() == 1
