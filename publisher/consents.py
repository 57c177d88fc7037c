"""Whose consent a line still needs after its open step, and what an answer that says no leads to. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policy.model import Decision
from publisher.routes import Stop, consent_stop, role_holders

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from policy.model import Finding
    from publisher.city.model import City
    from publisher.reviewing import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What lies ahead of a line once its open step is approved."""

    stops: tuple[Stop, ...]
    """The steps that follow, with one for whoever must consent and has none yet."""
    consent_from: tuple[str, ...] = ()
    """Who can give the consent that is missing; empty where none is, or where nobody can."""
    is_missing: bool = False
    """A consent is missing."""
    is_asked_later: bool = False
    """A step that follows was to give it anyway."""


def needs_consent(look: Look) -> bool:
    """Tell whether something but hours still needs somebody's consent."""
    return look.verdict.decision is Decision.ESCALATE and look.role_needed is not None


def look_ahead(city: City, rest: Sequence[Stop], look: Look, *, writers: Collection[str], day: date) -> Ahead:
    """Return what follows the open step of a line.

    Args:
        city: The city.
        rest: The steps of its route after the open one.
        look: What its pack says with every consent and answer so far, those of the open step among them.
        writers: Author and last editor, who consent to nothing of their own.
        day: The day in Japan.
    """
    if not needs_consent(look):
        return Ahead(stops=tuple(rest))
    role = look.role_needed or ""
    holders = tuple(one for one in role_holders(city, role, look.account, day) if one not in writers)
    is_asked = any(set(holders) & set(stop.deciders(city, day)) for stop in rest)
    stops = tuple(rest)
    if holders and not is_asked:
        stops = (*rest[:-1], consent_stop(city, look.account, role, day), *rest[-1:])
    return Ahead(stops=stops, consent_from=holders, is_missing=True, is_asked_later=is_asked)


def added_by_no(before: Look, after: Look) -> tuple[Finding, ...]:
    """Return the findings that are there because of an answer that says no.

    Args:
        before: What the pack says without the answers.
        after: What it says with them.
    """
    known = {_plain(one) for one in before.verdict.findings}
    return tuple(one for one in after.verdict.findings if _plain(one) not in known)


def strongest(findings: Iterable[Finding]) -> Decision:
    """Return the strongest effect; `allow` where there is none."""
    return max((one.effect for one in findings), key=lambda effect: effect.rank, default=Decision.ALLOW)


def _plain(finding: Finding) -> Finding:
    """Return a finding without its clauses, whose number depends on what else was found."""
    return replace(finding, clauses=())
