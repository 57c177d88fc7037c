"""Judge one action by one pack: ask its rules and questions, find its route, and put the answer together."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from policy.calendar import Hours, next_opening
from policy.case import Case
from policy.model import Decision, Finding, Question, Role, RouteStep, SignOff, Task, Verdict, Words
from policy.periods import first_free, period_findings
from policy.readings import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from policy.facts import Facts
    from policy.model import Action
    from policy.pack import Pack, QuestionSpec, RouteSpec, Rule
    from policy.readings import Readings
    from policy.rules.kind import Hit

MAX_CLAUSES = 4
"""How many clauses the strongest findings of a verdict name together."""
SIGN_OFF = "sign_off"
"""The rule named by the finding that the ordinary sign-off is still open."""

_ROLES = {role.value: role for role in Role}
_OFFICE_DAY = Hours(opens=time(8, 30), closes=time(17, 15))
"""When somebody is there to sign: the city hall's day, also where a pack sets no hours of posting."""


def judge(pack: Pack, action: Action, facts: Facts, readings: Readings | None = None) -> Verdict:
    """Say what *pack* says of *action*; pure and deterministic, and raises on no text.

    Args:
        pack: The rules.
        action: What somebody wants to do.
        facts: What is known around it.
        readings: What was found in texts before, for whoever judges the same again; it changes no verdict.
    """
    case = Case(pack=pack, action=action, facts=facts)
    reading = Reading(case.written) if readings is None else readings.of(case)
    case.written = reading.written
    about = pack.about(action)
    rules = [rule for rule in about.rules if rule.applies.is_settled or rule.applies.matches(case)]
    yielding = [rule for rule in rules if rule.yields_to_answers] if _answers_comments(case) else []
    asking = [rule for rule in rules if rule not in yielding] if yielding else rules
    asked = list(reading.ask(asking, case))
    questions = [spec for spec in about.questions if spec.applies.is_settled or spec.applies.matches(case)]
    spec = _route_spec(case)
    route = tuple(_steps(spec, case))
    findings = [_finding(rule, hit, case) for rule, hit in asked]
    findings += [_yield_to_own_policy(rule, case) for rule in yielding]
    findings += _refusals(questions, case)
    findings += period_findings(case)
    if not action.approved and not case.is_disaster_now:
        findings += _open_sign_offs(spec, route, case)
    findings = [_lift(finding, case) for finding in findings]
    return _verdict(
        findings,
        is_emergency=action.emergency is not None,
        next_open=_next_open(findings, asking, case),
        route=route,
        checklist=tuple(one.asked(answer=action.answers.get(one.id), is_signed_off=bool(route)) for one in questions),
        tasks=tuple(_tasks(spec, case)),
        text=next((hit.text for _, hit in asked if hit.text is not None), None),
    )


def _verdict(
    findings: list[Finding],
    *,
    is_emergency: bool,
    next_open: datetime | None,
    route: tuple[RouteStep, ...],
    checklist: tuple[Question, ...],
    tasks: tuple[Task, ...],
    text: str | None,
) -> Verdict:
    def order(finding: Finding) -> tuple[int, bool, bool]:
        # The sign-off comes first in an ordinary action; in an emergency the manager's word does (A06). An
        # officer's word comes last, since whoever can lift more is asked first.
        is_late = (finding.rule == SIGN_OFF) is is_emergency
        return -finding.effect.rank, is_late, finding.role is Role.OPERATOR

    ordered = _cap_clauses(sorted(findings, key=order))
    decision = ordered[0].effect if ordered else Decision.ALLOW
    role = ordered[0].role if decision is Decision.ESCALATE else None
    return Verdict(
        decision=decision,
        role=role,
        findings=tuple(ordered),
        next_open=next_open,
        route=route,
        checklist=checklist,
        tasks=tasks,
        text=text,
    )


def _next_open(findings: list[Finding], rules: list[Rule], case: Case) -> datetime | None:
    """Return when all that makes the action wait is over; most actions wait for nothing, and nothing is asked again."""
    if all(one.next_open is None or one.effect is Decision.ALLOW for one in findings):
        return None
    return first_free(case, lambda later: _waits(rules, later))


def _waits(rules: list[Rule], case: Case) -> Iterator[datetime | None]:
    """Yield when each thing ends that makes the action wait; None where a rule knows of no opening."""
    for rule in rules:
        for hit in rule.check(case):
            is_wait = hit.next_open is not None or "next_open" in hit.fill
            if is_wait and _lift(_finding(rule, hit, case), case).effect is not Decision.ALLOW:
                yield hit.next_open
    for finding in period_findings(case):
        if finding.next_open is not None and _lift(finding, case).effect is not Decision.ALLOW:
            yield finding.next_open


def _cap_clauses(ordered: list[Finding]) -> list[Finding]:
    """Keep the clauses of the strongest findings at four together; what is over loses its citation, not its words."""
    named: dict[str, None] = {}
    capped = []
    for finding in ordered:
        if finding.effect is ordered[0].effect:
            room = MAX_CLAUSES - len(named)
            new = [clause for clause in finding.clauses if clause not in named]
            kept = {*named, *new[: max(room, 0)]}
            named |= dict.fromkeys(new[: max(room, 0)])
            is_cut = not kept.issuperset(finding.clauses)
            clauses = tuple(one for one in finding.clauses if one in kept)
            capped.append(replace(finding, clauses=clauses) if is_cut else finding)
        else:
            capped.append(finding)
    return capped


def _finding(rule: Rule, hit: Hit, case: Case) -> Finding:
    outcome = rule.outcomes[hit.outcome]
    clauses = outcome.clauses if hit.clauses is None else hit.clauses
    effect = outcome.effect
    if outcome.is_guess and effect is Decision.ESCALATE and case.has_authority_now:
        effect = Decision.WARN
    return Finding(
        rule=rule.id,
        effect=effect,
        clauses=_with_fallback(clauses, case) if rule.falls_back else clauses,
        message=_fill(outcome.message, hit.fill, case),
        role=outcome.role if effect is Decision.ESCALATE else None,
        spans=hit.spans,
        next_open=hit.next_open,
    )


def _yield_to_own_policy(rule: Rule, case: Case) -> Finding:
    message = _fill(case.pack.sentences.own_policy, {}, case)
    return Finding(rule=rule.id, effect=Decision.ALLOW, clauses=_with_fallback((), case), message=message)


def _with_fallback(clauses: tuple[str, ...], case: Case) -> tuple[str, ...]:
    fallback = case.pack.fallback
    if fallback is None or fallback.clause is None or not case.pack.follows_own_policy(case.action.account.kind):
        return clauses
    return (*clauses, fallback.clause)


class _Values(dict[str, str]):
    """What a sentence is filled with in one language; a role's title is looked up where the sentence has it."""

    def __init__(self, values: Mapping[str, str | Words], case: Case, language: str) -> None:
        super().__init__({name: _said(one, language) for name, one in values.items()})
        self._case = case
        self._language = language

    def __missing__(self, name: str) -> str:
        if name not in _ROLES:
            raise KeyError(name)
        return _said(self._case.title(_ROLES[name]), self._language)


def _said(words: str | Words, language: str) -> str:
    if isinstance(words, str):
        return words
    return words.ja if language == "ja" else words.en


def _fill(message: Words, values: Mapping[str, str | Words], case: Case) -> Words:
    return Words(
        ja=message.ja.format_map(_Values(values, case, "ja")),
        en=message.en.format_map(_Values(values, case, "en")),
    )


def _lift(finding: Finding, case: Case) -> Finding:
    """Turn an escalation into an allowance where its role has consented with a reason.

    The head, who names the officers, can say for them what they can.
    """
    if finding.effect is not Decision.ESCALATE or finding.role is None:
        return finding
    lifting = (finding.role, Role.MANAGER) if finding.role is Role.OPERATOR else (finding.role,)
    role = next((one for one in lifting if case.reason_of(one) is not None), None)
    if role is None:
        return finding
    values: dict[str, str | Words] = {"role": case.title(role), "reason": case.reason_of(role) or ""}
    said = _fill(case.pack.sentences.lifted, values, case)
    return replace(finding, effect=Decision.ALLOW, role=None, message=said)


def _answers_comments(case: Case) -> bool:
    account = case.action.account
    return bool(account.settings.answers_comments) and case.pack.follows_own_policy(account.kind)


def _refusals(questions: list[QuestionSpec], case: Case) -> Iterator[Finding]:
    """Yield a finding for each question that a person answered with no."""
    for spec in questions:
        if case.action.answers.get(spec.id) is False:
            yield Finding(
                rule=spec.id,
                effect=spec.refused.effect,
                clauses=spec.refused.clauses,
                message=_fill(spec.refused.message, {}, case),
                role=spec.refused.role,
            )


def _route_spec(case: Case) -> RouteSpec | None:
    """Return the route of the action; none where the account's own policy needs no sign-off."""
    account = case.action.account
    if account.settings.approval is SignOff.NOT_REQUIRED and case.pack.follows_own_policy(account.kind):
        return None
    routes = case.pack.about(case.action).routes
    return next((spec for spec in routes if spec.applies.matches(case)), None)


def _steps(spec: RouteSpec | None, case: Case) -> Iterator[RouteStep]:
    for step in spec.steps if spec else ():
        section = step.section or case.action.account.section
        yield RouteStep(name=step.name, role=step.role, clause=spec.clause if spec else None, section=section)


def _open_sign_offs(spec: RouteSpec | None, route: tuple[RouteStep, ...], case: Case) -> Iterator[Finding]:
    """Yield a finding for each step that is still open."""
    clauses = spec.clauses if spec else ()
    for step in route:
        yield Finding(
            rule=SIGN_OFF,
            effect=Decision.ESCALATE,
            clauses=_with_fallback(clauses, case),
            message=_fill(case.pack.sentences.sign_off, {"step": step.name, "role": case.title(step.role)}, case),
            role=step.role,
        )


def _tasks(spec: RouteSpec | None, case: Case) -> Iterator[Task]:
    """Yield the duties that the action creates; after `/sns now`, the sign-off that was not waited for (A06)."""
    if spec is not None and case.is_disaster_now and not case.action.approved:
        step = spec.steps[-1].name
        yield Task(
            clause=spec.clause,
            title=_fill(case.pack.sentences.sign_off_after, {"step": step}, case),
            role=spec.afterwards,
            due=next_opening(case.action.at, _OFFICE_DAY, case.facts),
        )
    for task in case.pack.about(case.action).tasks:
        if task.applies.matches(case):
            due = next_opening(case.action.at, _OFFICE_DAY, case.facts) if task.is_due_at_opening else None
            yield Task(clause=task.clause, title=_fill(task.title, {}, case), role=task.role, due=due)
