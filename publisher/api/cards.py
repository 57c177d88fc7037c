"""A post, whole, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from platforms.port import Remark
    from publisher.api.audit import Erased
    from publisher.api.corrections import CorrectionLink
    from publisher.api.drafts import Category, DraftForm, MediaView
    from publisher.api.emergencies import KindChoice
    from publisher.api.events import Newer, Replacing, ReportView
    from publisher.api.reviews import Pane, Question
    from publisher.delivery import DeliveryKind, DeliveryState
    from publisher.post import Outlook, PostState


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """The end of a publication that was deleted, or of a repost that was undone."""

    at: datetime
    by: str
    """The name, with its title, of who ordered it; empty where nobody had to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRecord:
    """What was kept of a publication before its deletion; its text, files and figures lie in the ledger."""

    account_name: str
    taken_at: datetime
    sent_at: datetime | None
    url: str | None
    """Where it was; nothing is there any more once it is deleted."""


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
    """`late`, `policy` or `hours`: what a person who says *send* sets aside. None: nothing is known against sending."""
    who: str | None = None
    """Who must act: `it`, `manager` or `author`; None where it goes on by itself."""
    is_doubtful: bool = True
    """Asked about because it may be there already; False where nothing of it was sent."""
    question: str = ""
    """Names the question that is open: an answer to an earlier one is none to this. Empty: nothing is asked."""
    late_seconds: int | None = None
    planned_at: datetime | None = None
    """When people meant it to go out."""
    latest_minutes: int | None = None
    """How long after its time it is still useful."""
    is_emergency: bool = False
    newer: Newer | None = None
    """What took its place, where it did not go out, or may not have."""
    taken_back: TakenBack | None = None
    """Set where it went out and is there no more: its link leads nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One thing that happened to a post."""

    at: datetime
    who: str
    code: str
    """An audit event's kind: `submitted`, `step_approved`, `returned`, …"""
    note: str
    is_erased: bool = False
    """What it said is gone (`CardView.erased`)."""


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
    """What the approvers of the open steps must answer."""
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
    author_answers: tuple[Question, ...] = ()
    """What the author answered when it was submitted."""
    report: ReportView | None = None
    """Its place in its event, where it is an emergency post."""
    replaced: tuple[Replacing, ...] = ()
    """What it took the place of."""
    erased: Erased | None = None
    """Set where two people had the post's content erased: the texts are empty, states and receipts are there."""
    corrections: tuple[CorrectionLink, ...] = ()
    """The posts that put this one right, and those that it puts right."""
    kept: tuple[KeptRecord, ...] = ()
    """What was kept of it before it was deleted, by account."""


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
    report: ReportView | None = None
