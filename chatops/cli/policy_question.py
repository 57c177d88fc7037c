"""One question to the policy from the shell, and its answer as a page for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chatops.cli._errors import SaidError
from chatops.clockface import JST
from chatops.messages.ja import form, labels
from chatops.messages.ja import policy_check as words
from policy import Decision, judge
from policy.errors import UnknownPackError, WireError
from policy.packs import load_pack
from policy.wire import action_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops.messages import Voice
    from policy import Finding, Verdict
    from policy.pack import Pack
    from policy.wire import TextCounter
    from publisher.city.model import Account, City


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked in the shell; None where nothing was said."""

    pack: str | None
    account: str | None
    at: str | None
    text: str
    action: str
    platform: str | None
    kind: str | None
    section: str | None
    category: str | None
    emergency: str | None
    relation: str | None
    reason: str | None
    roles: tuple[str, ...]


def answer(asked: Asked, counters: Mapping[str, TextCounter], say: Voice) -> str:
    """Judge what was asked, and return the verdict as people read it.

    What is not said is taken from the city file that has the account, where one can be read.

    Raises:
        SaidError: The question cannot be understood.
    """
    city, account = _find_account(asked.account)
    line = _line(asked, city, account, say)
    try:
        pack = load_pack(line["pack"])
        _, action, facts = action_from_json(line, counters=counters)
    except UnknownPackError as error:
        raise SaidError(say(words.no_such_pack, line["pack"], "")) from error
    except WireError as error:
        raise SaidError(say(words.not_understood, str(error))) from error
    head = say(
        words.head,
        _in(say, pack.document.ja, pack.document.en),
        say(labels.platform, action.platform),
        say.moment(action.at),
    )
    return "\n".join([head, *_page(pack, judge(pack, action, facts), action.text, say)])


def _find_account(key: str | None) -> tuple[City | None, Account | None]:
    """Return the account of this key with its city, where a readable city file has it."""
    from publisher.city.loader import survey_cities  # noqa: PLC0415 - only a named account needs it
    from publisher.errors import ConfigurationError  # noqa: PLC0415 - the same
    from publisher.settings import load_settings  # noqa: PLC0415 - the same

    if key is None:
        return None, None
    try:
        cities, _ = survey_cities(load_settings().cities_folder)
    except ConfigurationError:
        return None, None
    name = key.rpartition("/")[2]
    for city in cities.values():
        if name in city.accounts and key in {name, f"{city.city}/{name}"}:
            return city, city.accounts[name]
    return None, None


def _line(asked: Asked, city: City | None, account: Account | None, say: Voice) -> dict[str, Any]:
    """Return the question in the form of `policy.wire`."""
    platform = asked.platform or (account.platform if account else "x")
    pack = asked.pack or (city.packs.get(platform) if city else None)
    if pack is None:
        raise SaidError(say(words.which_pack))
    section = asked.section
    if section is None and city is not None and account is not None:
        section = city.sections[account.section].name.ja
    key = (asked.account or "").rpartition("/")[2]
    line: dict[str, Any] = {
        "pack": pack,
        "action": asked.action,
        "at": _moment(asked.at, say).isoformat(),
        "platform": platform,
        "account": {
            "key": key,
            "kind": asked.kind or (account.kind.value if account else "official"),
            "section": section or "",
            "settings": _settings(account),
        },
        "text": asked.text,
        "category": asked.category or ("disaster" if asked.emergency else None),
        "facts": _facts(city),
    }
    if asked.roles:
        line["actor"] = {"roles": list(asked.roles), "section": section or ""}
    for field, name, value in (
        ("emergency", "kind", asked.emergency),
        ("removal", "reason", asked.reason),
        ("target", "relation", asked.relation),
    ):
        if value is not None:
            line[field] = {name: value}
    return line


def _settings(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    own = account.settings
    hours = own.hours
    return {
        "approval": own.approval,
        "answers_comments": own.answers_comments,
        "hours": None
        if hours is None
        else {
            "days": "all" if hours.every_day else "weekdays",
            "from": hours.opens.isoformat("minutes"),
            "to": hours.closes.isoformat("minutes"),
        },
    }


def _facts(city: City | None) -> dict[str, Any]:
    if city is None:
        return {}
    return {
        "open_days": sorted(day.isoformat() for day in city.open_days),
        "closed_days": sorted(day.isoformat() for day in city.closed_days),
        "published_contacts": sorted(city.published_contacts),
        "known_sites": sorted(city.known_sites),
        "denied_sites": sorted(city.denied_sites),
    }


def _moment(given: str | None, say: Voice) -> datetime:
    if given is None:
        return say.now.astimezone(JST)
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise SaidError(say(words.which_moment, given)) from None
    return at if at.tzinfo else at.replace(tzinfo=JST)


def _page(pack: Pack, verdict: Verdict, text: str, say: Voice) -> Iterator[str]:
    role = pack.titles[True, verdict.role] if verdict.role else None
    yield say(words.decision, verdict.decision, "" if role is None else _in(say, role.ja, role.en))
    for finding in verdict.findings:
        yield ""
        yield from _finding(pack, finding, text, say)
    if not verdict.findings:
        yield say(form.nothing_found)
    if verdict.next_open is not None:
        yield ""
        yield say(form.next_opening, say.moment(verdict.next_open))
    if verdict.text is not None and verdict.decision is not Decision.BLOCK:
        yield ""
        yield say(words.completed, verdict.text)
    yield ""
    steps = [_in(say, step.name.ja, step.name.en) for step in verdict.route]
    yield say(form.route, " → ".join(steps)) if steps else say(form.no_route)
    if verdict.checklist:
        yield say(words.checklist)
        yield from (f"  □ {_in(say, one.question.ja, one.question.en)}" for one in verdict.checklist)
    if verdict.tasks:
        yield say(words.tasks)
        for task in verdict.tasks:
            due = say(words.until, say.moment(task.due)) if task.due else say(words.at_once)
            title = pack.titles[True, task.role]
            yield f"  ・{_in(say, task.title.ja, task.title.en)}（{_in(say, title.ja, title.en)}、{due}）"


def _finding(pack: Pack, finding: Finding, text: str, say: Voice) -> Iterator[str]:
    effect = say(form.finding_effect, finding.effect)
    yield f"【{effect}】{_in(say, finding.message.ja, finding.message.en)}"
    for span in finding.spans:
        before, found, after = text[: span.start], text[span.start : span.end], text[span.end :]
        yield f"    …{before[-_NEAR:]}【{found}】{after[:_NEAR]}…".replace("\n", " ")
    for clause in finding.clauses:
        cited = pack.citation(clause)
        yield "    " + say(form.citation, _in(say, cited.document.ja, cited.document.en), cited.section, cited.quote)


_NEAR = 12
"""How many characters are shown before and after a place in the text."""


def _in(say: Voice, ja: str, en: str) -> str:
    return en if say.locale.startswith("en") else ja
