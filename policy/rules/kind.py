"""What a kind of rule is: the parameters it takes, the outcomes it knows, and how a pack's rule is built from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date, datetime

    from policy.case import Case
    from policy.model import Span, Words
    from policy.pack import Check
    from policy.written import Written

Params: TypeAlias = "Mapping[str, Any]"
"""A rule's parameters as the reader of packs has checked them against the kind's `Param`s."""

MAX_SHOWN = 5
"""How many of the places found a message repeats; all of them are marked in the text."""
HINT_CHARS = 4
"""How much of personal information a message repeats at most, and never more than a third of it."""
HIT = "hit"
"""The outcome of a kind that knows only one; its rule writes `effect` and `message` without naming it."""


class ParamType(Enum):
    """What a parameter of a rule may hold."""

    TEXT = auto()
    TEXTS = auto()
    COUNT = auto()
    CLOCK = auto()
    """`08:30`, in Japan Standard Time."""
    ENTRIES = auto()
    """The lines of a whitelist."""
    TERMS = auto()
    """A dated list of terms: `{term: 避難勧告, since: 2021-05-20, instead: 避難指示}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One parameter of a kind of rule."""

    type: ParamType
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a whitelist: these relations, under these conditions, by these clauses."""

    clauses: tuple[str, ...]
    relations: frozenset[str]
    requires: frozenset[str] = frozenset()
    """`about_city`, `verified_official`, `policy_aligned`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One line of a list of terms that are no longer used."""

    term: str
    since: date
    """The first Japanese calendar day on which it is abolished or renamed."""
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that a rule has to say."""

    outcome: str = HIT
    fill: Mapping[str, str | Words] = field(default_factory=dict)
    """Values of the message's placeholders."""
    spans: tuple[Span, ...] = ()
    next_open: datetime | None = None
    clauses: tuple[str, ...] | None = None
    """Clauses in place of the outcome's own."""
    text: str | None = None
    """The text as the rule would complete it."""


@dataclass(frozen=True, slots=True)
class OnWording:
    """The check of a rule that looks at what is written and at nothing else, so that what it found can be kept.

    It is handed no case, but only what `policy.readings` keeps its findings under.
    """

    read: Callable[[Written], Iterable[Hit]]

    def __call__(self, case: Case) -> Iterable[Hit]:
        """Ask it about a case."""
        return self.read(case.written)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleKind:
    """A kind of rule, registered by name in `policy.rules.KINDS`."""

    build: Callable[[Params], Check]
    params: Mapping[str, Param] = field(default_factory=dict)
    outcomes: tuple[str, ...] = (HIT,)
    optional_outcomes: frozenset[str] = frozenset()
    """Those that a pack may leave unsaid; the rule is then silent about them."""
    placeholders: frozenset[str] = frozenset()
    """What a message may use beside the roles' titles."""
    allows: Mapping[str, Words] = field(default_factory=dict)
    """Outcomes that a pack does not write: where a rule is a guess they allow under its clauses, with these sentences;
    where it is none they are as its own outcome."""


TEXTS = Param(type=ParamType.TEXTS)
COUNT = Param(type=ParamType.COUNT)
CLOCK = Param(type=ParamType.CLOCK)
TEXT = Param(type=ParamType.TEXT)
ENTRIES = Param(type=ParamType.ENTRIES)
TERMS = Param(type=ParamType.TERMS)
FOUND = frozenset({"found"})


def build_always(_params: Params) -> Check:
    """Build a rule that speaks whenever it applies."""

    def check(_case: Case) -> Iterator[Hit]:
        yield Hit()

    return check


def quote_spans(text: str, spans: Iterable[Span]) -> str:
    """Quote places of a text for people, each wording once and the first few only: 「検討中」「未定」."""
    return _quote([text[span.start : span.end].strip() for span in spans])


def hint_spans(text: str, spans: Iterable[Span]) -> str:
    """Quote only how each place begins: a message is kept and shown where the whole must not be."""
    found = (text[span.start : span.end].strip() for span in spans)
    return _quote([f"{one[: max(1, min(HINT_CHARS, len(one) // 3))]}…" for one in found])


def _quote(found: list[str]) -> str:
    words = list(dict.fromkeys(found))
    return "".join(f"「{word}」" for word in words[:MAX_SHOWN]) + ("…" if len(words) > MAX_SHOWN else "")
