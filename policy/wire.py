"""The form of `sns policy check`: one action as JSON in, one verdict as JSON out.

Every field is checked; one that is not known is a mistake, since a misspelt gate would silently pass.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar

from policy.errors import WireError
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
    Facts,
    Grant,
    Media,
    MediaKind,
    PastPost,
    Relation,
    Role,
    SignOff,
    Target,
    TextRoom,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

    from policy.model import Measure, Verdict, Words

    _Choice = TypeVar("_Choice", bound=StrEnum)

PLATFORMS = ("x", "line", "facebook", "youtube")
_YEARS = range(1950, 2100)
"""Years in which an action can lie: a calendar beyond them is a slip of the pen."""


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
    fields = _Fields(data, "")
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


def _action(fields: _Fields) -> Action:
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
    )
    for inner in (emergency, removal, comment):
        if inner is not None:
            inner.finish()
    return action


def _account(fields: _Fields | None) -> Account:
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


def _settings(fields: _Fields) -> AccountSettings:
    hours = fields.inner("hours")
    settings = AccountSettings(
        approval=fields.choice_or_none("approval", SignOff),
        hours=_hours(hours) if hours else None,
        answers_comments=fields.flag_or_none("answers_comments"),
    )
    fields.finish()
    return settings


def _hours(fields: _Fields) -> AccountHours:
    days = fields.text("days")
    if days not in {"weekdays", "all"}:
        raise fields.wrong("days", "weekdays or all")
    hours = AccountHours(every_day=days == "all", opens=fields.clock("from"), closes=fields.clock("to"))
    fields.finish()
    return hours


def _actor(fields: _Fields | None) -> Actor | None:
    if fields is None:
        return None
    roles = frozenset(fields.choose("roles", role, Role) for role in fields.texts("roles"))
    actor = Actor(roles=roles, section=fields.text("section", default=""))
    fields.finish()
    return actor


def _media(fields: _Fields) -> Media:
    media = Media(
        kind=fields.choice("kind", MediaKind),
        alt=fields.text("alt", default=""),
        has_people=fields.flag("people", default=False),
        has_consent=fields.flag("consent", default=False),
    )
    fields.finish()
    return media


def _target(fields: _Fields | None) -> Target | None:
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


def _past(fields: _Fields) -> PastPost:
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


def _grant(fields: _Fields) -> Grant:
    grant = Grant(role=fields.choice("role", Role), reason=fields.text("reason", default=""))
    fields.finish()
    return grant


def _facts(fields: _Fields | None, action: Action, counters: Mapping[str, TextCounter]) -> Facts:
    counter = counters.get(action.platform)
    open_days: frozenset[date] = frozenset()
    closed_days: frozenset[date] = frozenset()
    contacts: frozenset[str] = frozenset()
    if fields is not None:
        open_days, closed_days = fields.days("open_days"), fields.days("closed_days")
        contacts = frozenset(fields.texts("published_contacts"))
        fields.finish()
    return Facts(
        open_days=open_days,
        closed_days=closed_days,
        published_contacts=contacts,
        room=TextRoom(used=counter.measure(action.text), limit=counter.limit) if counter else None,
        measure=counter.measure if counter else None,
    )


class _Fields:
    """One JSON object being read; what nobody asks for is a mistake. A null is as good as a missing field."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, dict):
            raise WireError(f"{place or 'the line'}: not a JSON object")
        self._data: dict[str, Any] = data
        self._place = place
        self._asked: set[str] = set()

    def wrong(self, name: str, expected: str) -> WireError:
        """Return the error that a field is not what it should be."""
        return WireError(f"{self._at(name)}: expected {expected}, got {self._data.get(name)!r}"[:500])

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def _get(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        self._asked.add(name)
        return self._data.get(name)

    def finish(self) -> None:
        """Raise WireError for a field that nobody asked for."""
        for name in self._data:
            if name not in self._asked:
                near = difflib.get_close_matches(str(name), sorted(self._asked), n=1)
                raise WireError(f"{self._at(name)}: unknown field" + (f"; meant: {near[0]}" if near else ""))

    def text(self, name: str, *, default: str | None = None) -> str:
        value = self._get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.wrong(name, "a text")
        return value

    def texts(self, name: str) -> list[str]:
        return self._list(name, lambda one: isinstance(one, str), "a list of texts")

    def _list(self, name: str, is_right: Callable[[Any], bool], expected: str) -> list[Any]:
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(map(is_right, value)):
            raise self.wrong(name, expected)
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        found = self.flag_or_none(name)
        return default if found is None else found

    def flag_or_none(self, name: str) -> bool | None:
        value = self._get(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def flags(self, name: str) -> dict[str, bool]:
        value = self._get(name)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(one, bool) for one in value.values()):
            raise self.wrong(name, "an object of true and false")
        return dict(value)

    def choose(self, name: str, value: str, choices: type[_Choice]) -> _Choice:
        try:
            return choices(value)
        except ValueError:
            raise self.wrong(name, f"one of {', '.join(choices)}") from None

    def choice(self, name: str, choices: type[_Choice]) -> _Choice:
        return self.choose(name, self.text(name), choices)

    def choice_or_none(self, name: str, choices: type[_Choice]) -> _Choice | None:
        return None if self._get(name) is None else self.choice(name, choices)

    def instant(self, name: str) -> datetime | None:
        value = self.text(name, default="")
        if not value:
            return None
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None or at.year not in _YEARS:
            raise self.wrong(name, "an instant with its offset, like 2026-12-01T09:00:00+09:00")
        return at

    def days(self, name: str) -> frozenset[date]:
        try:
            return frozenset(date.fromisoformat(one) for one in self.texts(name))
        except ValueError:
            raise self.wrong(name, "a list of days like 2026-12-01") from None

    def clock(self, name: str) -> time:
        try:
            return time.fromisoformat(self.text(name))
        except ValueError:
            raise self.wrong(name, "a time of day like 08:30") from None

    def inner(self, name: str, *, is_required: bool = False) -> _Fields | None:
        value = self._get(name)
        if value is None and not is_required:
            return None
        return _Fields(value, self._at(name))

    def inners(self, name: str) -> list[_Fields]:
        values = self._list(name, lambda one: isinstance(one, dict), "a list of objects")
        return [_Fields(value, f"{self._at(name)}[{index}]") for index, value in enumerate(values)]
