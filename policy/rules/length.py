"""Rules on how long a text may be, in the platform's own count (A39)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.rules.kind import Hit, Param, ParamType, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params


def build_length(params: Params) -> Check:
    """Build a rule that speaks where the text takes more than `limit` units, or more than the platform's room.

    The unit is the platform's own: on X one weighted unit, in which a link weighs 23 and a full-width character 2.
    Nothing is guessed where the caller gives no count.
    """
    own_limit: int | None = params.get("limit")

    def check(case: Case) -> Iterator[Hit]:
        used = _used(case)
        room = case.facts.room
        limits = [limit for limit in (own_limit, room.limit if room else None) if limit is not None]
        if used is not None and limits and used > min(limits):
            yield Hit(fill={"used": str(used), "limit": str(min(limits))})

    return check


def _used(case: Case) -> int | None:
    """Return how many units the text takes, or None where nothing counts it."""
    facts = case.facts
    if facts.room is not None:
        return facts.room.used
    return facts.measure(case.action.text) if facts.measure is not None else None


KINDS = {
    "length": RuleKind(
        build=build_length,
        params={"limit": Param(type=ParamType.COUNT, is_required=False)},
        placeholders=frozenset({"used", "limit"}),
    ),
}
