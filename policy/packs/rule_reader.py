"""Reads the rules of a pack: whom they apply to, their parameters, what they say, their examples."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from policy.model import UNSTATED, AccountKind, ActionKind, Category, Decision, Relation, Role, SignOff
from policy.pack import Applies, Outcome, Rule
from policy.rules import KINDS
from policy.rules.kind import HIT, Entry, ParamType, Term
from policy.rules.personal import SEEKABLE
from policy.rules.targets import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policy.case import Case
    from policy.model import Words
    from policy.pack import Check, Clause, Mirror, QuestionSpec, RouteSpec, TaskSpec
    from policy.packs.node import Node
    from policy.rules.kind import Hit, RuleKind

PLATFORMS = ("x", "line", "facebook", "youtube")
CLAUSE_KINDS = ("gate", "checklist", "config", "statement", "workflow", "monitor", "record")
CONTENT = tuple(f"T{number:02}" for number in range(1, 27))
"""The taxonomy of forbidden content in the readings."""
REMOVALS = (UNSTATED, "error", "takeover", *CONTENT)
COMMENTS = (UNSTATED, "opinion", "inquiry", "misleading", *CONTENT)
CONTENTS = ("image", "video", "hashtag", "link")
TITLES = frozenset(role.value for role in Role)
_ACTIONS = tuple(kind.value for kind in ActionKind)
ACCOUNT_KINDS = tuple(kind.value for kind in AccountKind)


@dataclass(slots=True)
class Parts:
    """What has been read so far."""

    clauses: dict[str, Clause] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    questions: list[QuestionSpec] = field(default_factory=list)
    routes: list[RouteSpec] = field(default_factory=list)
    tasks: list[TaskSpec] = field(default_factory=list)
    mirrors: list[Mirror] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    cited: list[tuple[Node, str]] = field(default_factory=list)
    """Every citation, checked when all clauses are known."""

    def take_id(self, node: Node) -> str:
        """Read an id that nothing else in the pack may have."""
        name = node.text("id")
        if name in self.ids:
            node.mistake("duplicate", name="id", value=name)
        self.ids.add(name)
        return name


def read_rule(node: Node, clause: str | None, parts: Parts) -> Rule | None:
    """Read one rule and build it, or return None where it has mistakes, which the report keeps."""
    name = parts.take_id(node)
    kind_name = node.text("kind")
    kind = KINDS.get(kind_name)
    if kind is None:
        node.unknown("kind", kind_name, KINDS)
        return None
    before = len(node.report.mistakes)
    params = _read_params(node, kind, parts)
    outcomes = _read_outcomes(node, kind, clause, parts)
    examples = node.child("examples")
    ok, ng = ((), ()) if examples is None else (_read_examples(examples, "ok"), _read_examples(examples, "ng"))
    if examples is not None:
        examples.finish()
    rule_flags = {"yields_to_answers": node.flag("yields_to_answers"), "falls_back": node.flag("falls_back")}
    applies = read_applies(node)
    node.finish()
    if len(node.report.mistakes) > before:
        return None
    return Rule(
        id=name,
        kind=kind_name,
        clause=clause,
        applies=applies,
        outcomes=outcomes,
        check=_said_only(kind.build(params), outcomes) if kind.optional_outcomes else kind.build(params),
        ok=ok,
        ng=ng,
        params=node.values("params"),
        own_choice=node.values("own_choice"),
        **rule_flags,
    )


def _read_params(node: Node, kind: RuleKind, parts: Parts) -> Mapping[str, Any]:
    """Read a rule's parameters: `params` from the document, `own_choice` where the document gives none."""
    given, chosen = node.child("params"), node.child("own_choice")
    values: dict[str, Any] = {}
    for name, param in kind.params.items():
        sources = [source for source in (given, chosen) if source is not None and name in source]
        if len(sources) > 1:
            sources[1].mistake("duplicate", name=name, value=name)
        if sources:
            values[name] = _read_param(sources[0], name, param.type, parts)
        elif param.is_required:
            (given or node).mistake("missing_key", name=name)
    for source in (given, chosen):
        if source is not None:
            source.finish()
    return values


def _read_param(node: Node, name: str, kind: ParamType, parts: Parts) -> Any:  # noqa: ANN401 - one type a kind
    match kind:
        case ParamType.TEXT:
            return node.text(name)
        case ParamType.COUNT:
            return node.count(name)
        case ParamType.CLOCK:
            return node.clock(name)
        case ParamType.ENTRIES:
            return tuple(_read_entry(child, parts) for child in node.children(name))
        case ParamType.TERMS:
            return _read_terms(node, name)
        case ParamType.TEXTS:
            known = {
                "seek": SEEKABLE,
                "content": CONTENT,
                "categories": [one.value for one in Category],
                "platforms": PLATFORMS,
                "roles": [one.value for one in Role],
            }.get(name)
            return node.texts(name) if known is None else sorted(node.choices(name, known, is_required=True))


def _read_entry(node: Node, parts: Parts) -> Entry:
    entry = Entry(
        clauses=read_clauses(node, None, parts),
        relations=node.choices("relations", [one.value for one in Relation]),
        requires=node.choices("requires", CONDITIONS),
    )
    node.finish()
    return entry


def _read_terms(node: Node, name: str) -> tuple[Term, ...]:
    """Read a dated list of terms; an empty one, a term without its day and one that stands twice are mistakes."""
    terms: dict[str, Term] = {}
    for child in node.children(name):
        term, since = child.text("term"), child.day("since")
        if not since and child.raw("since") is None:
            child.mistake("missing_key", name="since")
        if term in terms:
            child.mistake("duplicate", name="term", value=term)
        day = date.fromisoformat(since) if since else date.max
        terms[term] = Term(term=term, since=day, instead=child.text("instead"))
        child.finish()
    if not terms:
        node.mistake("missing_key", name=name)
    return tuple(terms.values())


def _read_outcomes(node: Node, kind: RuleKind, clause: str | None, parts: Parts) -> Mapping[str, Outcome]:
    placeholders = kind.placeholders | TITLES
    if kind.outcomes == (HIT,):
        outcome = read_outcome(node, clause, placeholders, parts)
        return {HIT: outcome} | {name: _allowed(outcome, words) for name, words in kind.allows.items()}
    if "says" not in node and "effect" in node:  # one sentence for whatever comes out
        return dict.fromkeys(kind.outcomes, read_outcome(node, clause, placeholders, parts))
    said = dict(node.named("says"))
    for name in kind.outcomes:
        if name not in said and (name not in kind.optional_outcomes or not said):
            node.mistake("missing_key", name="says", value=name)
    for name, child in said.items():
        if name not in kind.outcomes:
            node.mistake("unknown_key", line=child.line, name=f"says.{name}", meant=", ".join(kind.outcomes))
    outcomes = {name: read_outcome(child, clause, placeholders, parts) for name, child in said.items()}
    for child in said.values():
        child.finish()
    return outcomes


def _allowed(outcome: Outcome, words: Words) -> Outcome:
    """Return what a kind allows by itself where its rule is a guess."""
    return Outcome(effect=Decision.ALLOW, message=words, clauses=outcome.clauses) if outcome.is_guess else outcome


def _said_only(check: Check, outcomes: Mapping[str, Outcome]) -> Check:
    """Keep a rule silent about the outcomes that its pack leaves unsaid."""

    def said_only(case: Case) -> Iterator[Hit]:
        return (hit for hit in check(case) if hit.outcome in outcomes)

    return said_only


def read_outcome(node: Node, clause: str | None, placeholders: frozenset[str], parts: Parts) -> Outcome:
    """Read what a rule or a refused question says; its clause is the one that it stands under, or those it names."""
    effect = node.choice("effect", Decision, Decision.BLOCK)
    needs_role = effect is Decision.ESCALATE
    role = node.choice("role", Role, Role.MANAGER) if needs_role or "role" in node else None
    return Outcome(
        effect=effect,
        message=node.words("message", placeholders),
        clauses=read_clauses(node, clause, parts),
        role=role if needs_role else None,
        is_guess=node.flag("guess"),
    )


def read_clauses(node: Node, clause: str | None, parts: Parts) -> tuple[str, ...]:
    """Read the clauses that are cited; none named means the clause that this stands under."""
    if "clauses" not in node:
        return (clause,) if clause else ()
    clauses = tuple(node.texts("clauses"))
    parts.cited += [(node, one) for one in clauses]
    return clauses


def _read_examples(node: Node, name: str) -> tuple[Mapping[str, object], ...]:
    """Read examples; a text alone varies the text."""
    examples = node.raw(name)
    if not isinstance(examples, list):
        node.mistake("wrong_type", name=name, expected="a list")
        return ()
    return tuple(one if isinstance(one, dict) else {"text": str(one)} for one in examples)


def read_applies(node: Node) -> Applies:
    """Read whom and what a rule is about; what is not narrowed is any."""
    child = node.child("applies")
    if child is None:
        return Applies()
    applies = Applies(
        actions=frozenset(map(ActionKind, child.choices("actions", _ACTIONS))),
        account_kinds=frozenset(map(AccountKind, child.choices("account_kinds", ACCOUNT_KINDS))),
        platforms=child.choices("platforms", PLATFORMS),
        categories=frozenset(map(Category, child.choices("categories", [one.value for one in Category]))),
        relations=child.choices("relations", [one.value for one in Relation]),
        removals=child.choices("removals", REMOVALS),
        comments=child.choices("comments", COMMENTS),
        contains=child.choices("contains", CONTENTS),
        approval=child.choices("approval", (*SignOff, UNSTATED)),
        answers_comments=child.choices("answers_comments", ("yes", "no", UNSTATED)),
        own_hours=child.choices("own_hours", ("stated", UNSTATED)),
        emergency=child.choices("emergency", ("none", "disaster", "other")),
    )
    child.finish()
    return applies
