"""The one confirmation of `/sns now`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from publisher.api.events import NOTHING_CHOSEN, EventOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.api.events import EventForm
    from publisher.api.reviews import Pane
    from publisher.api.words import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChoice:
    """A kind of disaster, or of what is none."""

    key: str
    name: Said
    is_disaster: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundContact:
    """A landline, an e-mail address or a street address in the text that is not published."""

    key: str
    """Names it in `OverrideOrder.declared`, in whatever spelling it is written."""
    written: str
    """As it stands in the text."""
    contact: str
    """What is recorded where it is declared to be the city's own."""
    is_declared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideForm:
    """The one confirmation of `/sns now`."""

    text: str
    kind: str | None
    """The kind that was chosen, else the one that the text suggests."""
    kinds: tuple[KindChoice, ...]
    panes: tuple[Pane, ...]
    """Judged as a disaster's post where the kind is one or not known yet, else as an ordinary post with its route."""
    silent: tuple[str, ...]
    """Section accounts that stay silent, by name; none for an ordinary post."""
    reposting: tuple[str, ...]
    """Section accounts that repost the official post, by name; none for an ordinary post."""
    event: EventForm | None = None
    """To which event it belongs; None for what is no disaster."""
    contacts: tuple[FoundContact, ...] = ()
    """What the sender may declare to be the city's own; never a mobile, an individual number or a bank account."""

    @property
    def ordinary_kind(self) -> KindChoice | None:
        """The kind where it is no disaster."""
        return next((each for each in self.kinds if each.key == self.kind and not each.is_disaster), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideOrder:
    """What the duty officer confirmed."""

    text: str
    kind: str
    reason: str
    variants: Mapping[str, str] = field(default_factory=dict)
    """A shorter text by platform."""
    category: str = "disaster"
    declared: frozenset[str] = frozenset()
    """Contacts declared to be the city's own, by `FoundContact.key`; what is not in the text is left out."""
    others_checked: bool = False
    """The sender says that the contacts which are not declared may be published all the same."""
    event: EventOrder = NOTHING_CHOSEN
    """To which event it belongs; nothing is guessed here: what is None is a new event, and no level."""
    waited_seconds: float = 0.0
    """How long ago it was confirmed: after a breakdown it may have lain in the inbox."""
