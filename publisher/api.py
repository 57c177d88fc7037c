"""What the faces may ask of the heart: requests, answers and the services' signatures.

Services are protocols here and classes in their own modules; `publisher.compose.build` returns them as one
`Services`. Every changing call takes an `Act`: who does it, and the key under which it is done once. A repeated
act returns the first one's outcome with `is_repeat` set. A service refuses with `publisher.errors.Refusal`.

The faces translate: times are aware UTC here, people see Asia/Tokyo; codes with params become sentences.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from platforms.port import Length, Plan, Remark
from publisher.delivery import DeliveryKind, DeliveryState
from publisher.post import Outlook, PostState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

__all__ = ["DeliveryKind", "DeliveryState", "Length", "Outlook", "Plan", "PostState", "Remark"]  # more below


# ── people ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that one person did, once."""

    city: str
    person: str
    """The person's key in the city file; roles are looked up at the moment of the act."""
    key: str
    """Unique for ever: built from Slack's own ids, e.g. `slack:view:V123:hash`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence that comes from a pack or a city file, in both languages."""

    ja: str
    en: str

    def in_(self, locale: str) -> str:
        """Return the English words for an English locale, else the Japanese ones."""
        return self.en if locale.startswith("en") else self.ja


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of staff as the city file describes him or her today."""

    key: str
    name: str
    title: str
    """The city's own title: 係長, 課長."""
    sections: tuple[str, ...]
    """Section keys, the main one first."""
    section_name: str
    roles: frozenset[str]
    """Every role held today, through any position: author, operator, approver, responsible, manager, emergency."""
    slack_user: str | None


class People(Protocol):
    """Who is who, today."""

    def by_slack(self, team: str, user: str) -> tuple[str, Person] | None:
        """Return (city key, person) of a Slack user, or None for a stranger."""
        ...

    def get(self, city: str, person: str) -> Person:
        """Return a person by key.

        Raises:
            NotFoundError: Nobody has this key.
        """
        ...

    def with_role(self, city: str, role: str) -> Sequence[Person]:
        """Return those who hold *role* today."""
        ...


# ── drafting ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoice:
    """An account that a person may draft for."""

    key: str
    name: str
    """As people know it: 「柏市公式X @kashiwa_shi」."""
    platform: str
    kind: str
    is_preselected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of posts, as the city's packs name it."""

    key: str
    name: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class FormModel:
    """What the draft form offers to this person; the current values where a draft is edited."""

    number: str | None
    """`K-12` when a draft is edited."""
    version: int | None
    section: str
    section_name: str
    accounts: tuple[AccountChoice, ...]
    categories: tuple[Category, ...]
    form: DraftForm
    """Initial values."""
    returned_note: str | None
    """Why it was sent back, with the name in front, when it was."""
    media: tuple[MediaView, ...] = ()
    """Files that the draft already has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaView:
    """A stored file, for showing."""

    sha256: str
    kind: str
    name: str
    alt: str
    path: Path
    mime: str
    source: str
    """Where it came from: `slack:F123`, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaChoice:
    """A file for a draft: already in the media store (see `Drafting.add_media`)."""

    sha256: str
    alt: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftForm:
    """What a person filled in."""

    section: str
    """The section on whose behalf."""
    text: str
    accounts: tuple[str, ...]
    category: str | None
    variants: Mapping[str, str] = field(default_factory=dict)
    """By platform; absent or empty: the common text."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """By platform (YouTube)."""
    publish_at: datetime | None = None
    """None: as soon as it is approved (and open)."""
    latest_at: datetime | None = None
    """The latest useful time; None: the city's default after `publish_at`."""
    media: tuple[MediaChoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A mistake in a form, as a code with params."""

    place: str
    """The field it stands beside: a name of `DraftForm`, or `variants.x`, `titles.youtube`."""
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where in a document a finding rests."""

    clause: str
    """`kashiwa-2-4-ki-hours`."""
    document: Said
    section: str
    """`2(4)キ`."""
    quote: str
    """The document's own words; empty for a rule of the city's own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """What the policy says on one point."""

    effect: str
    """allow, warn, escalate, block."""
    message: Said
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of a route, for showing."""

    name: Said
    is_final: bool
    """決裁 (else 承認)."""
    deciders: tuple[str, ...]
    """Names with titles of those who can decide it today."""
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision: str | None = None
    """What was decided: a word of `Decision`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """One account's version as it will appear, with what the policy says of it."""

    account: str
    name: str
    platform: str
    kind: str
    plan: Plan
    decision: str
    findings: tuple[FindingView, ...]
    next_open: datetime | None
    steps: tuple[StepView, ...]
    mirrored_by: str | None = None
    """The name of the official account that will repost it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A saved draft, judged: what its author sees before it goes in."""

    number: str
    version: int
    form: DraftForm
    media: tuple[MediaView, ...]
    panes: tuple[Pane, ...]
    offer_open_at: datetime | None
    """Set where hours are the obstacle: the next opening, to be offered."""
    can_submit: bool
    """False where an account's plan is refused, or the policy blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an act led to."""

    code: str
    """Each service names its codes in its docstring; `chatops.messages` has a sentence for each."""
    number: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
    is_repeat: bool = False
    """The act had been done before; this is its first outcome."""


class Drafting(Protocol):
    """From a blank form to a submitted version."""

    def open_form(self, city: str, person: str, text: str = "") -> FormModel:
        """Return a blank form for *person*, with *text* filled in.

        Raises:
            Refusal: `not_author`: the person may not write for any account.
        """
        ...

    def edit_form(self, city: str, person: str, number: str) -> FormModel:
        """Return the form of a draft, of a returned post, or of one not yet out, with its values.

        Raises:
            Refusal: `no_such_post`, `not_your_section`, `not_editable`.
        """
        ...

    def mistakes(self, city: str, person: str, form: DraftForm) -> Sequence[Mistake]:
        """Check a form in memory: nothing is stored, no file is opened, a few milliseconds.

        Codes: `text_empty`, `no_account`, `category_missing`, `time_past`, `time_not_clear`,
        `latest_before_time`, `too_long` (params used, limit, unit, platform), `title_missing`.
        """
        ...

    def add_media(self, city: str, path: Path, name: str) -> MediaView:
        """Take a file into the media store after looking into it.

        Raises:
            Refusal: `media_…` codes of `publisher.media`, field `media`, param `name`.
        """
        ...

    def save(self, act: Act, form: DraftForm, *, number: str | None, version: int | None) -> Review:
        """Store the form as a new version of a draft and judge it.

        Raises:
            Refusal: A code of `mistakes`; `edited_meanwhile` where *version* is not the newest;
                `not_your_section`, `not_editable`, `account_not_allowed`, `media_missing` (param `name`).
        """
        ...

    def review(self, city: str, person: str, number: str) -> Review:
        """Judge the newest version again.

        Raises:
            Refusal: `no_such_post`, `not_your_section`.
        """
        ...

    def submit(self, act: Act, *, number: str, version: int, at_opening: bool) -> Outcome:
        """Put a draft into its round; with *at_opening* its time is moved to the next opening first.

        Outcomes: `submitted` (param `waiting_for`), `approved_by_rule` (an empty route), `submitted_already`.

        Raises:
            Refusal: `plan_refused` (params `account`, `reason`: a remark's code, and the remark's own),
                `policy_blocks` (param `account`, and those of `publisher.explaining.why_blocked`),
                `edited_meanwhile`, `not_your_section`, `time_past`, `latest_before_time`.
        """
        ...

    def withdraw(self, act: Act, *, number: str) -> Outcome:
        """取下げ: the author's section takes a submitted post back. Outcome: `withdrawn`.

        Raises:
            Refusal: `no_such_post`, `not_your_section`, `not_submitted`.
        """
        ...


# ── approving ───────────────────────────────────────────────────────────────────────────────────────


class Decision(StrEnum):
    """What an approver says."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the checklist that a person must answer with yes."""

    key: str
    """The clause id, or a key of the pack's."""
    text: Said
    citation: Citation | None


class Approving(Protocol):
    """The round: decisions on a submitted version."""

    def questions(self, city: str, person: str, *, number: str, version: int) -> Sequence[Question]:
        """Return what *person* must answer before approving; also says early that he or she can't.

        Raises:
            Refusal: As `decide`.
        """
        ...

    def decide(
        self,
        act: Act,
        *,
        number: str,
        version: int,
        decision: Decision,
        note: str = "",
        answers: Mapping[str, bool] | None = None,
    ) -> Outcome:
        """Decide every line whose open step this person can decide.

        Outcomes: `step_approved` (further steps are open; param `waiting_for`), `approved` (the last
        line is approved; param `publish_at`), `returned`, `rejected`, `decided_already` (params `by`, `decision`: also
        `approve_step` where further steps followed).

        Raises:
            Refusal: `no_such_post`, `own_post` (author or last editor), `not_your_step` (param `who`),
                `version_changed`, `note_missing` (also where a consent needs a reason), `answers_missing` (param
                `count`), `not_submitted` (param `state`),
                `plan_refused`, `policy_blocks`, `policy_escalates` (params `role`, `who`), `too_late`.
        """
        ...


# ── emergencies ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChoice:
    """A kind of disaster, or of what is none."""

    key: str
    name: Said
    is_disaster: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideForm:
    """The one confirmation of `/sns now`."""

    text: str
    kind: str | None
    """Guessed from the text."""
    kinds: tuple[KindChoice, ...]
    panes: tuple[Pane, ...]
    silent: tuple[str, ...]
    """Section accounts that stay silent, by name."""
    reposting: tuple[str, ...]
    """Section accounts that repost the official post, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideOrder:
    """What the duty officer confirmed."""

    text: str
    kind: str
    reason: str
    variants: Mapping[str, str] = field(default_factory=dict)
    """A shorter text by platform."""
    category: str = "disaster"


class Overriding(Protocol):
    """`/sns now`."""

    def open_form(self, city: str, person: str, text: str, variants: Mapping[str, str] | None = None) -> OverrideForm:
        """Preview an emergency post.

        Raises:
            Refusal: `not_emergency` (param `who`: names of those who can), `text_empty`, `no_emergency_account`.
        """
        ...

    def send(self, act: Act, order: OverrideOrder) -> Outcome:
        """Send at once on the emergency accounts; what no account can take is refused as a whole.

        Outcomes: `sent_now` (params `going`, `refused`: account names), `goes_the_ordinary_way` (the kind is no
        disaster: a draft was submitted; param `waiting_for`).

        Raises:
            Refusal: `not_emergency`, `text_empty`, `reason_missing`, `kind_missing`, `policy_blocks`,
                `plan_refused` (no account takes it; params as for `submit`).
        """
        ...

    def sign_off(self, act: Act, *, number: str, note: str = "") -> Outcome:
        """後閲: the manager signs an emergency post after the fact. Outcomes: `signed_off`, `signed_already`.

        Raises:
            Refusal: `no_such_post`, `not_manager`, `own_sign_off` (param `who`), `nothing_to_sign`.
        """
        ...


# ── afterwards ──────────────────────────────────────────────────────────────────────────────────────


class Answer(StrEnum):
    """What a person says of a delivery in `asked`."""

    IT_IS_THERE = "it_is_there"
    SEND = "send"
    DO_NOT_SEND = "do_not_send"


class Deciding(Protocol):
    """Stopping posts, and answering the ledger's questions."""

    def cancel(self, act: Act, *, number: str, reason: str = "") -> Outcome:
        """Stop what has not gone out.

        Outcomes: `cancelled` (params `stopped`, `gone`, `under_way`: account names, may be empty),
        `cancelled_already`, `all_gone` (nothing was left to stop).

        Raises:
            Refusal: `no_such_post`, `not_yours_to_cancel` (param `who`).
        """
        ...

    def answer(self, act: Act, *, delivery: str, answer: Answer) -> Outcome:
        """Answer a question about a delivery.

        Outcomes: `answered_sent`, `answered_send`, `answered_cancel`, `answered_already`.

        Raises:
            Refusal: `no_such_delivery`, `not_yours_to_answer` (param `who`).
        """
        ...


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """One delivery, for showing."""

    id: str
    account: str
    account_name: str
    platform: str
    kind: DeliveryKind
    state: DeliveryState
    due_at: datetime | None
    sent_at: datetime | None
    url: str | None
    account_url: str | None
    """The account's own page, for looking."""
    problem: Remark | None
    """Why it failed, waits or is asked about."""
    objection: str | None = None
    """`late` or `policy`: what a person who says *send* sets aside. None: nothing is known against sending."""
    who: str | None = None
    """Who must act: `it`, `manager` or `author`; None where it goes on by itself."""
    is_doubtful: bool = True
    """Asked about because it may be there already; False where nothing of it was sent."""
    late_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One thing that happened to a post."""

    at: datetime
    who: str
    code: str
    """An audit event's kind: `submitted`, `step_approved`, `returned`, …"""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffView:
    """後閲 of an emergency post, for showing."""

    opened_at: datetime
    """When the post was sent."""
    signed_by: str | None
    """The name with its title; None while it is open."""
    signed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A post, whole, as the approval card, `/sns show` and the calendar show it."""

    post_id: str
    number: str
    version: int
    state: PostState
    outlook: Outlook
    is_emergency: bool
    emergency_kind: KindChoice | None
    reason: str
    author: str
    section_name: str
    category: Category | None
    form: DraftForm
    media: tuple[MediaView, ...]
    panes: tuple[Pane, ...]
    questions: tuple[Question, ...]
    waiting_for: tuple[str, ...]
    """Names of those who can decide what is open now."""
    next_is_final: bool
    """The open step's button says 決裁 (else 承認)."""
    deliveries: tuple[DeliveryLine, ...]
    history: tuple[HistoryLine, ...]
    sign_off_open: bool
    """後閲 is still to be given."""
    sign_off: SignOffView | None = None
    """後閲 as it stands; None where the post needs none."""
    channel: str
    """The Slack channel for its card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A post in `/sns queue`."""

    number: str
    state: PostState
    outlook: Outlook
    publish_at: datetime | None
    section_name: str
    excerpt: str
    accounts: tuple[str, ...]
    waiting_for: tuple[str, ...]


class Board(Protocol):
    """Reading."""

    def queue(self, city: str, person: str) -> Sequence[QueueLine]:
        """Return what is in the round or waiting to go out, soonest first."""
        ...

    def card(self, city: str, number: str) -> CardView:
        """Return a post, whole.

        Raises:
            Refusal: `no_such_post`.
        """
        ...

    def delivery(self, city: str, delivery: str) -> tuple[str, DeliveryLine]:
        """Return (post number, delivery).

        Raises:
            Refusal: `no_such_delivery`.
        """
        ...


# ── notices ─────────────────────────────────────────────────────────────────────────────────────────


class NoticeKind(StrEnum):
    """What a person must be told. The courier renders each from the state at the moment of sending."""

    CARD = "card"
    """The card must be posted, or brought up to date. Coalesced by post."""
    DELIVERY = "delivery"
    """A delivery reached a state that people hear of (sent, failed, waiting for opening). In the card's thread."""
    ASK = "ask"
    """A delivery is in `asked`: the question with its buttons. In the card's thread, and to the channel."""
    DECIDED = "decided"
    """The author hears of a decision (params: decision, by, note; approved: publish_at). Direct message."""
    SIGN_OFF = "sign_off"
    """The managers hear that an emergency post awaits their 後閲. Channel."""
    ANSWER = "answer"
    """The outcome of an act, to the person who did it (params: code, number, …). Direct message."""
    EXPIRED = "expired"
    """A post's latest useful time passed before it was approved. Thread and author."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that a person must be told, written in the transaction that caused it."""

    id: str
    city: str
    kind: NoticeKind
    number: str | None
    """The post it is about."""
    delivery: str | None
    person: str | None
    """To whom, where it is a person."""
    params: Mapping[str, str | int]
    attempts: int
    """How often it was tried before: more than 0 means that it may be there already."""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackRef:
    """A message in Slack."""

    channel: str
    ts: str


class NoticeBox(Protocol):
    """What the courier needs: leases, and where the cards are."""

    def claim(self, limit: int = 20) -> Sequence[Notice]:
        """Lease up to *limit* notices that are due, oldest first; of one post's CARD notices only the newest."""
        ...

    def done(self, notice: Notice, ref: SlackRef | None = None) -> None:
        """Tick a notice off."""
        ...

    def failed(self, notice: Notice, *, retry_after_seconds: float, error: str) -> None:
        """Put a notice back for later."""
        ...

    def card_ref(self, city: str, number: str) -> SlackRef | None:
        """Return where a post's card is, or None."""
        ...

    def remember_card(self, city: str, number: str, ref: SlackRef) -> None:
        """Keep where a post's card is."""
        ...


# ── the whole ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLine:
    """One thing that `/healthz` and `sns serve` look at."""

    name: str
    is_well: bool
    detail: str


class Health(Protocol):
    """Whether it can work."""

    def check(self) -> Sequence[HealthLine]:
        """Look at the database, the worker's beat, the secrets and the accounts. Never raises."""
        ...


class PublicMedia(Protocol):
    """What `/media/<token>/<sha256>.<ext>` serves."""

    def find(self, token: str, name: str) -> tuple[Path, str] | None:
        """Return (file, MIME type) of a public media address, or None: nothing tells which part was wrong."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a face needs."""

    people: People
    drafting: Drafting
    approving: Approving
    overriding: Overriding
    deciding: Deciding
    board: Board
    notices: NoticeBox
    media: PublicMedia
    health: Health
