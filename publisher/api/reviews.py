"""A version as it will appear, with what the guideline says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from platforms.port import Plan
    from publisher.api.drafts import DraftForm, MediaView
    from publisher.api.words import Said


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
class Question:
    """A question of the checklist that a person must answer with yes."""

    key: str
    """The clause id, or a key of the pack's."""
    text: Said
    citation: Citation | None


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
