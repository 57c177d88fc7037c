"""How each platform counts a text, and how much it takes, for whoever asks without a post. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from platforms.facebook.plan import plan as plan_for_facebook
from platforms.line.plan import plan as plan_for_line
from platforms.port import Message
from platforms.weighted import MAX_WEIGHTED_CHARS, weighted_length
from platforms.youtube.plan import plan as plan_for_youtube

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from platforms.port import Length, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One platform's count of a post's text."""

    limit: int
    """How much it takes, in its own unit."""
    measure: Callable[[str], int]
    """Counts a text in that unit."""


def count_texts() -> Mapping[str, Count]:
    """Return each platform's count by its name, the same as its plan's."""
    planned = {"line": plan_for_line, "facebook": plan_for_facebook, "youtube": plan_for_youtube}
    counts = {"x": Count(limit=MAX_WEIGHTED_CHARS, measure=lambda text: weighted_length(_sound(text).strip()))}
    return counts | {name: _count(plan) for name, plan in planned.items()}


def _count(plan: Callable[[Message], Plan]) -> Count:
    def length(text: str) -> Length:
        return next(one for one in plan(Message(text=text)).lengths if one.field == "text")

    return Count(limit=length("").limit, measure=lambda text: length(_sound(text)).used)


def _sound(text: str) -> str:
    """Return *text* with halves of characters replaced: no platform could be sent them, and counting must not fail."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
