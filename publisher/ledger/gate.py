"""The last check: the last thing that happens before a call, in the transaction that opens the attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from platforms.errors import Who
from publisher.delivery import DeliveryEvent
from publisher.ledger.moves import Move, late
from publisher.ledger.outbound_port import AskPerson, Go, NotBefore
from publisher.store import rounds
from publisher.store.deliveries import Change, Objection, Problem

if TYPE_CHECKING:
    from publisher.ledger.outbound_port import Outbound
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction


def objection(tx: Transaction, delivery: Delivery, outbound: Outbound) -> Move | None:
    """Return why *delivery* may not go out at this moment, or None. The caller holds its lock and its post's.

    Asked in this order: was it cancelled, or edited away; is it too late; does the seal hold and the policy
    still allow it. A hold will be asked about here too.
    """
    because = rounds.why_stopped(tx, delivery)
    if because is not None:
        return Move(event=DeliveryEvent.CANCELLED, change=Change(facts={"because": because}))
    if delivery.is_late(tx.now):
        return late(delivery)
    check = outbound.check(tx, delivery)
    match check:
        case Go():
            return None
        case NotBefore():
            problem = Problem(code=check.remark.code, params=check.remark.params)
            return Move(event=DeliveryEvent.OPENING_AWAITED, change=Change(problem=problem, due_at=check.at))
        case AskPerson():
            return _ask(delivery, check)
        case _:
            assert_never(check)


def _ask(delivery: Delivery, check: AskPerson) -> Move | None:
    problem = Problem(
        code=check.remark.code,
        params=check.remark.params,
        who=Who.AUTHOR,
        objection=Objection.POLICY if check.is_waivable else None,
    )
    if check.is_waivable and delivery.has_waived(Objection.POLICY, about=problem.about):
        return None
    return Move(event=DeliveryEvent.POLICY_OBJECTS, change=Change(problem=problem))
