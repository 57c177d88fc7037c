"""Rules on whose posts may be reposted and which accounts may be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.rules.kind import ENTRIES, Hit, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.case import Case
    from policy.model import Target
    from policy.pack import Check
    from policy.rules.kind import Entry, Params

CONDITIONS = frozenset({"about_city", "policy_aligned", "verified_official"})


def build_whitelist(params: Params) -> Check:
    """Build a whitelist: its first line that fits allows; a line without relations is open to anyone.

    `unmet`: a line names the relation, but its conditions are not met; `outside`: no line names it.
    """
    entries: tuple[Entry, ...] = params["entries"]
    for_anyone = [entry for entry in entries if not entry.relations]

    def check(case: Case) -> Iterator[Hit]:
        true = conditions_of(case.target)
        named = [entry for entry in entries if case.target.relation in entry.relations]
        fit = next((entry for entry in (*named, *for_anyone) if entry.requires <= true), None)
        if fit is not None:
            yield Hit(outcome="listed", clauses=fit.clauses)
        elif named:
            clauses = (*named[0].clauses, *(clause for entry in for_anyone for clause in entry.clauses))
            yield Hit(outcome="unmet", clauses=clauses)
        else:
            yield Hit(outcome="outside")

    return check


def conditions_of(target: Target) -> frozenset[str]:
    """Return the names of what is true of a target."""
    held = {
        "about_city": target.is_about_city,
        "policy_aligned": target.is_policy_aligned,
        "verified_official": target.is_verified_official,
    }
    return frozenset(name for name, is_held in held.items() if is_held)


KINDS = {
    "whitelist": RuleKind(
        build=build_whitelist,
        params={"entries": ENTRIES},
        outcomes=("listed", "unmet", "outside"),
    ),
}
