"""The words of policy: what is asked (`Action`, `Facts`) and what is answered (`Verdict`).

The names are those of the form of `sns policy check`; nothing here knows a city, a platform's limits
or a database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, time

UNSTATED = "unstated"
"""In a pack: a deletion whose reason, or a comment whose kind, nobody has given; a matter on which the account's own
policy says nothing."""


class Decision(StrEnum):
    """How strong a finding is, weakest first."""

    ALLOW = "allow"
    WARN = "warn"
    ESCALATE = "escalate"
    """A named role must consent, with a reason."""
    BLOCK = "block"
    """Nobody can lift it."""

    @property
    def rank(self) -> int:
        """The place in the order allow < warn < escalate < block, from 0."""
        return _RANKS[self]


_RANKS = {decision: rank for rank, decision in enumerate(Decision)}


class ActionKind(StrEnum):
    """What somebody wants to do on an account."""

    PUBLISH = "publish"
    REPOST = "repost"
    UNDO_REPOST = "undo_repost"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    REPLY = "reply"
    LIKE = "like"
    DIRECT_MESSAGE = "direct_message"
    POLL = "poll"
    PIN = "pin"
    DELETE = "delete"
    CORRECT = "correct"
    HIDE_REPLY = "hide_reply"
    DELETE_COMMENT = "delete_comment"
    ANSWER_COMMENT = "answer_comment"


class AccountKind(StrEnum):
    """Whose voice an account is."""

    OFFICIAL = "official"
    SECTION = "section"
    FIELD = "field"
    RELATED = "related"


class Role(StrEnum):
    """What a person may be; the title shown is the city's own."""

    AUTHOR = "author"
    OPERATOR = "operator"
    APPROVER = "approver"
    RESPONSIBLE = "responsible"
    MANAGER = "manager"
    EMERGENCY = "emergency"
    SCHEDULER = "scheduler"
    """The system itself."""


class Category(StrEnum):
    """The kind of information in a post."""

    ADMINISTRATION = "administration"
    WEBSITE = "website"
    LIVING = "living"
    PUBLICITY = "publicity"
    DISASTER = "disaster"
    PROMOTION = "promotion"
    EVENT = "event"
    TOURISM = "tourism"
    MAYOR = "mayor"
    OTHER = "other"


class EmergencyKind(StrEnum):
    """What `/sns now` is about."""

    EARTHQUAKE = "earthquake"
    STORM_FLOOD = "storm_flood"
    EVACUATION = "evacuation"
    WEATHER_WARNING = "weather_warning"
    J_ALERT = "j_alert"
    FIRE = "fire"
    ARMED_ATTACK = "armed_attack"
    EPIDEMIC = "epidemic"
    LIFELINE = "lifeline"
    EVENT_CANCELLATION = "event_cancellation"
    WEBSITE_OUTAGE = "website_outage"
    MISSING_PERSON = "missing_person"
    OTHER = "other"

    @property
    def is_disaster(self) -> bool:
        """True for a kind that lifts hours and sign-off (A06); the others lift nothing."""
        return self not in _NO_DISASTERS


_NO_DISASTERS = frozenset(
    {
        EmergencyKind.EVENT_CANCELLATION,
        EmergencyKind.WEBSITE_OUTAGE,
        EmergencyKind.MISSING_PERSON,
        EmergencyKind.OTHER,
    },
)


class Relation(StrEnum):
    """What the account of another is to the city."""

    SECTION_ACCOUNT = "section_account"
    """Another account of the city itself."""
    PUBLIC_BODY = "public_body"
    AFFILIATE = "affiliate"
    DESIGNATED_MANAGER = "designated_manager"
    TRANSPORT = "transport"
    COSPONSORED = "cosponsored"
    OTHER = "other"


class MediaKind(StrEnum):
    """What a file shows."""

    IMAGE = "image"
    VIDEO = "video"


class SignOff(StrEnum):
    """What an account's own registered policy says of the sign-off per post."""

    REQUIRED = "required"
    NOT_REQUIRED = "not_required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One sentence for people, in both languages."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHours:
    """Hours that an account's own policy sets, in Japan Standard Time; both ends are inside."""

    every_day: bool
    """True: also on closed days. False: open days only (A01)."""
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """What the account's own registered policy says; None where it says nothing."""

    approval: SignOff | None = None
    hours: AccountHours | None = None
    answers_comments: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account acted on."""

    key: str
    kind: AccountKind
    section: str = ""
    settings: AccountSettings = field(default_factory=AccountSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts."""

    roles: frozenset[Role] = frozenset()
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file of the post, as policy sees it."""

    kind: MediaKind = MediaKind.IMAGE
    alt: str = ""
    has_people: bool = False
    has_consent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The account of another, for a repost or a follow."""

    relation: Relation = Relation.OTHER
    is_about_city: bool = False
    is_policy_aligned: bool = False
    """The head has recognised that it agrees with a policy of the city."""
    is_verified_official: bool = False
    source_platform: str = ""
    is_disaster: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPost:
    """An earlier post; without an account, one of the same account."""

    at: datetime
    text: str
    account: str | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An exception already given by a role; it counts only with a reason."""

    role: Role
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What somebody wants to do; the same whichever pack judges it."""

    kind: ActionKind
    at: datetime
    """The instant of publication or of the action; aware."""
    planned_at: datetime | None = None
    """Where a post was planned for another instant than `at` (A04)."""
    platform: str
    """`x`, `line`, `facebook` or `youtube`."""
    account: Account
    actor: Actor | None = None
    """None: nobody is named, and no rule about persons is asked."""
    text: str = ""
    media: tuple[Media, ...] = ()
    category: Category | None = None
    emergency: EmergencyKind | None = None
    """The kind given with `/sns now`; None for an ordinary action."""
    target: Target | None = None
    history: tuple[PastPost, ...] = ()
    removal: str | None = None
    """Why a post is deleted: `error`, `takeover` or T01 to T26."""
    comment: str | None = None
    """What a user's comment is: T01 to T26, `opinion`, `inquiry` or `misleading`."""
    findings_confirmed: frozenset[str] = frozenset()
    """Content categories (T01 to T26) that a person confirmed."""
    grants: tuple[Grant, ...] = ()
    approved: bool = True
    """Whether the ordinary sign-off covers exactly this text, media, account and time."""
    answers: Mapping[str, bool] = field(default_factory=dict)
    """Answers to checklist questions by the question's id: True is the answer that lets the post go."""
    declared_contacts: frozenset[str] = frozenset()
    """Landlines and addresses in the text that the sender of `/sns now` declares to be the city's own (a shelter,
    the headquarters): a fact that is recorded, no grant, and never a mobile number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A place in the text: characters from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says of the action."""

    rule: str
    effect: Decision
    clauses: tuple[str, ...]
    message: Words
    role: Role | None = None
    """With `escalate`: who can lift it."""
    spans: tuple[Span, ...] = ()
    next_open: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStep:
    """One step of the sign-off that the post needs."""

    name: Words
    role: Role
    clause: str | None
    """The clause that orders it; None where it is the city's own choice."""
    section: str = ""
    """The section whose holder of the role signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What only a person can judge."""

    id: str
    clause: str | None
    question: Words
    when: str
    """`draft`: the author answers; `approve`: the approver; `request`: whoever asks for the action."""
    answer: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A duty that the action creates."""

    clause: str | None
    title: Words
    role: Role
    due: datetime | None = None
    """When it should be done; None: at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the pack says of the action."""

    decision: Decision
    role: Role | None = None
    findings: tuple[Finding, ...] = ()
    """Strongest first."""
    next_open: datetime | None = None
    route: tuple[RouteStep, ...] = ()
    checklist: tuple[Question, ...] = ()
    tasks: tuple[Task, ...] = ()
    text: str | None = None
    """The text as it would be sent where the policy completes it, else None."""

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that decide: those of the findings as strong as the decision, each once."""
        deciding = (f for f in self.findings if f.effect is self.decision)
        return tuple(dict.fromkeys(clause for f in deciding for clause in f.clauses))
