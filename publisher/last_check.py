"""What a look at a delivery comes to, the last thing before its call. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.errors import Who
from platforms.port import Remark
from policy.model import Decision
from policy.periods import PERIOD
from publisher.delivery import DeliveryKind
from publisher.errors import Refusal
from publisher.explaining import why_blocked, why_escalated, why_missed, why_refused
from publisher.last_look import MEDIA_NOT_HERE
from publisher.ledger.outbound_port import AskPerson, Go, NotBefore
from publisher.store.periods import WAITS

if TYPE_CHECKING:
    from policy.model import Finding
    from publisher.last_look import Wanted
    from publisher.ledger.outbound_port import Check
    from publisher.reviewing import Look
    from publisher.store.delivery_record import Delivery


def check_of(one: Wanted, look: Look | Exception, in_time: Look | Exception | None) -> Check:
    """Return what a look at a delivery comes to.

    Args:
        one: The delivery.
        look: What its pack says at the moment, or why nobody could look.
        in_time: What it said at the delivery's own time, where `is_after_hours`.

    Raises:
        Exception: What broke the look.
    """
    if isinstance(look, Refusal):
        return AskPerson(remark=Remark(code=look.code, params=dict(look.params)), who=who_mends(look))
    if isinstance(look, Exception):
        raise look
    if one.delivery.kind is DeliveryKind.PUBLISH and not one.is_seal_of(look.plan):
        return AskPerson(remark=Remark(code="seal_broken"))
    return _verdict(one.delivery, look, in_time)


def who_mends(refusal: Refusal) -> Who:
    """Return who must act where a post cannot even be planned: its author, or whoever runs the machines."""
    return Who.IT if refusal.code == MEDIA_NOT_HERE else Who.AUTHOR


def _verdict(delivery: Delivery, look: Look, in_time: Look | Exception | None) -> Check:
    if look.plan.is_refused and not look.is_repost:
        return AskPerson(remark=Remark(code="plan_refused", params=why_refused(look)))
    if look.is_blocked:
        return AskPerson(remark=Remark(code="policy_blocks", params=why_blocked(look)))
    if delivery.is_emergency:
        return Go()
    opening = _opening(delivery, look, in_time)
    if look.role_needed is None:
        return opening
    remark = Remark(code="policy_escalates", params=why_escalated(look))
    return AskPerson(remark=remark, is_waivable=True, then=opening)


def is_after_hours(one: Wanted, look: Look | Exception) -> bool:
    """Tell whether the hours are against a post by now."""
    if isinstance(look, Exception) or look.next_open is None or look.is_repost or one.delivery.is_emergency:
        return False
    return _outside(look) is not None and one.at > one.delivery.planned_at


def _opening(delivery: Delivery, look: Look, in_time: Look | Exception | None) -> Check:
    """Say what the hour means: a post that was to go out inside the hours is asked about once they are over.

    One that was always meant to wait for the opening waits, and so does a repost: it follows its post when it can.
    """
    if look.next_open is None:
        return Go()
    if isinstance(in_time, Exception):
        raise in_time
    missed = _outside(look)
    if missed is None or in_time is None or _outside(in_time) is not None:
        return NotBefore(at=look.next_open, remark=_why_wait(look))
    params = why_missed(look, missed) | {
        "planned_at": delivery.planned_at.isoformat(),
        "opens_at": look.next_open.isoformat(),
    }
    remark = Remark(code="hours_missed", params=params)
    return AskPerson(remark=remark, is_waivable=True, opens_at=look.next_open)


def _outside(look: Look) -> Finding | None:
    """Return the finding that the hours are against it, or None; a period of the city's own has no hours."""
    return next(
        (
            one
            for one in look.verdict.findings
            if one.next_open is not None and one.rule != PERIOD and one.effect is not Decision.ALLOW
        ),
        None,
    )


def _why_wait(look: Look) -> Remark:
    """Say what it waits for: a period of the city's own is named, the opening hours are known to everybody."""
    period = next((one for one in look.verdict.findings if one.rule == PERIOD and one.next_open is not None), None)
    if period is None or period.effect is Decision.ALLOW:
        return Remark(code="waits_for_opening")
    return Remark(code=WAITS, params={"message_ja": period.message.ja, "message_en": period.message.en})
