"""`sns policy show`: a pack as a page that the person who answers for it can read and sign."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, TypeVar

from chatops.messages.ja import labels
from chatops.messages.ja import policy_page as words
from chatops.messages.ja import policy_params as params
from chatops.messages.template import fill
from policy.model import AccountKind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chatops.messages import Voice
    from policy.model import Words
    from policy.pack import Applies, Clause, Mirror, Outcome, Pack, QuestionSpec, RouteSpec, Rule, TaskSpec

    _Spec = TypeVar("_Spec", Rule, QuestionSpec, RouteSpec, TaskSpec, Mirror)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One clause, or what stands under none, with what carries it."""

    section: str
    quote: str
    lines: tuple[str, ...]
    """What the program does about it, a line each; a line that begins with a space belongs to the one before."""


def text_page(pack: Pack, digest: str, say: Voice) -> str:
    """Return the page for a terminal."""
    lines = [_in(say, pack.document), "=" * 40, *_facts(pack, digest, say), ""]
    for entry in entries(pack, say):
        lines.append(f"■ {entry.section}" + (f"「{entry.quote}」" if entry.quote else ""))
        lines += [f"  {line}" for line in entry.lines]
        lines.append("")
    lines += [say(words.signature), *(f"  {label}: ____________________" for label in say(words.signing).split("|"))]
    return "\n".join(lines)


def html_page(pack: Pack, digest: str, say: Voice) -> str:
    """Return the page for printing: one file that needs nothing else."""
    rows = "\n".join(
        f"<tr><th>{escape(entry.section)}</th><td class=quote>{escape(entry.quote)}</td>"
        f"<td>{_html_lines(entry.lines)}</td></tr>"
        for entry in entries(pack, say)
    )
    facts = "".join(f"<li>{escape(line)}</li>" for line in _facts(pack, digest, say))
    sign = "".join(f"<th>{escape(label)}</th><td></td>" for label in say(words.signing).split("|"))
    heads = "".join(f"<th>{escape(label)}</th>" for label in say(words.columns).split("|"))
    title = escape(_in(say, pack.document))
    return (
        f'<!DOCTYPE html>\n<html lang="{"en" if say.locale.startswith("en") else "ja"}">\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n<h1>{title}</h1>\n<ul>{facts}</ul>\n"
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table>\n"
        f"<h2>{escape(say(words.signature))}</h2>\n<table class=sign><tr>{sign}</tr></table>\n</html>"
    )


_STYLE: Final = (
    "body{font-family:sans-serif;font-size:10pt;line-height:1.5;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .5em;vertical-align:top;"
    "text-align:left;font-weight:normal}thead th{background:#eee}.quote{width:30%}td p{margin:0}"
    "td p.sub{margin-left:1em;color:#333}.sign th{width:10%}.sign td{height:4em}"
    "tr{break-inside:avoid}@page{size:A4;margin:15mm}"
)


def _html_lines(lines: Iterable[str]) -> str:
    return "".join(f"<p{' class=sub' if line.startswith(' ') else ''}>{escape(line.strip())}</p>" for line in lines)


def _facts(pack: Pack, digest: str, say: Voice) -> list[str]:
    """Return what the page says of the pack as a whole."""
    platforms = say(labels.names, [say(labels.platform, one) for one in _ordered(pack.platforms)])
    said = [say(words.edition, pack.edition, pack.in_force), say(words.platforms, platforms)]
    if pack.contacts:
        said.append(say(words.contacts, say(labels.names, sorted(pack.contacts))))
    if pack.sites:
        said.append(say(words.sites, say(labels.names, sorted(pack.sites))))
    return [*said, say(words.digest, pack.name, digest)]


def _ordered(platforms: Iterable[str]) -> list[str]:
    order = ("x", "line", "facebook", "youtube")
    return sorted(platforms, key=lambda name: order.index(name) if name in order else len(order))


def entries(pack: Pack, say: Voice) -> Iterator[Entry]:
    """Return every clause in the document's order, with what carries it; then what the city chose by itself."""
    for clause in pack.clauses.values():
        lines = tuple(_clause(pack, clause, say)) or (say(words.elsewhere, clause.kind),)
        yield Entry(section=clause.section, quote=clause.quote, lines=lines)
    own = tuple(_carriers(pack, None, say))
    if own:
        yield Entry(section=say(words.own_rules), quote="", lines=own)


def _clause(pack: Pack, clause: Clause, say: Voice) -> Iterator[str]:
    if clause.reading:
        yield say(words.reading, clause.reading)
    yield from _carriers(pack, clause.id, say)
    for label, values in ((words.given, clause.params), (words.chosen, clause.own_choice)):
        if values:
            yield say(label, _values(pack, values, say))
    if clause.carried:
        yield say(words.carried, clause.carried)


def _carriers(pack: Pack, clause: str | None, say: Voice) -> Iterator[str]:
    """Say the rules, questions, routes, tasks and mirrors that stand under a clause."""
    for rule in _under(pack.rules, clause):
        yield from _rule(pack, rule, say)
    for question in _under(pack.questions, clause):
        yield from _question(pack, question, say)
    for route in _under(pack.routes, clause):
        yield from _route(pack, route, say)
    for task in _under(pack.tasks, clause):
        yield from _task(pack, task, say)
    for mirror in _under(pack.mirrors, clause):
        yield say(words.mirror, say(words.value, mirror.source), say(words.value, mirror.by))


def _under(specs: Iterable[_Spec], clause: str | None) -> list[_Spec]:
    return [spec for spec in specs if spec.clause == clause]


def _rule(pack: Pack, rule: Rule, say: Voice) -> Iterator[str]:
    yield say(words.rule, say(words.rule_kind, rule.kind), _about(rule.applies, say))
    for label, values in ((words.given, rule.params), (words.chosen, rule.own_choice)):
        if values:
            yield " " + say(label, _values(pack, values, say))
    said: dict[str, list[str]] = {}
    for name, outcome in rule.outcomes.items():
        said.setdefault(_outcome(pack, outcome, say, rule.applies), []).append(say(words.outcome, rule.kind, name))
    for effect, names in said.items():
        yield " " + say(words.when, "" if "" in names else "・".join(names), effect)


def _outcome(pack: Pack, outcome: Outcome, say: Voice, applies: Applies) -> str:
    effect = say(words.effect, outcome.effect, _title(pack, outcome.role, say, applies))
    guess = say(words.guess) if outcome.is_guess else ""
    return f"{effect}{guess} {_sentence(pack, outcome.message, say, applies)}"


def _question(pack: Pack, question: QuestionSpec, say: Voice) -> Iterator[str]:
    who, about = say(words.asked_when, question.when), _about(question.applies, say)
    yield say(words.question, who, _in(say, question.question), about)
    yield " " + say(words.when, say(words.answered_no), _outcome(pack, question.refused, say, question.applies))


def _route(pack: Pack, route: RouteSpec, say: Voice) -> Iterator[str]:
    steps = (f"{_in(say, step.name)}（{_title(pack, step.role, say, route.applies)}）" for step in route.steps)
    yield say(words.route, " → ".join(steps), _about(route.applies, say))


def _task(pack: Pack, task: TaskSpec, say: Voice) -> Iterator[str]:
    title = _title(pack, task.role, say, task.applies)
    yield say(words.task, _sentence(pack, task.title, say, task.applies), title, _about(task.applies, say))


def _title(pack: Pack, role: Role | None, say: Voice, applies: Applies | None = None) -> str:
    """Return what the city calls a role: beside its official account, where what it is about reaches that."""
    kinds = applies.account_kinds if applies else ()
    return "" if role is None else _in(say, pack.titles[not kinds or AccountKind.OFFICIAL in kinds, role])


def _sentence(pack: Pack, message: Words, say: Voice, applies: Applies) -> str:
    """Return a message with the titles filled in; what only a post can fill is an ellipsis."""
    return fill(_in(say, message), {role.value: _title(pack, role, say, applies) for role in Role})


def _about(applies: Applies, say: Voice) -> str:
    """Say what a rule is about; nothing narrows it where nothing is said."""
    groups: dict[str, list[str]] = {
        "actions": sorted(applies.actions),
        "account_kinds": sorted(applies.account_kinds),
        "platforms": _ordered(applies.platforms),
        "categories": sorted(applies.categories),
        "relations": sorted(applies.relations),
        "removals": sorted(applies.removals),
        "comments": sorted(applies.comments),
        "contains": sorted(applies.contains),
        "approval": sorted(applies.approval),
        "answers_comments": sorted(applies.answers_comments),
        "own_hours": sorted(applies.own_hours),
        "emergency": sorted(applies.emergency),
    }
    said = [
        say(
            words.about,
            name,
            tuple(say(words.value, one) for one in (values if name == "platforms" else sorted(values))),
        )
        for name, values in groups.items()
        if values
    ]
    return "、".join(said) or say(words.everything)


def _values(pack: Pack, values: Mapping[str, object], say: Voice) -> str:
    return "；".join(f"{say(params.param, name)} {_value(pack, value, say)}" for name, value in values.items())


def _value(pack: Pack, value: object, say: Voice) -> str:
    """Say a value: a role by the city's own title, a clause by its place in the document."""
    if isinstance(value, dict):
        return "（" + _values(pack, value, say) + "）"
    if isinstance(value, list):
        return "、".join(_value(pack, one, say) for one in value) or say(words.nothing)
    if isinstance(value, bool):
        return say(words.value, "true" if value else "false")
    named = str(value)
    if named in _ROLES:
        return _title(pack, Role(named), say)
    return pack.clauses[named].section if named in pack.clauses else say(words.value, named)


_ROLES: Final = frozenset(role.value for role in Role)


def _in(say: Voice, words: Words) -> str:
    return words.en if say.locale.startswith("en") else words.ja
