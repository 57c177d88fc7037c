"""What somebody has filled in of `/sns now`, and what was previewed. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from chatops.features.now.event_fields import drawn_order, read_event
from chatops.features.now.ids import NowId
from publisher.api import NOTHING_CHOSEN, EventOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.api import EventForm, OverrideForm

OTHERS: Final = "others"
"""The value of the box for all contacts that are not the city's own."""
_SHORT: Final = f"{NowId.SHORT}."
_MARK_CHARS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What somebody has filled in; it is kept whenever the form is built again."""

    text: str = ""
    kind: str | None = None
    reason: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    """A shorter text by platform."""
    ticks: frozenset[str] = frozenset()
    """Values of ticked boxes: keys of contacts, and `OTHERS`."""
    event: EventOrder = NOTHING_CHOSEN
    """What was chosen of its event; the rest is left to the heart."""

    @property
    def declared(self) -> frozenset[str]:
        """The contacts declared to be the city's own."""
        return self.ticks - {OTHERS}

    @property
    def others_checked(self) -> bool:
        """Whether the other contacts may be published too."""
        return OTHERS in self.ticks


def read_filled(view: Mapping[str, Any], kept: Mapping[str, Any]) -> Filled:
    """Read a form: what its fields hold, and what it has *kept* of boxes that it does not show now."""
    values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]

    def typed(block: str) -> str:
        return str((values.get(block) or {}).get(block, {}).get("value") or "").strip()

    variants = {block.removeprefix(_SHORT): typed(block) for block in values if block.startswith(_SHORT)}
    chosen = (values.get(NowId.KIND) or {}).get(NowId.KIND, {}).get("selected_option") or {}
    ticked = [
        option["value"]
        for block in values
        if block.startswith(f"{NowId.OWN}.")
        for option in values[block].get(NowId.OWN, {}).get("selected_options") or ()
    ]
    return Filled(
        text=typed(NowId.TEXT),
        kind=chosen.get("value") or None,
        reason=typed(NowId.REASON),
        variants={platform: text for platform, text in variants.items() if text},
        ticks=frozenset([*ticked, *([OTHERS] if kept.get(OTHERS) else [])]),
        event=read_event(values, kept),
    )


def to_data(filled: Filled, form: OverrideForm) -> dict[str, Any]:
    """Return it as plain JSON, for the inbox, with the event as the screen shows it."""
    return {
        "text": filled.text,
        "kind": filled.kind,
        "reason": filled.reason,
        "variants": dict(filled.variants),
        "declared": sorted(filled.declared),
        "others_checked": filled.others_checked,
        "event": {} if form.event is None else asdict(drawn_order(form.event)),
    }


def contacts_block(form: OverrideForm) -> str:
    """Return the id of the block that lists the contacts: Slack keeps ticks for the same boxes, and for no others."""
    return f"{NowId.OWN}.{_mark_of([form.ordinary_kind is None, *([one.key, one.written] for one in form.contacts)])}"


def preview_mark(form: OverrideForm) -> str:
    """Return a mark of what the screen shows: the text, its kind, its contacts, and as which report it goes."""
    event = form.event and [form.event.chosen, form.event.n, form.event.is_closing]
    return _mark_of([form.text.strip(), form.kind, [one.written for one in form.contacts], event])


def event_mark(form: EventForm) -> str:
    """Return a mark of how the event's fields are drawn."""
    return _mark_of([asdict(drawn_order(form)), form.n, [one.key for one in form.choices]])


def _mark_of(value: object) -> str:
    return sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:_MARK_CHARS]
