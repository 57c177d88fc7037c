"""The form of `sns policy check`: one action as JSON in, one verdict as JSON out.

Every field is checked; one that is not known is a mistake, since a misspelt gate would silently pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from policy.errors import WireError
from policy.facts import Facts, LinkState, Period, PeriodEffect, TextRoom
from policy.fields import Fields
from policy.model import (
    Account,
    AccountHours,
    AccountKind,
    AccountSettings,
    Action,
    ActionKind,
    Actor,
    Category,
    EmergencyKind,
    Grant,
    Media,
    MediaKind,
    PastPost,
    Relation,
    Role,
    SignOff,
    Target,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy.facts import Measure
    from policy.model import Verdict

PLATFORMS = ("x", "line", "facebook", "youtube")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCounter:
    """How a platform counts a text, and how much it takes; the caller has it from the platform."""

    limit: int
    measure: Measure


def action_from_json(
    data: object,
    *,
    counters: Mapping[str, TextCounter] | None = None,
) -> tuple[str, Action, Facts]:
    """Read one line of `sns policy check`; *counters* are by platform, and complete the facts.

    Raises:
        WireError: the line cannot be understood; the message says which field, and why.
    """
    fields = Fields(data, "")
    pack = fields.text("pack")
    action = _action(fields)
    facts = _facts(fields.inner("facts"), action, counters or {})
    fields.finish()
    return pack, action, facts


def verdict_to_json(verdict: Verdict) -> dict[str, object]:
    """Write a verdict in the form of `sns policy check`; fields without a value are left out, lists are not."""
    written: dict[str, object] = {"decision": verdict.decision.value}
    if verdict.role is not None:
        written["role"] = verdict.role.value
    written["findings"] = [
        {
            "rule": finding.rule,
            "effect": finding.effect.value,
            "clauses": list(finding.clauses),
            "message": _words(finding.message),
            "spans": [[span.start, span.end] for span in finding.spans],
        }
        for finding in verdict.findings
    ]
    if verdict.next_open is not None:
        written["next_open"] = verdict.next_open.isoformat()
    written["route"] = [
        {"name": _words(step.name), "role": step.role.value, "section": step.section, "clause": step.clause}
        for step in verdict.route
    ]
    written["checklist"] = [
        {"id": one.id, "clause": one.clause, "question": _words(one.question), "when": one.when}
        for one in verdict.checklist
    ]
    written["tasks"] = [
        {
            "clause": task.clause,
            "title": _words(task.title),
            "role": task.role.value,
            "due": task.due.isoformat() if task.due else None,
        }
        for task in verdict.tasks
    ]
    if verdict.text is not None:
        written["text"] = verdict.text
    return written


def _words(words: Words) -> dict[str, str]:
    return {"ja": words.ja, "en": words.en}


def _action(fields: Fields) -> Action:
    platform = fields.text("platform")
    if platform not in PLATFORMS:
        raise fields.wrong("platform", f"one of {', '.join(PLATFORMS)}")
    at = fields.instant("at")
    if at is None:
        raise fields.wrong("at", "an instant like 2026-12-01T09:00:00+09:00")
    emergency, removal, comment = (fields.inner(name) for name in ("emergency", "removal", "comment"))
    kind = emergency.choice("kind", EmergencyKind) if emergency else None
    action = Action(
        kind=fields.choice("action", ActionKind),
        at=at,
        planned_at=fields.instant("planned_at"),
        platform=platform,
        account=_account(fields.inner("account", is_required=True)),
        actor=_actor(fields.inner("actor")),
        text=fields.text("text", default=""),
        media=tuple(_media(one) for one in fields.inners("media")),
        category=fields.choice_or_none("category", Category),
        emergency=kind,
        target=_target(fields.inner("target")),
        history=tuple(_past(one) for one in fields.inners("history")),
        removal=removal.text("reason") if removal else None,
        comment=comment.text("category") if comment else None,
        findings_confirmed=frozenset(fields.texts("findings_confirmed")),
        grants=tuple(_grant(one) for one in fields.inners("grants")),
        approved=fields.flag("approved", default=True),
        answers=fields.flags("answers"),
        declared_contacts=frozenset(fields.texts("declared_contacts")),
    )
    for inner in (emergency, removal, comment):
        if inner is not None:
            inner.finish()
    return action


def _account(fields: Fields | None) -> Account:
    if fields is None:
        raise WireError("account: missing")
    settings = fields.inner("settings")
    account = Account(
        key=fields.text("key", default=""),
        kind=fields.choice("kind", AccountKind),
        section=fields.text("section", default=""),
        settings=_settings(settings) if settings else AccountSettings(),
    )
    fields.finish()
    return account


def _settings(fields: Fields) -> AccountSettings:
    hours = fields.inner("hours")
    settings = AccountSettings(
        approval=fields.choice_or_none("approval", SignOff),
        hours=_hours(hours) if hours else None,
        answers_comments=fields.flag_or_none("answers_comments"),
    )
    fields.finish()
    return settings


def _hours(fields: Fields) -> AccountHours:
    days = fields.text("days")
    if days not in {"weekdays", "all"}:
        raise fields.wrong("days", "weekdays or all")
    hours = AccountHours(every_day=days == "all", opens=fields.clock("from"), closes=fields.clock("to"))
    fields.finish()
    return hours


def _actor(fields: Fields | None) -> Actor | None:
    if fields is None:
        return None
    roles = frozenset(fields.choose("roles", role, Role) for role in fields.texts("roles"))
    actor = Actor(roles=roles, section=fields.text("section", default=""))
    fields.finish()
    return actor


def _media(fields: Fields) -> Media:
    media = Media(
        kind=fields.choice("kind", MediaKind),
        alt=fields.text("alt", default=""),
        has_people=fields.flag("people", default=False),
        has_consent=fields.flag("consent", default=False),
    )
    fields.finish()
    return media


def _target(fields: Fields | None) -> Target | None:
    if fields is None:
        return None
    target = Target(
        relation=fields.choice("relation", Relation),
        is_about_city=fields.flag("about_city", default=False),
        is_policy_aligned=fields.flag("policy_aligned", default=False),
        is_verified_official=fields.flag("verified_official", default=False),
        source_platform=fields.text("source_platform", default=""),
        is_disaster=fields.flag("disaster", default=False),
    )
    fields.finish()
    return target


def _past(fields: Fields) -> PastPost:
    at = fields.instant("at")
    if at is None:
        raise fields.wrong("at", "an instant like 2026-12-01T09:00:00+09:00")
    past = PastPost(
        at=at,
        text=fields.text("text", default=""),
        account=fields.text("account", default="") or None,
        platform=fields.text("platform", default="") or None,
    )
    fields.finish()
    return past


def _grant(fields: Fields) -> Grant:
    grant = Grant(role=fields.choice("role", Role), reason=fields.text("reason", default=""))
    fields.finish()
    return grant


def _facts(fields: Fields | None, action: Action, counters: Mapping[str, TextCounter]) -> Facts:
    counter = counters.get(action.platform)
    room = TextRoom(used=counter.measure(action.text), limit=counter.limit) if counter else None
    measure = counter.measure if counter else None
    if fields is None:
        return Facts(room=room, measure=measure)
    facts = Facts(
        open_days=fields.days("open_days"),
        closed_days=fields.days("closed_days"),
        published_contacts=frozenset(fields.texts("published_contacts")),
        room=room,
        measure=measure,
        written_on=_day(fields, "written_on"),
        periods=tuple(_period(one, f"period-{n}") for n, one in enumerate(fields.inners("periods"), 1)),
        links=dict.fromkeys(fields.texts("dead_links"), LinkState.DEAD),
        known_sites=frozenset(fields.texts("known_sites")),
        denied_sites=frozenset(fields.texts("denied_sites")),
    )
    fields.finish()
    return facts


def _day(fields: Fields, name: str) -> date | None:
    """Read a calendar day, or None where it is missing."""
    written = fields.text(name, default="")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise fields.wrong(name, "a day like 2026-12-01") from None


def _period(fields: Fields, key: str) -> Period:
    starts_at, ends_at = fields.instant("from"), fields.instant("to")
    if starts_at is None or ends_at is None:
        raise fields.wrong("from" if starts_at is None else "to", "an instant like 2026-12-01T09:00:00+09:00")
    name = fields.text("name")
    period = Period(
        id=key,
        name=Words(ja=name, en=name),
        starts_at=starts_at,
        ends_at=ends_at,
        effect=fields.choice("effect", PeriodEffect),
        categories=frozenset(fields.choose("categories", one, Category) for one in fields.texts("categories")),
        words=tuple(fields.texts("words")),
        accounts=frozenset(fields.texts("accounts")),
    )
    fields.finish()
    return period
