"""The last check: the last thing that happens before a call, in the transaction that opens the attempt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, assert_never

from platforms.errors import Who
from publisher.delivery import TAKES_BACK, DeliveryEvent, DeliveryKind
from publisher.ledger.lane_memory import knocks
from publisher.ledger.moves import HELD, HELD_RELATED, UNDECIDED, Move, late, problem_of
from publisher.ledger.outbound_port import AskPerson, Go, NotBefore, one_by_one
from publisher.logs import build_logger
from publisher.store import attempts, deliveries, holds, rounds, supersessions, taking_back
from publisher.store.deliveries import Change, Objection, Problem

_log = build_logger(__name__)

_NOTHING_SENT: Final = frozenset(
    {DeliveryEvent.THROTTLED, DeliveryEvent.NOT_SENT, DeliveryEvent.CAME_TOO_LATE, DeliveryEvent.NEEDS_PERSON}
)
"""Ends of a call that published nothing."""

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from publisher.ledger.outbound_port import Check, Outbound
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.holds import Hold


def objections(tx: Transaction, held: Sequence[Delivery], outbound: Outbound) -> dict[str, Move]:
    """Return which deliveries may not go out at this moment, by their ids, and what that means for each.

    The caller holds their locks and their posts'.
    Asked in this order: was it cancelled, or edited away; does a hold stop it; is it too late; does the seal hold and
    the policy still allow it; may it be repeated, where a call before may have published it. What is late under a hold
    is held all the same: nobody is asked about it meanwhile.
    What takes a post back was ruled when it was ordered: only whether the order still stands is asked.
    """
    asked = [one for one in held if one.kind not in TAKES_BACK]
    stopped = rounds.stopped(tx, asked)
    ordered = taking_back.ordered(tx, [one.source_id for one in asked if one.kind is DeliveryKind.REPOST])
    holds.read(tx, asked)
    tx.look_at_clock()  # their locks, or the hold's, may have been waited for
    moves = {one.id: _objection(tx, one, stopped.get(one.id), ordered) for one in asked}
    free = [one for one in asked if moves[one.id] is None]
    moves |= _checked(free, outbound.check_many(tx, free))
    moves |= _found_out_again(tx, [one for one in free if moves[one.id] is None], outbound)
    backward = [one for one in held if one.kind in TAKES_BACK]
    moves |= _checked(backward, one_by_one(lambda one: outbound.check_order(tx, one), backward))
    return {delivery_id: move for delivery_id, move in moves.items() if move is not None}


def late_by_now(tx: Transaction, held: Sequence[Delivery]) -> dict[str, Move]:
    """Return which have come too late since, where another lock was waited for after `objections`."""
    tx.look_at_clock()
    return {one.id: late(one) for one in held if one.kind not in TAKES_BACK and _is_too_late(tx, one)}


def _objection(tx: Transaction, delivery: Delivery, because: str | None, ordered: Collection[str]) -> Move | None:
    """Return what speaks against it before anybody looks at what it says."""
    if delivery.kind is DeliveryKind.REPOST and delivery.source_id in ordered:
        # Also where an earlier call may have reposted: the undoing that was ordered with the deletion sees to it.
        return Move(event=DeliveryEvent.CANCELLED, change=Change(facts={"because": taking_back.SOURCE_DELETED}))
    if because is not None:
        return _stop(tx, delivery, because)
    over, is_disaster_related = holds.stopping(tx, delivery)
    if over:
        return _hold_back(tx, delivery, over, is_disaster_related=is_disaster_related)
    if _is_too_late(tx, delivery):
        return late(delivery)
    return None


def _checked(asked: Sequence[Delivery], checks: Mapping[str, Check | Exception]) -> dict[str, Move | None]:
    return {one.id: _of_check(one, checks[one.id]) for one in asked}


def _of_check(delivery: Delivery, check: Check | Exception) -> Move | None:
    if not isinstance(check, Exception):
        return _follow(delivery, check)
    # A check that breaks would break again for ever: a person must hear.
    _log.error("check_broke", delivery=delivery.id, exc_info=check)
    return Move(event=DeliveryEvent.POLICY_OBJECTS, change=Change(problem=problem_of(check)))


def _is_too_late(tx: Transaction, delivery: Delivery) -> bool:
    return delivery.is_late(tx.now) and not _goes_with_its_source(tx, delivery)


def _goes_with_its_source(tx: Transaction, delivery: Delivery) -> bool:
    """Tell whether it reposts what a person wanted late: nobody is asked the same twice."""
    if delivery.kind is not DeliveryKind.REPOST or delivery.source_id is None:
        return False
    return deliveries.get(tx, delivery.source_id).has_waived(Objection.LATE)


def _found_out_again(tx: Transaction, free: Sequence[Delivery], outbound: Outbound) -> dict[str, Move | None]:
    """Look anew whether an earlier call published it, where it waited until the platform's key guards no repeat."""
    unguarded = {one.id for one in free if not _is_guarded(tx, one, outbound)}
    problem = Problem(code=UNDECIDED, who=Who.AUTHOR)
    move = Move(event=DeliveryEvent.PERHAPS_SENT, change=Change(problem=problem, due_at=tx.now))
    return dict.fromkeys(attempts.are_doubtful(tx, unguarded), move)


def _is_guarded(tx: Transaction, delivery: Delivery, outbound: Outbound) -> bool:
    """Tell whether no call was made yet, or the platform knows a repeat of the first one."""
    life = outbound.limits(delivery.platform).key_life
    return life is None or delivery.first_attempt_at is None or tx.now - delivery.first_attempt_at < life


def _follow(delivery: Delivery, check: Check) -> Move | None:
    match check:
        case Go():
            return None
        case NotBefore() if delivery.is_late(check.at):
            return late(delivery)  # asked now, while there is still time to decide, and not at the opening
        case NotBefore():
            problem = Problem(code=check.remark.code, params=check.remark.params)
            return Move(event=DeliveryEvent.OPENING_AWAITED, change=Change(problem=problem, due_at=check.at))
        case AskPerson():
            return _ask(delivery, check)
        case _:
            assert_never(check)


def _stop(tx: Transaction, delivery: Delivery, because: str) -> Move:
    """End what was stopped, or ask whether it is there where an earlier call may have published it."""
    newer = supersessions.of_delivery(tx, delivery) if because == rounds.SUPERSEDED else None
    facts = {"because": because} if newer is None else {"because": newer.because, "newer": newer.newer}
    if attempts.are_doubtful(tx, {delivery.id}):
        problem = Problem(code=UNDECIDED, who=Who.AUTHOR)
        return Move(event=DeliveryEvent.NEEDS_PERSON, change=Change(problem=problem, facts=facts))
    event = DeliveryEvent.CANCELLED if newer is None else DeliveryEvent.SUPERSEDED
    return Move(event=event, change=Change(facts=facts))


def after_call(tx: Transaction, delivery: Delivery, move: Move) -> Move:
    """Return what the end of a call comes to, with what is known of the calls before it and of newer posts.

    Where only this call is known to have sent nothing, the end is still not known: by the time that it may be
    repeated, LINE's retry key can have ended. Where none has, what a newer post took the place of ends here.
    """
    if move.event not in _NOTHING_SENT:
        return move
    move = spare_knocks(tx, delivery, move)
    held = deliveries.lock(tx, delivery.id)
    if attempts.are_doubtful(tx, {held.id}):
        is_again = move.event in {DeliveryEvent.THROTTLED, DeliveryEvent.NOT_SENT}
        return replace(move, event=DeliveryEvent.PERHAPS_SENT) if is_again else move
    because = rounds.why_stopped(tx, held)
    return _stop(tx, held, because) if because == rounds.SUPERSEDED else move


def spare_knocks(tx: Transaction, delivery: Delivery, move: Move) -> Move:
    """Return *move*, or the retry in place of a question for its many calls where enough of them were mere knocks."""
    if move.retry is None or knocks(tx, delivery.id) <= move.excess:
        return move
    return move.retry


def _hold_back(tx: Transaction, delivery: Delivery, over: Sequence[Hold], *, is_disaster_related: bool) -> Move:
    """Keep it until a person says more, or ask whether it is there where an earlier call may have published it."""
    facts = {"holds": [one.id for one in over]}
    if attempts.are_doubtful(tx, {delivery.id}):
        problem = Problem(code=UNDECIDED, who=Who.AUTHOR)
        return Move(event=DeliveryEvent.NEEDS_PERSON, change=Change(problem=problem, facts=facts))
    is_asked = is_disaster_related and any(one.lifted_at is None for one in over)
    code, asks = (HELD_RELATED, Objection.HOLD) if is_asked else (HELD, None)
    return Move(event=DeliveryEvent.HELD_BACK, change=Change(problem=Problem(code=code, objection=asks), facts=facts))


def _ask(delivery: Delivery, check: AskPerson) -> Move | None:
    if is_set_aside(delivery, check):
        return _follow(delivery, check.then)
    return Move(event=DeliveryEvent.POLICY_OBJECTS, change=Change(problem=_problem_asked(check)))


def is_set_aside(delivery: Delivery, check: AskPerson) -> bool:
    """Tell whether a person set just this aside."""
    problem = _problem_asked(check)
    return problem.objection is not None and delivery.has_waived(problem.objection, about=problem.about)


def _problem_asked(check: AskPerson) -> Problem:
    objection = Objection.POLICY if check.opens_at is None else Objection.HOURS
    return Problem(
        code=check.remark.code,
        params=check.remark.params,
        who=check.who,
        objection=objection if check.is_waivable else None,
    )
