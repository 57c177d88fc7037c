"""What the duty officer does: holds, the word for each delivery that a hold stopped, and reports of events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.api import Act, EventOrder, OverrideOrder, Triage
from tests.chaos.city import PERSON

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from publisher.compose import Heart
    from tests.chaos.schedule import PlannedHold, PlannedPost

KIND = "storm_flood"


@dataclass(slots=True)
class Held:
    """One hold, as it was answered."""

    city: str
    answered_at: datetime
    """When the ledger had answered that nothing more begins."""
    named: int
    """How many calls the answer named as on their way."""
    lifted_at: datetime | None = None
    """When somebody went to lift it."""


class Duty:
    """Does everything through the services, with an act's own key for each: repeating is harmless."""

    def __init__(self, heart: Heart, clock: Callable[[], datetime]) -> None:
        self._services = heart.services
        self._clock = clock
        self._events: dict[str, int] = {}
        self._live: dict[str, Held] = {}
        self._to_ask_about: set[str] = set()
        self.holds: list[Held] = []
        self.replaced: dict[str, datetime] = {}
        """By mark: when the ledger had answered that a newer report takes its place."""
        self.let_go = 0
        """How many held deliveries were let go."""

    def hold(self, hold: PlannedHold) -> None:
        """Stop a city's routine."""
        outcome = self._services.holding.hold(self._act(hold.city, f"{hold.key}:hold"), reason="大雨")
        held = Held(city=hold.city, answered_at=self._clock(), named=int(outcome.params.get("count", 0)))
        self._live[hold.key] = held
        self.holds.append(held)

    def resume(self, hold: PlannedHold) -> None:
        """Lift it."""
        held = self._live.get(hold.key)
        if held is not None:
            held.lifted_at = held.lifted_at or self._clock()
            self._services.holding.resume(self._act(hold.city, f"{hold.key}:resume"))
            self._to_ask_about.add(hold.city)

    def triage(self) -> None:
        """Give the word for what holds stopped that are over."""
        for city in sorted(self._to_ask_about):
            for waiting in self._services.holding.waiting(city):
                if not waiting.is_in_force:
                    act = self._act(city, f"{waiting.delivery}:triage:{self._clock().isoformat()}")
                    outcome = self._services.holding.decide(act, delivery=waiting.delivery, answer=Triage.SEND)
                    self.let_go += outcome.code == "triage_send"

    def report(self, post: PlannedPost) -> str:
        """Send a report of a new event, or the next one of it; return its number."""
        order = EventOrder(areas=post.city, is_closing=False)
        if post.follows is not None:
            order = EventOrder(event=self._key_of(post), areas=post.city, is_closing=False)
        outcome = self._services.overriding.send(
            self._act(post.city, f"{post.mark}:send"),
            OverrideOrder(text=post.text, kind=KIND, reason="大雨", event=order, others_checked=True),
        )
        self._events[post.mark] = int(outcome.params["event"])
        if post.follows is not None:
            self.replaced.setdefault(post.follows, self._clock())
        return str(outcome.number)

    def _key_of(self, post: PlannedPost) -> str:
        form = self._services.overriding.open_form(post.city, PERSON, post.text, kind=KIND).event
        choices = () if form is None else form.choices
        return next(one.key for one in choices if one.number == self._events[post.follows or ""])

    @staticmethod
    def _act(city: str, key: str) -> Act:
        return Act(city=city, person=PERSON, key=f"chaos:{key}")
