"""Reads one pack from its text: the document's clauses in order, each with what carries it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policy.model import AccountKind, ActionKind, Category, Decision, Relation, Role, Words
from policy.pack import (
    UNSTATED,
    Applies,
    Clause,
    Fallback,
    Mirror,
    Outcome,
    Pack,
    QuestionSpec,
    RouteSpec,
    Rule,
    Sentences,
    StepSpec,
    TaskSpec,
)
from policy.rules import KINDS
from policy.rules.kind import HIT, Entry, ParamType
from policy.rules.personal import SEEKABLE
from policy.rules.targets import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy.packs.node import Node
    from policy.rules.kind import RuleKind

PLATFORMS = ("x", "line", "facebook", "youtube")
CLAUSE_KINDS = ("gate", "checklist", "config", "statement", "workflow", "monitor", "record")
CONTENT = tuple(f"T{number:02}" for number in range(1, 27))
"""The taxonomy of forbidden content in the readings."""
REMOVALS = (UNSTATED, "error", "takeover", *CONTENT)
COMMENTS = (UNSTATED, "opinion", "inquiry", "misleading", *CONTENT)
CONTENTS = ("image", "video", "hashtag")
WHEN = ("draft", "approve", "request")

_TITLES = frozenset(role.value for role in Role)
_ACTIONS = tuple(kind.value for kind in ActionKind)
_KINDS = tuple(kind.value for kind in AccountKind)


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


def read_pack(root: Node) -> Pack:
    """Build a pack; mistakes are recorded in the node's report, and the caller refuses a pack that has any."""
    parts = Parts()
    document = root.child("document")
    fallback = root.child("fallback")
    for node in root.children("clauses"):
        _read_clause(node, parts)
    own = root.child("own_choices")
    if own is not None:
        _read_carriers(own, None, parts)
        own.finish()
    pack = Pack(
        name=root.text("pack"),
        document=document.words("title") if document else Words(ja="", en=""),
        edition=document.text("edition", default="") if document else "",
        in_force=document.day("in_force") if document else "",
        platforms=root.choices("platforms", PLATFORMS, is_required=True),
        contacts=frozenset(root.texts("contacts", is_required=False)),
        titles=_read_titles(root),
        sentences=_read_sentences(root),
        fallback=_read_fallback(fallback, parts) if fallback else None,
        clauses=parts.clauses,
        rules=tuple(parts.rules),
        questions=tuple(parts.questions),
        routes=tuple(parts.routes),
        tasks=tuple(parts.tasks),
        mirrors=tuple(parts.mirrors),
        example=root.raw("example") or {},
    )
    if document is None:
        root.mistake("missing_key", name="document")
    else:
        document.finish()
    root.finish()
    for node, clause in parts.cited:
        if clause not in parts.clauses:
            node.mistake("unknown_clause", name="clauses", value=clause)
    return pack


def _read_clause(node: Node, parts: Parts) -> None:
    name = parts.take_id(node)
    kind = node.text("kind")
    if kind not in CLAUSE_KINDS:
        node.unknown("kind", kind, CLAUSE_KINDS)
    parts.clauses[name] = Clause(
        id=name,
        section=node.text("section"),
        kind=kind,
        quote=node.text("quote"),
        reading=node.text("reading", default=""),
        carried=node.text("carried", default=""),
    )
    _read_carriers(node, name, parts)
    node.finish()


def _read_carriers(node: Node, clause: str | None, parts: Parts) -> None:
    """Read what carries a clause, or what the city chose by itself (*clause* is None)."""
    parts.rules += [rule for child in node.children("rules") if (rule := _read_rule(child, clause, parts))]
    parts.questions += [_read_question(child, clause, parts) for child in node.children("questions")]
    parts.routes += [_read_route(child, clause, parts) for child in node.children("routes")]
    parts.tasks += [_read_task(child, clause, parts) for child in node.children("tasks")]
    if clause is not None:
        parts.mirrors += [_read_mirror(child, clause) for child in node.children("mirrors")]


def _read_rule(node: Node, clause: str | None, parts: Parts) -> Rule | None:
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
    applies = _read_applies(node)
    node.finish()
    if len(node.report.mistakes) > before:
        return None
    return Rule(
        id=name,
        kind=kind_name,
        applies=applies,
        outcomes=outcomes,
        check=kind.build(params),
        ok=ok,
        ng=ng,
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
        case ParamType.TEXTS:
            known = {
                "seek": SEEKABLE,
                "content": CONTENT,
                "categories": [one.value for one in Category],
                "platforms": PLATFORMS,
            }.get(name)
            return node.texts(name) if known is None else sorted(node.choices(name, known, is_required=True))


def _read_entry(node: Node, parts: Parts) -> Entry:
    entry = Entry(
        clauses=_read_clauses(node, None, parts),
        relations=node.choices("relations", [one.value for one in Relation]),
        requires=node.choices("requires", CONDITIONS),
    )
    node.finish()
    return entry


def _read_outcomes(node: Node, kind: RuleKind, clause: str | None, parts: Parts) -> Mapping[str, Outcome]:
    placeholders = kind.placeholders | _TITLES
    if kind.outcomes == (HIT,):
        return {HIT: _read_outcome(node, clause, placeholders, parts)}
    said = dict(node.named("says"))
    for name in kind.outcomes:
        if name not in said:
            node.mistake("missing_key", name="says", value=name)
    for name, child in said.items():
        if name not in kind.outcomes:
            node.mistake("unknown_key", line=child.line, name=f"says.{name}", meant=", ".join(kind.outcomes))
    outcomes = {name: _read_outcome(child, clause, placeholders, parts) for name, child in said.items()}
    for child in said.values():
        child.finish()
    return outcomes


def _read_outcome(node: Node, clause: str | None, placeholders: frozenset[str], parts: Parts) -> Outcome:
    effect = node.choice("effect", Decision, Decision.BLOCK)
    needs_role = effect is Decision.ESCALATE
    role = node.choice("role", Role, Role.MANAGER) if needs_role or "role" in node else None
    return Outcome(
        effect=effect,
        message=node.words("message", placeholders),
        clauses=_read_clauses(node, clause, parts),
        role=role if needs_role else None,
        is_guess=node.flag("guess"),
    )


def _read_clauses(node: Node, clause: str | None, parts: Parts) -> tuple[str, ...]:
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


def _read_applies(node: Node) -> Applies:
    child = node.child("applies")
    if child is None:
        return Applies()
    applies = Applies(
        actions=frozenset(map(ActionKind, child.choices("actions", _ACTIONS))),
        account_kinds=frozenset(map(AccountKind, child.choices("account_kinds", _KINDS))),
        platforms=child.choices("platforms", PLATFORMS),
        categories=frozenset(map(Category, child.choices("categories", [one.value for one in Category]))),
        relations=child.choices("relations", [one.value for one in Relation]),
        removals=child.choices("removals", REMOVALS),
        comments=child.choices("comments", COMMENTS),
        contains=child.choices("contains", CONTENTS),
    )
    child.finish()
    return applies


def _read_question(node: Node, clause: str | None, parts: Parts) -> QuestionSpec:
    refused = node.child("refused")
    if refused is None:
        node.mistake("missing_key", name="refused")
    when = node.text("when")
    if when not in WHEN:
        node.unknown("when", when, WHEN)
    question = QuestionSpec(
        id=parts.take_id(node),
        clause=clause,
        question=node.words("question"),
        when=when,
        applies=_read_applies(node),
        refused=_read_outcome(refused or node, clause, _TITLES, parts),
    )
    if refused is not None:
        refused.finish()
    node.finish()
    return question


def _read_route(node: Node, clause: str | None, parts: Parts) -> RouteSpec:
    steps = []
    for step in node.children("steps"):
        section = step.text("section", default="own")
        steps.append(
            StepSpec(
                name=step.words("name"),
                role=step.choice("role", Role, Role.APPROVER),
                section="" if section == "own" else section,
            ),
        )
        step.finish()
    if not steps:
        node.mistake("missing_key", name="steps")
    route = RouteSpec(
        id=parts.take_id(node),
        clause=clause,
        applies=_read_applies(node),
        steps=tuple(steps),
        afterwards=node.choice("afterwards", Role, Role.MANAGER),
    )
    node.finish()
    return route


def _read_task(node: Node, clause: str | None, parts: Parts) -> TaskSpec:
    task = TaskSpec(
        id=parts.take_id(node),
        clause=clause,
        title=node.words("title", _TITLES),
        role=node.choice("role", Role, Role.OPERATOR),
        applies=_read_applies(node),
        is_due_at_opening=node.flag("due_at_opening"),
    )
    node.finish()
    return task


def _read_mirror(node: Node, clause: str) -> Mirror:
    mirror = Mirror(
        clause=clause,
        source=node.choice("source", AccountKind, AccountKind.SECTION),
        by=node.choice("by", AccountKind, AccountKind.OFFICIAL),
        platforms=node.choices("platforms", PLATFORMS, is_required=True),
    )
    node.finish()
    return mirror


def _read_fallback(node: Node, parts: Parts) -> Fallback:
    clause = node.text("clause", default="") or None
    if clause:
        parts.cited.append((node, clause))
    kinds = frozenset(map(AccountKind, node.choices("account_kinds", _KINDS, is_required=True)))
    node.finish()
    return Fallback(clause=clause, account_kinds=kinds)


def _read_titles(root: Node) -> Mapping[tuple[bool, Role], Words]:
    """Read what the city calls each role, beside its official account and beside the others."""
    titles: dict[tuple[bool, Role], Words] = {}
    node = root.child("titles")
    for is_official, name in ((True, "official"), (False, "others")):
        child = node.child(name) if node else None
        for role in Role:
            titles[is_official, role] = child.words(role.value) if child else Words(ja="", en="")
        if child is None:
            root.mistake("missing_key", name=f"titles.{name}")
        else:
            child.finish()
    if node is not None:
        node.finish()
    return titles


def _read_sentences(root: Node) -> Sentences:
    node = root.child("sentences")
    if node is None:
        root.mistake("missing_key", name="sentences")
        nothing = Words(ja="", en="")
        return Sentences(sign_off=nothing, sign_off_after=nothing, lifted=nothing)
    sentences = Sentences(
        sign_off=node.words("sign_off", frozenset({"step", "role"}) | _TITLES),
        sign_off_after=node.words("sign_off_after", frozenset({"step"}) | _TITLES),
        lifted=node.words("lifted", frozenset({"role", "reason"}) | _TITLES),
    )
    node.finish()
    return sentences
