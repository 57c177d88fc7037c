"""What a later judgement said of an approved delivery, so that nobody is told the same twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from publisher.store import inserts, rule_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

_JUDGEMENTS: Final = rule_tables.judgements


def keep(tx: Transaction, delivery: Delivery, *, because: str, verdict: Mapping[str, Any], digest: str) -> bool:
    """Keep a judgement and return True, or return False where this delivery has one of the same digest.

    Args:
        tx: The transaction.
        delivery: What was judged.
        because: What led to it: `period`, `pack_change`, or `ahead` of its time.
        verdict: What was said, for reading later.
        digest: What makes two judgements the same, as SHA-256.
    """
    row = {
        "id": tx.new_id(),
        "city": delivery.city,
        "delivery_id": delivery.id,
        "at": tx.now,
        "because": because,
        "verdict": dict(verdict),
        "digest": digest,
    }
    return inserts.insert_missing(tx, _JUDGEMENTS, row)
