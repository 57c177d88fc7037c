"""In what two packs differ on the same post, and a replay's differences as JSON. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from policy.model import Decision
from publisher import mapping
from publisher.api import Change, Difference, Replay, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy.model import Finding, Verdict
    from policy.pack import Pack

Judged = tuple["Pack", "Verdict"]


def compare(
    before: Judged, after: Judged, *, number: str, account: str, account_name: str, is_repost: bool, at: datetime
) -> Difference | None:
    """Return in what two verdicts on the same question differ, or None; what else is given goes into the answer."""
    found = next(_differences(before, after), None)
    if found is None:
        return None
    change, is_new, point = found
    pack = after[0] if is_new else before[0]
    return Difference(
        number=number,
        account=account,
        account_name=account_name,
        is_repost=is_repost,
        at=at,
        change=change,
        old=before[1].decision,
        new=after[1].decision,
        is_new=is_new,
        rule=point.rule,
        clauses=point.clauses,
        places=tuple(_place(pack, clause) for clause in point.clauses),
        message=point.message,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """A finding, a step or a question, as far as it is compared."""

    kind: Change
    rule: str
    weight: str
    clauses: tuple[str, ...]
    message: Said

    @property
    def key(self) -> tuple[str, str, str, tuple[str, ...]]:
        """What makes it the same point in both verdicts: not its wording, in which names and dates stand."""
        return self.kind, self.rule, self.weight, self.clauses


def _differences(before: Judged, after: Judged) -> Iterator[tuple[Change, bool, _Point]]:
    """Yield what one verdict has and the other lacks: what is new first, the strongest first."""
    old, new = list(_points(before[1])), list(_points(after[1]))
    known, kept = {one.key for one in old}, {one.key for one in new}
    changed = [(True, one) for one in new if one.key not in known] + [
        (False, one) for one in old if one.key not in kept
    ]
    is_other = (before[1].decision, before[1].role) != (after[1].decision, after[1].role)
    is_stricter = after[1].decision.rank >= before[1].decision.rank
    order = [Change.FINDING, Change.ROUTE, Change.QUESTION]
    # What explains a milder verdict is what fell away.
    changed.sort(key=lambda pair: (order.index(pair[1].kind), pair[0] is not is_stricter))
    for is_new, point in changed:
        is_decisive = is_other and point.kind is Change.FINDING
        yield (Change.DECISION if is_decisive else point.kind), is_new, point


def _points(verdict: Verdict) -> Iterator[_Point]:
    for finding in verdict.findings:
        if finding.effect is not Decision.ALLOW:
            yield _Point(
                kind=Change.FINDING,
                rule=finding.rule,
                weight=_weight(finding),
                clauses=finding.clauses,
                message=mapping.said(finding.message),
            )
    for step in verdict.route:
        clauses = () if step.clause is None else (step.clause,)
        name = mapping.said(step.name)
        weight = f"{step.role} {step.section}"
        yield _Point(kind=Change.ROUTE, rule="route", weight=weight, clauses=clauses, message=name)
    for question in verdict.checklist:
        clauses = () if question.clause is None else (question.clause,)
        words = mapping.said(question.question)
        yield _Point(kind=Change.QUESTION, rule=question.id, weight=question.when, clauses=clauses, message=words)


def _weight(finding: Finding) -> str:
    waits = "" if finding.next_open is None else finding.next_open.isoformat()
    return f"{finding.effect} {finding.role or ''} {waits}"


def _place(pack: Pack, clause: str) -> Said:
    cited = pack.citation(clause)
    return Said(ja=f"{cited.document.ja} {cited.section}", en=f"{cited.document.en} {cited.section}")


def by_strictness(one: Difference) -> tuple[int, int, datetime, str, str]:
    """Order differences: what became stricter first, then by what kind it is, then by time."""
    ranks = [Decision(one.new).rank, Decision(one.old).rank]
    return -(ranks[0] - ranks[1]), list(Change).index(one.change), one.at, one.number, one.account


# ── as JSON ─────────────────────────────────────────────────────────────────────────────────────────


def replay_to_json(replay: Replay) -> dict[str, Any]:
    """Write a replay as the ledger keeps it and `--json` prints it; instants are ISO 8601 in UTC."""
    return {
        "pack": replay.pack,
        "base_sha256": replay.base_sha256,
        "changed_sha256": replay.changed_sha256,
        "since": replay.since.isoformat(),
        "made_at": replay.made_at.isoformat(),
        "posts": replay.posts,
        "verdicts": replay.verdicts,
        "differing": replay.differing,
        "is_base_readable": replay.is_base_readable,
        "differences": [
            {
                "number": one.number,
                "account": one.account,
                "account_name": one.account_name,
                "is_repost": one.is_repost,
                "at": one.at.isoformat(),
                "change": one.change.value,
                "old": str(one.old),
                "new": str(one.new),
                "is_new": one.is_new,
                "rule": one.rule,
                "clauses": list(one.clauses),
                "places": [{"ja": place.ja, "en": place.en} for place in one.places],
                "message": {"ja": one.message.ja, "en": one.message.en},
            }
            for one in replay.differences
        ],
    }


def replay_from_json(body: Mapping[str, Any]) -> Replay:
    """Read what `replay_to_json` wrote."""
    moments = {name: datetime.fromisoformat(body[name]) for name in ("since", "made_at")}
    differences = tuple(
        Difference(
            **{
                name: one[name]
                for name in ("number", "account", "account_name", "is_repost", "old", "new", "is_new", "rule")
            },
            at=datetime.fromisoformat(one["at"]),
            change=Change(one["change"]),
            clauses=tuple(one["clauses"]),
            places=tuple(Said(**place) for place in one["places"]),
            message=Said(**one["message"]),
        )
        for one in body["differences"]
    )
    return Replay(**{**body, **moments, "differences": differences})
