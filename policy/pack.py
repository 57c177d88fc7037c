"""A pack: a city's rules for one or more platforms, as data, and the clauses that its rules follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from policy.model import UNSTATED, AccountKind, ActionKind, Question, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from policy.case import Case
    from policy.model import Action, Category, Decision, Words
    from policy.rules.kind import Hit

    Check: TypeAlias = Callable[[Case], Iterable[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A sentence of the document, in its own words."""

    id: str
    section: str
    """Its place in the document: `2(4)キ`."""
    kind: str
    """How it is carried: gate, checklist, config, statement, workflow, monitor or record."""
    quote: str
    reading: str = ""
    """How it is read where the words leave it open."""
    carried: str = ""
    """Where no rule, question, route or task carries it: what does, or why nothing need."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Values that the document gives, for whatever carries the clause outside the judgement (`inactive_months: 3`)."""
    own_choice: Mapping[str, object] = field(default_factory=dict)
    """The same where the document gives none: the city's own choice, with a default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What is shown beside a finding: the document, the place in it, its words."""

    document: Words
    section: str
    quote: str

    @property
    def label(self) -> str:
        """The document and the place in it, as an office writes it: 柏市公式ツイッター運用ガイドライン 2(4)キ."""
        return f"{self.document.ja} {self.section}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applies:
    """What a rule is asked about; an empty set means any."""

    actions: frozenset[ActionKind] = frozenset()
    account_kinds: frozenset[AccountKind] = frozenset()
    platforms: frozenset[str] = frozenset()
    categories: frozenset[Category] = frozenset()
    relations: frozenset[str] = frozenset()
    removals: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset()
    contains: frozenset[str] = frozenset()
    """What the post must have: `image`, `video`, `hashtag`, `link`."""
    approval: frozenset[str] = frozenset()
    """What the account's own policy says of the sign-off: `required`, `not_required`, `unstated`."""
    answers_comments: frozenset[str] = frozenset()
    """What the account's own policy says of answering comments: `yes`, `no`, `unstated`."""
    own_hours: frozenset[str] = frozenset()
    """Whether the account's own policy sets hours: `stated`, `unstated`."""
    emergency: frozenset[str] = frozenset()
    """What it was sent as: `none`, `disaster` (`/sns now`), `other` (`/sns now` with a kind that is no disaster)."""

    is_settled: bool = field(init=False, compare=False)
    """True where nothing but action, account kind, platform and category narrows it."""

    def __post_init__(self) -> None:
        """Work out once whether `matches` has anything to ask."""
        further = (self.relations, self.removals, self.comments, self.contains)
        own = (self.approval, self.answers_comments, self.own_hours, self.emergency)
        object.__setattr__(self, "is_settled", not any((*further, *own)))

    def fits(self, action: Action) -> bool:
        """Tell whether it is about the action's kind, account kind, platform and category."""
        return (
            (not self.actions or action.kind in self.actions)
            and (not self.account_kinds or action.account.kind in self.account_kinds)
            and (not self.platforms or action.platform in self.platforms)
            and (not self.categories or action.category in self.categories)
        )

    def matches(self, case: Case) -> bool:
        """Tell whether the case, which it `fits`, is one that it is about in all else too."""
        action = case.action
        return (
            (not self.relations or case.target.relation in self.relations)
            and (not self.removals or (action.removal or UNSTATED) in self.removals)
            and (not self.comments or (action.comment or UNSTATED) in self.comments)
            and (not self.contains or self.contains <= case.contents)
            and (not self.approval or case.own_approval in self.approval)
            and (not self.answers_comments or case.own_answers in self.answers_comments)
            and (not self.own_hours or case.own_hours in self.own_hours)
            and (not self.emergency or case.urgency in self.emergency)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a rule says where it has something to say."""

    effect: Decision
    message: Words
    clauses: tuple[str, ...] = ()
    role: Role | None = None
    """With `escalate`: who lifts it."""
    is_guess: bool = False
    """A machine's guess: for an entitled sender of `/sns now` it asks for a look and does not hold the post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a pack, ready to be asked."""

    id: str
    kind: str
    clause: str | None
    """The clause that it stands under; None where it is the city's own choice."""
    applies: Applies
    outcomes: Mapping[str, Outcome]
    check: Check
    yields_to_answers: bool = False
    """Silent on an account whose own policy answers comments."""
    falls_back: bool = False
    """Reaches accounts with a policy of their own only through the fallback clause, and then names it."""
    ok: tuple[Mapping[str, object], ...] = ()
    """Examples that the rule must let pass, as variations of the pack's example."""
    ng: tuple[Mapping[str, object], ...] = ()
    """Examples that it must object to."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Its parameters as the pack writes them, for showing: those that the document gives."""
    own_choice: Mapping[str, object] = field(default_factory=dict)
    """The same: those that the city chose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSpec:
    """A question that a pack asks, and what the wrong answer leads to."""

    id: str
    clause: str | None
    question: Words
    when: str
    applies: Applies
    refused: Outcome
    _asked: dict[tuple[bool | None, bool], Question] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """Six at most."""

    def asked(self, *, answer: bool | None, is_signed_off: bool) -> Question:
        """Return the question with the answer that was given; where nobody signs the post off, its author answers."""
        key = answer, is_signed_off
        if key not in self._asked:
            when = self.when if is_signed_off or self.when != "approve" else "draft"
            self._asked[key] = Question(
                id=self.id, clause=self.clause, question=self.question, when=when, answer=answer
            )
        return self._asked[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpec:
    """One step of a route as the pack writes it."""

    name: Words
    role: Role
    section: str
    """The section that signs; empty: the account's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSpec:
    """The sign-off that some posts need."""

    id: str
    clause: str | None
    applies: Applies
    steps: tuple[StepSpec, ...]
    afterwards: Role
    """Who signs after `/sns now`, which did not wait for the steps (A06)."""
    clauses: tuple[str, ...]
    """What an open step cites: the clause above, or those that the pack names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """A duty that some actions create."""

    id: str
    clause: str | None
    title: Words
    role: Role
    applies: Applies
    is_due_at_opening: bool
    """False: at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """An account kind whose posts another kind of account of the same city must repost by itself."""

    clause: str
    source: AccountKind
    by: AccountKind
    platforms: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Which accounts follow this pack only where their own policy is silent, and the clause that says so."""

    clause: str | None
    account_kinds: frozenset[AccountKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """What a pack says in cases that every pack knows; placeholders as in any message."""

    sign_off: Words
    """The sign-off is still open: {step}, {role}."""
    sign_off_after: Words
    """The title of the task that makes up for it afterwards: {step}."""
    own_policy: Words
    """The account's own policy lets what the pack would ask about."""
    lifted: Words
    """A role has consented: {role}, {reason}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What of a pack can have something to say about actions of one kind on accounts of one kind."""

    rules: tuple[Rule, ...]
    questions: tuple[QuestionSpec, ...]
    routes: tuple[RouteSpec, ...]
    """The first that applies is the one."""
    tasks: tuple[TaskSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pack:
    """A city's rules, ready to judge by; `policy.packs.load_pack` builds it. Each is equal to itself alone."""

    name: str
    document: Words
    edition: str
    in_force: str
    """The day its document took effect, as the document gives it."""
    platforms: frozenset[str]
    contacts: frozenset[str]
    """Numbers and addresses that are public already."""
    sites: frozenset[str]
    """Domains that are known to be the city's or another public office's; their subdomains too."""
    titles: Mapping[tuple[bool, Role], Words]
    """What the city calls a role, by (is the account official, role)."""
    sentences: Sentences
    fallback: Fallback | None
    clauses: Mapping[str, Clause]
    rules: tuple[Rule, ...]
    questions: tuple[QuestionSpec, ...]
    routes: tuple[RouteSpec, ...]
    tasks: tuple[TaskSpec, ...]
    mirrors: tuple[Mirror, ...]
    example: Mapping[str, object]
    """The action that the rules' examples vary, as `sns policy check` writes it."""
    _selections: dict[tuple[ActionKind, AccountKind, str, Category | None], Selection] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def citation(self, clause_id: str) -> Citation:
        """Return what to show for a clause; raises KeyError for a clause that the pack does not have."""
        clause = self.clauses[clause_id]
        return Citation(document=self.document, section=clause.section, quote=clause.quote)

    def about(self, action: Action) -> Selection:
        """Return what can have something to say about an action, in the document's order; chosen once a kind of it."""
        key = (action.kind, action.account.kind, action.platform, action.category)
        found = self._selections.get(key)
        if found is None:
            found = self._selections[key] = Selection(
                rules=tuple(one for one in self.rules if one.applies.fits(action)),
                questions=tuple(one for one in self.questions if one.applies.fits(action)),
                routes=tuple(one for one in self.routes if one.applies.fits(action)),
                tasks=tuple(one for one in self.tasks if one.applies.fits(action)),
            )
        return found

    def title(self, role: Role, kind: AccountKind) -> Words:
        """Return what the city calls a role beside an account of that kind."""
        return self.titles[kind is AccountKind.OFFICIAL, role]

    def mirror_of(self, source: AccountKind, platform: str) -> Mirror | None:
        """Return the order to repost what accounts of that kind post there, or None."""
        for mirror in self.mirrors:
            if mirror.source is source and platform in mirror.platforms:
                return mirror
        return None

    def follows_own_policy(self, kind: AccountKind) -> bool:
        """Tell whether the account's own registered policy goes before this pack where it says something."""
        return self.fallback is not None and kind in self.fallback.account_kinds
