"""The one confirmation of `/sns now`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.block_kit import (
    MAX_OPTION_CHARS,
    MAX_VIEW_BLOCKS,
    Block,
    choice_element,
    choices_element,
    clip,
    divider,
    escape,
    field,
    modal,
    option,
    section,
    text_element,
)
from chatops.features.now.event_fields import detail_blocks, event_blocks
from chatops.features.now.ids import NowId
from chatops.features.now.reading import OTHERS, contacts_block, event_mark
from chatops.messages.ja import events, labels
from chatops.messages.ja import now as words
from chatops.panes import finding_blocks, pane_blocks, route_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops.features.now.reading import Filled
    from chatops.messages import Voice
    from publisher.api import FoundContact, Outcome, OverrideForm, Pane

MAX_PANE_CHARS: Final = 1500
BLOCK: Final = "block"
"""The decision of a pack that nobody can lift."""


def build_form(form: OverrideForm, filled: Filled, say: Voice, *, metadata: str, is_changed: bool = False) -> Block:
    """Build the confirmation; *is_changed* says that it shows something else than what the button was pressed for."""
    is_ordinary = form.ordinary_kind is not None
    button = say(words.submit_ordinary if is_ordinary else words.submit)
    blocks: list[Block] = [section(f"{'📝' if is_ordinary else '🚨'} {escape(_warning(form, say))}")]
    if is_changed:
        blocks.append(section(f"⚠️ *{escape(say(words.changed, button))}*"))
    blocks.append(section(_where_text(form, say)))
    kinds = [option(say.said(each.name), each.key) for each in form.kinds]
    kind = field(
        NowId.KIND, say(words.kind), choice_element("static_select", kinds, form.kind), hint=say(words.kind_hint)
    )
    reason = say(words.reason_ordinary if is_ordinary else words.reason)
    blocks += [
        field(NowId.TEXT, say(words.text), text_element(form.text, is_multiline=True)),
        *_contact_fields(form, filled, say),
        kind | {"dispatch_action": True},
        *_event_blocks(form, say),
        field(NowId.REASON, reason, text_element(filled.reason, is_multiline=True)),
        *_detail_blocks(form, say),
        *_short_fields(form.panes, filled.variants, say),
        *finding_blocks(form.panes, say, shows_grounds=not is_ordinary),
    ]
    if is_ordinary and (going := [pane for pane in form.panes if can_go(pane)]):
        blocks.append(section(route_text(going, say)))
    for pane in form.panes:
        built = [divider(), *pane_blocks(pane, (), say, max_chars=MAX_PANE_CHARS, more="…")]
        if len(blocks) + len(built) <= MAX_VIEW_BLOCKS - 1:
            blocks += built
    return modal(NowId.FORM, say(words.title), blocks, submit=button, close=say(labels.cancel_form), metadata=metadata)


def can_go(pane: Pane) -> bool:
    """Tell whether an emergency post goes out on an account: its platform takes it and no rule forbids it."""
    return not pane.plan.is_refused and pane.decision != BLOCK


def _event_blocks(form: OverrideForm, say: Voice) -> list[Block]:
    return [] if form.event is None else event_blocks(form.event, say, event_mark(form.event))


def _detail_blocks(form: OverrideForm, say: Voice) -> list[Block]:
    return [] if form.event is None else detail_blocks(form.event, say, event_mark(form.event))


def _contact_fields(form: OverrideForm, filled: Filled, say: Voice) -> list[Block]:
    """Ask of each contact whether it is the city's own.

    Slack would call an optional field optional; but a required one would refuse somebody who has just taken the
    contact out of the text, before we could show that nothing is asked any more.
    """
    if not form.contacts:
        return []
    is_ordinary = form.ordinary_kind is not None
    boxes = [option(_box_text(each, say), each.key) for each in form.contacts]
    if not is_ordinary:
        boxes.append(option(say(words.contact_other), OTHERS))
    asked = field(
        contacts_block(form),
        say(words.contacts),
        choices_element(boxes, filled.ticks),
        is_optional=True,
        hint=say(words.contacts_hint_ordinary if is_ordinary else words.contacts_hint),
    )
    return [asked | {"element": asked["element"] | {"action_id": str(NowId.OWN)}, "dispatch_action": True}]


def _box_text(contact: FoundContact, say: Voice) -> str:
    """Name a contact, and let nothing of the question be cut where it is long."""
    room = MAX_OPTION_CHARS - len(say(words.contact_own, ""))
    return say(words.contact_own, clip(contact.written, room))


def _warning(form: OverrideForm, say: Voice) -> str:
    if form.kind is None:
        return say(words.kind_open)
    kind = form.ordinary_kind
    return say(words.warning) if kind is None else say(words.no_disaster, say.said(kind.name))


def _where_text(form: OverrideForm, say: Voice) -> str:
    first, *others = where_lines(form, say)
    return "\n".join([f"*{escape(first)}*", *map(escape, others)])


def where_lines(form: OverrideForm, say: Voice) -> list[str]:
    """Say where it goes, and where not and why."""
    is_ordinary = form.ordinary_kind is not None
    going = [pane.name for pane in form.panes if can_go(pane)]
    refused = [pane.name for pane in form.panes if pane.plan.is_refused]
    blocked = [pane.name for pane in form.panes if pane.decision == BLOCK and not pane.plan.is_refused]
    goes = words.going_later if is_ordinary else words.going
    lines = [say(goes, say(labels.names, going)) if going else say(words.going_none)]
    if refused:
        why = words.refused_later if is_ordinary else words.refused
        lines.append(f"⛔ {say(why, say(labels.names, refused))}")
    if blocked:
        lines.append(f"⛔ {say(words.blocked, say(labels.names, blocked))}")
    if form.reposting:
        lines.append(say(words.reposting, say(labels.names, form.reposting)))
    if form.silent:
        lines.append(say(words.silent, say(labels.names, form.silent)))
    return lines


def _short_fields(panes: Sequence[Pane], variants: Mapping[str, str], say: Voice) -> list[Block]:
    wanted: dict[str, str] = {}
    for pane in panes:
        if pane.plan.is_refused:
            wanted.setdefault(pane.platform, " ".join(say.remark(each) for each in pane.plan.refusals))
    for platform in variants:
        wanted.setdefault(platform, "")
    return [
        field(
            f"{NowId.SHORT}.{platform}",
            say(words.short, say(labels.platform, platform)),
            text_element(variants.get(platform, ""), is_multiline=True),
            is_optional=True,
            hint=say(words.short_hint, why) if why else None,
        )
        for platform, why in wanted.items()
    ]


def answer_text(outcome: Outcome, say: Voice) -> str:
    """Say where it went and where not, and as which report."""
    lines = [say.outcome(outcome)]
    going, refused = str(outcome.params.get("going") or ""), str(outcome.params.get("refused") or "")
    lines += _event_answer(outcome, say)
    if going:
        lines.append(say(words.sent_going, going))
    if refused:
        lines.append(say(words.sent_refused, refused))
    return "\n".join(lines)


def _event_answer(outcome: Outcome, say: Voice) -> list[str]:
    """Say as which report it was sent, and what it took the place of."""
    params = outcome.params
    if "report" not in params:
        return []
    named = events.sent_closing if params.get("is_closing") else events.sent_as
    lines = [say(named, int(params["event"]), int(params["report"]))]
    if "closed_event" in params:
        lines.insert(0, say(events.sent_reopened, int(params["closed_event"])))
    if "replaced" in params:
        lines.append(say(events.sent_replaced, str(params["replaced"])))
    return lines
