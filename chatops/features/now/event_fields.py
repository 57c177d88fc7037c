"""The event's part of the confirmation: its fields, what was chosen in them, and what is shown of it. Pure.

Each field's block carries a mark of what was drawn, so that Slack shows what we draw anew and not what it kept.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from chatops.block_kit import Block, choice_element, choices_element, clip, escape, field, option, section, text_element
from chatops.event_words import older_name
from chatops.features.now.ids import NowId
from chatops.messages.ja import events as words
from chatops.messages.ja import labels
from publisher.api import NEW_EVENT, EventOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops.messages import Voice
    from publisher.api import EventChoice, EventForm

KEPT: Final = "event"
"""Under which name the form's metadata keeps what was drawn and what a person has chosen."""
CLOSING: Final = "closing"
"""The value of the box of 解除."""
NO_LEVEL: Final = "none"
MAX_AREA_CHARS: Final = 200
_LEVELS: Final = (1, 2, 3, 4, 5)


def event_blocks(form: EventForm, say: Voice, mark: str) -> list[Block]:
    """Build the event's fields; *mark* tells drawings apart."""
    blocks: list[Block] = []
    if form.choices:
        options = [option(choice_text(one, say), one.key) for one in form.choices]
        options.append(option(say(words.new_event), NEW_EVENT))
        select = choice_element("static_select", options, form.chosen)
        blocks.append(_field(NowId.EVENT, mark, say(words.event), select, hint=say(words.event_hint), is_heard=True))
    blocks.append(section("\n".join(f"*{escape(line)}*" for line in shown_lines(form, say))))
    box = choices_element([option(say(words.closing_box), CLOSING)], [CLOSING] if form.is_closing else [])
    blocks.append(_field(NowId.CLOSING, mark, say(words.closing_label), box, is_optional=True, is_heard=True))
    return blocks


def detail_blocks(form: EventForm, say: Voice, mark: str) -> list[Block]:
    """Build the fields that change nothing else on the screen: alert level and areas."""
    levels = [option(say(words.no_level), NO_LEVEL), *(option(say(words.level_choice, n), str(n)) for n in _LEVELS)]
    chosen = NO_LEVEL if form.level is None else str(form.level)
    areas = text_element(form.areas) | {"max_length": MAX_AREA_CHARS}
    return [
        _field(NowId.LEVEL, mark, say(words.level_label), choice_element("static_select", levels, chosen)),
        _field(NowId.AREAS, mark, say(words.areas_label), areas, is_optional=True),
    ]


def shown_lines(form: EventForm, say: Voice) -> list[str]:
    """Say as which report it goes out, and what it stops."""
    if form.is_closing:
        lines = [say(words.as_closing, form.n)]
    else:
        lines = [say(words.as_report, form.n) if form.choice is not None else say(words.as_first)]
    return lines + [
        say(words.will_replace, older_name(one, say), say(labels.names, one.accounts)) for one in form.replaces
    ]


def read_event(values: Mapping[str, Mapping[str, Any]], kept: Mapping[str, Any]) -> EventOrder:
    """Return what a person has chosen: what differs from what was drawn, and what was chosen before."""
    memory = json.loads(str(kept.get(KEPT) or "{}"))
    drawn, chosen = EventOrder(**memory.get("drawn", {})), EventOrder(**memory.get("chosen", {}))
    found = _read(values)
    changed = {
        name: value for name, value in asdict(found).items() if value is not None and value != getattr(drawn, name)
    }
    return replace(chosen, **changed)


def keep_event(form: EventForm, chosen: EventOrder) -> str:
    """Return what the metadata keeps of a drawing."""
    memory = {"drawn": asdict(drawn_order(form)), "chosen": asdict(chosen)}
    return json.dumps(memory, ensure_ascii=False, separators=(",", ":"))


def drawn_order(form: EventForm) -> EventOrder:
    """Return what is ordered by whoever leaves the drawn fields as they are."""
    level = "" if form.level is None else str(form.level)
    return EventOrder(event=form.chosen, areas=form.areas, level=level, is_closing=form.is_closing)


def _read(values: Mapping[str, Mapping[str, Any]]) -> EventOrder:
    """Read the fields; None where one is not on the screen."""
    event, level, closing, areas = (
        _element(values, name) for name in (NowId.EVENT, NowId.LEVEL, NowId.CLOSING, NowId.AREAS)
    )
    picked = None if level is None else (level.get("selected_option") or {}).get("value", NO_LEVEL)
    return EventOrder(
        event=None if event is None else (event.get("selected_option") or {}).get("value"),
        areas=None if areas is None else " ".join(str(areas.get("value") or "").split()),
        level="" if picked == NO_LEVEL else picked,
        is_closing=None if closing is None else bool(closing.get("selected_options")),
    )


def _element(values: Mapping[str, Mapping[str, Any]], name: NowId) -> Mapping[str, Any] | None:
    block = next((block for block in values if block.startswith(f"{name}.")), None)
    return None if block is None else values[block].get(name)


def _field(
    name: NowId,
    mark: str,
    label: str,
    element: Block,
    *,
    is_optional: bool = False,
    is_heard: bool = False,
    hint: str | None = None,
) -> Block:
    built = field(f"{name}.{mark}", label, element, is_optional=is_optional, hint=hint)
    built |= {"element": built["element"] | {"action_id": str(name)}}
    return built | {"dispatch_action": True} if is_heard else built


def choice_text(one: EventChoice, say: Voice) -> str:
    """Offer an open event in one line."""
    moment = say.moment(one.reported_at)
    return clip(say(words.event_choice, one.number, say.said(one.kind), one.reports, moment, one.areas), 75)
