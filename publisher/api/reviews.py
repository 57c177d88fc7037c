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
class Excerpt:
    """A place in a text with a few characters around it, on one line."""

    before: str
    place: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """What the policy says on one point."""

    effect: str
    """allow, warn, escalate, block."""
    message: Said
    citations: tuple[Citation, ...]
    places: tuple[Excerpt, ...] = ()
    """Where in the text it was seen: the first three places."""


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
    """A question of the checklist: yes lets the post go; what a no leads to, the pack says."""

    key: str
    """Names the question and its very words, so that an answer is never taken for one to other words."""
    text: Said
    citation: Citation | None
    answer: bool | None = None
    """What was answered; in a review, what the author answered before, as a first value."""


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
    """False where an account's plan is refused, or the policy blocks whatever the author answers."""
    questions: tuple[Question, ...] = ()
    """What the author must answer before it goes in."""
    effect: str = "allow"
    """The strongest of what follows from the author's no: allow, warn, escalate, block."""
    consent_from: tuple[str, ...] = ()
    """Names of those who can give the consent that it needs, with a reason, in the round."""

    @property
    def asks(self) -> bool:
        """Whether the author has something to answer: questions, or who is in a picture."""
        return bool(self.questions or self.media)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What follows if a step is approved with these answers."""

    findings: tuple[FindingView, ...]
    """What the answers that say no lead to."""
    effect: str
    """The strongest of them: allow, warn, escalate, block."""
    consent_from: tuple[str, ...]
    """Names of those who would have to consent after this step."""
    needs_reason: bool
    """The person's own consent is needed, and counts only with a reason."""
