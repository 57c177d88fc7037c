"""The one confirmation of `/sns now`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.api.reviews import Pane
    from publisher.api.words import Said


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
