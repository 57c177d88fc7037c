"""Why something may not go out, as params of a refusal or of a remark: the faces make a sentence of them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy.model import Decision, Role
from publisher import mapping

if TYPE_CHECKING:
    from policy.model import Finding
    from publisher.api import Said
    from publisher.reviewing import Look

Params = dict[str, Any]
"""Strings and numbers, to be spread into a refusal."""


def why_refused(look: Look) -> Params:
    """Return the first reason for which the platform would not take it: its code as `reason`, and its own params."""
    first = look.plan.refusals[0]
    return {**first.params, "platform": look.platform, "reason": first.code}


def why_blocked(look: Look) -> Params:
    """Return what the pack says against it, with the clause behind it."""
    return _said_of(look, _first(look, Decision.BLOCK))


def why_escalated(look: Look) -> Params:
    """Return whose consent is missing, what the pack says of it, and the clause behind it."""
    asking = next(
        (one for one in look.verdict.findings if one.effect is Decision.ESCALATE and one.next_open is None),
        look.verdict.findings[0],
    )
    return {"role": look.role_needed or "", **_said_of(look, asking)}


def why_missed(look: Look, missed: Finding) -> Params:
    """Return whose consent the hour needs, and the clause behind it; the pack's words name the minute, which passes."""
    params = {"role": (missed.role or Role.MANAGER).value, **_said_of(look, missed)}
    return {name: value for name, value in params.items() if not name.startswith("message_")}


def _first(look: Look, effect: Decision) -> Finding:
    return next((one for one in look.verdict.findings if one.effect is effect), look.verdict.findings[0])


def _said_of(look: Look, finding: Finding) -> Params:
    params: Params = {"rule": finding.rule, **_both("message", mapping.said(finding.message))}
    if finding.clauses:
        cited = mapping.citation_of(look.pack, finding.clauses[0])
        params |= {**_both("document", cited.document), "section": cited.section}
    return params


def _both(name: str, said: Said) -> Params:
    return {f"{name}_ja": said.ja, f"{name}_en": said.en}
