"""Reads one pack from its text: the document's clauses in order, each with what carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.model import AccountKind, Role, Words
from policy.pack import (
    Clause,
    Fallback,
    Mirror,
    Pack,
    QuestionSpec,
    RouteSpec,
    Sentences,
    StepSpec,
    TaskSpec,
)
from policy.packs.rule_reader import (
    ACCOUNT_KINDS,
    CLAUSE_KINDS,
    PLATFORMS,
    TITLES,
    Parts,
    read_applies,
    read_clauses,
    read_outcome,
    read_rule,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy.packs.node import Node

WHEN = ("draft", "approve", "request")


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
        sites=frozenset(root.texts("sites", is_required=False)),
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
        params=node.values("params"),
        own_choice=node.values("own_choice"),
    )
    _read_carriers(node, name, parts)
    node.finish()


def _read_carriers(node: Node, clause: str | None, parts: Parts) -> None:
    """Read what carries a clause, or what the city chose by itself (*clause* is None)."""
    parts.rules += [rule for child in node.children("rules") if (rule := read_rule(child, clause, parts))]
    parts.questions += [_read_question(child, clause, parts) for child in node.children("questions")]
    parts.routes += [_read_route(child, clause, parts) for child in node.children("routes")]
    parts.tasks += [_read_task(child, clause, parts) for child in node.children("tasks")]
    if clause is not None:
        parts.mirrors += [_read_mirror(child, clause) for child in node.children("mirrors")]


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
        applies=read_applies(node),
        refused=read_outcome(refused or node, clause, TITLES, parts),
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
        applies=read_applies(node),
        steps=tuple(steps),
        afterwards=node.choice("afterwards", Role, Role.MANAGER),
        clauses=read_clauses(node, clause, parts),
    )
    node.finish()
    return route


def _read_task(node: Node, clause: str | None, parts: Parts) -> TaskSpec:
    task = TaskSpec(
        id=parts.take_id(node),
        clause=clause,
        title=node.words("title", TITLES),
        role=node.choice("role", Role, Role.OPERATOR),
        applies=read_applies(node),
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
    kinds = frozenset(map(AccountKind, node.choices("account_kinds", ACCOUNT_KINDS, is_required=True)))
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
        return Sentences(sign_off=nothing, sign_off_after=nothing, own_policy=nothing, lifted=nothing)
    sentences = Sentences(
        sign_off=node.words("sign_off", frozenset({"step", "role"}) | TITLES),
        sign_off_after=node.words("sign_off_after", frozenset({"step"}) | TITLES),
        own_policy=node.words("own_policy", TITLES),
        lifted=node.words("lifted", frozenset({"role", "reason"}) | TITLES),
    )
    node.finish()
    return sentences
