"""Holds: disaster mode, for the whole city or one section or account, and what waits afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from publisher.delivery import DeliveryKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.api.acts import Act, Outcome


class Triage(StrEnum):
    """What a person says of a delivery that a hold has stopped."""

    SEND = "send"
    DO_NOT_SEND = "do_not_send"
    LATER = "later"
    """It keeps waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """One hold in force."""

    where: str
    """The name of the account, the section or the city."""
    target: str
    """The key of the account or the section; empty for the whole city."""
    reason: str
    started_by: str
    """A person's name."""
    started_at: datetime
    under_way: int
    """How many deliveries that were on their way when it began have not ended yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """One delivery on the triage list."""

    delivery: str
    number: str
    account_name: str
    excerpt: str
    planned_at: datetime
    latest_at: datetime | None
    is_late: bool
    """Its latest useful time has passed."""
    is_disaster_related: bool
    is_in_force: bool
    """A hold still stops it: only what is related to the disaster can go, after the PR division's word."""
    question: str = ""
    """Names the question that is open, as `DeliveryLine.question`."""
    kind: DeliveryKind = DeliveryKind.PUBLISH
    """A publication or a repost."""


class Holding(Protocol):
    """Disaster mode."""

    def hold(self, act: Act, *, target: str = "", reason: str = "", waited_seconds: float = 0.0) -> Outcome:
        """Stop every routine delivery, of the city or of one account or section; from the commit on none is begun.

        Args:
            act: The act; of the whole city by its managers and emergency senders, of an account or a section also by
                whoever decides in it.
            target: The key or the name of an account or a section; empty: the whole city.
            reason: Why.
            waited_seconds: How long ago it was ordered, where a breakdown kept it.

        Outcomes: `hold_began` (nothing is on its way), `hold_began_moving` (params `count`, `accounts`: what is on its
        way and can't be stopped; a notice tells when it has ended), `held_already` (params `by`, `since`); each with
        params `where`, `target` (its key, empty for the city) and `platforms` (whose own consoles may hold scheduled
        posts: keys, joined by commas).
        Of one that was kept too long, and begins nothing: `hold_overtaken` (somebody said a hold or a resume of the
        same since; params `where`, `minutes`, `by`, `since`), `hold_came_late` (it is older than posts are useful; the
        others who may order it hear of it; params `where`, `minutes`).

        Raises:
            Refusal: `hold_target_unknown` (params `name`, `known`), `not_yours_to_hold` (param `who`).
        """
        ...

    def resume(self, act: Act, *, target: str = "", note: str = "", waited_seconds: float = 0.0) -> Outcome:
        """Lift a hold. What it stopped waits for a person's word; nothing goes by itself.

        *waited_seconds*: how long ago it was said, where a breakdown kept it.

        Outcomes: `hold_lifted` (params `where`, `count`: how many wait), `not_held` (param `where`), `resume_came_late`
        (it was said before this hold began, and lifts none; params `where`, `since`).

        Raises:
            Refusal: As `hold`.
        """
        ...

    def target_in(self, city: str, words: str) -> tuple[str, str]:
        """Return the key of the account or section that *words* begin with, by its key or its name, and the rest.

        No key, and all the words, where they begin with none: the whole city is meant.
        """
        ...

    def listing(self, city: str) -> Sequence[HoldView]:
        """Return the holds in force, oldest first."""
        ...

    def waiting(self, city: str) -> Sequence[HeldView]:
        """Return what holds have stopped and nobody decided yet, by its planned time."""
        ...

    def find(self, city: str, delivery: str) -> HeldView | None:
        """Return one of `waiting`, or None where it waits no more."""
        ...

    def decide(
        self,
        act: Act,
        *,
        delivery: str,
        answer: Triage,
        reason: str = "",
        question: str | None = None,
        waited_seconds: float = 0.0,
    ) -> Outcome:
        """Say what becomes of a delivery that a hold has stopped.

        *question* is the one that the person saw (`HeldView.question`); None: the one that is open now.
        *waited_seconds*: how long ago it was said, where a breakdown kept it.

        Outcomes: `triage_send`, `triage_cancel`, `triage_later`, `triage_already`, `triage_stale` (it was stopped anew
        since that question), `triage_came_late` (a *send* of so long ago holds no more; param `minutes`); each with
        param `account`.

        Raises:
            Refusal: `no_such_delivery`; `hold_in_force` (param `where`: a hold stops it still, and it is not related
                to the disaster); `not_pr_division` (param `who`); `not_yours_to_answer` (param `who`).
        """
        ...

    def mark(self, act: Act, *, number: str) -> Outcome:
        """Mark a post as related to the disaster (roads, water, schools).

        Outcomes: `marked_related`, `marked_already`.

        Raises:
            Refusal: `no_such_post`, `not_yours_to_mark` (param `who`).
        """
        ...
