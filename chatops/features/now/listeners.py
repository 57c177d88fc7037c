"""`/sns now`: one confirmation, then out at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.block_kit import MAX_INPUT_CHARS
from chatops.features.draft.views import build_page
from chatops.features.now.event_fields import KEPT, keep_event
from chatops.features.now.ids import NowId
from chatops.features.now.reading import OTHERS, Filled, contacts_block, preview_mark, read_filled, to_data
from chatops.features.now.views import answer_text, build_form, can_go
from chatops.messages.ja import acts
from chatops.messages.ja import now as words
from chatops.where import write_metadata
from publisher.api import NOTHING_CHOSEN, EventOrder, OverrideOrder
from publisher.errors import Refusal

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.messages import Voice
    from chatops.office import Office, Task
    from chatops.registry import Registry
    from publisher.api import OverrideForm


def register(registry: Registry) -> None:
    """Tie the ids to their listeners."""
    registry.command(("now", "今すぐ", "緊急"), on_command)
    registry.action(NowId.KIND, on_change)
    registry.action(NowId.OWN, on_change)
    registry.action(NowId.EVENT, on_change)
    registry.action(NowId.CLOSING, on_change)
    registry.action(NowId.REPLACE, on_replace)
    registry.view(NowId.FORM, on_submit)
    registry.act(NowId.SEND, send)


def on_command(call: Call) -> None:
    """`/sns now 本文`: preview it."""
    call.ack()
    text = call.words
    if len(text) > MAX_INPUT_CHARS:
        call.tell(call.voice(words.too_long_for_form, MAX_INPUT_CHARS))
        return
    filled = Filled(text=text)
    try:
        form = _preview(call, filled)
    except Refusal as refusal:
        if refusal.code != "text_empty":
            raise
        call.tell(call.voice(words.usage))
        return
    call.open(build_form(form, filled, call.voice, metadata=_metadata(call, form, filled)))


def on_replace(call: Call) -> None:
    """置き換える, on the question about a late one: the same confirmation, with its text as the next report."""
    call.ack()
    card = call.office.services.board.card(call.caller.city, str(call.button_data["n"]))
    filled = Filled(
        text=card.form.text,
        kind=None if card.emergency_kind is None else card.emergency_kind.key,
        variants=card.form.variants,
        event=NOTHING_CHOSEN if card.report is None else EventOrder(event=card.report.event_key),
    )
    form = _preview(call, filled)
    call.open(build_form(form, filled, call.voice, metadata=_metadata(call, form, filled)))


def on_change(call: Call) -> None:
    """Another kind or event, or a box ticked: the screen says at once what the button would do now."""
    call.ack()
    filled = read_filled(call.view, call.metadata)
    if not filled.text:  # nothing to judge: the button asks for a text, and then everything is shown anew
        return
    form = _preview(call, filled)
    view = build_form(form, filled, call.voice, metadata=_metadata(call, form, filled))
    # With the hash, a slow answer never covers a newer screen; what it missed, the button's own look finds.
    call.office.link.show_view(call.view["id"], view, view_hash=call.view["hash"])


def on_submit(call: Call) -> None:
    """「今すぐ発信」: what is sent is what was previewed."""
    say, filled = call.quick_voice, read_filled(call.view, call.metadata)
    if not filled.text:
        call.ack(response_action="errors", errors={str(NowId.TEXT): say(acts.mistake, "text_empty", {})})
        return
    form = _preview(call, filled)
    if preview_mark(form) != call.metadata["mark"]:
        view = build_form(form, filled, say, metadata=_metadata(call, form, filled), is_changed=True)
        call.ack(response_action="update", view=view)
        return
    errors = _errors(filled, form, say)
    if errors:
        call.ack(response_action="errors", errors=errors)
        return
    call.accept(NowId.SEND, to_data(filled, form))
    head, detail = words.sending, words.sending_detail
    if form.ordinary_kind is not None:
        head, detail = words.submitting, words.submitting_detail
    call.ack(response_action="update", view=build_page(say(head), say(detail), say))


def send(office: Office, task: Task) -> None:
    """Send, and say where it went and where not."""
    data, say = task.data, office.voice(task.where.user)
    order = OverrideOrder(
        text=data["text"],
        kind=data["kind"],
        reason=data["reason"],
        variants=data["variants"],
        declared=frozenset(data["declared"]),
        others_checked=data["others_checked"],
        event=EventOrder(**data.get("event") or {}),
        waited_seconds=task.waited_seconds,
    )
    outcome = office.services.overriding.send(task.act, order)
    office.after_act()
    text = answer_text(outcome, say)
    office.show_or_tell(task, build_page(say(words.title), text, say), text)


def _preview(call: Call, filled: Filled) -> OverrideForm:
    caller = call.caller
    return call.office.services.overriding.open_form(
        caller.city,
        caller.person.key,
        filled.text,
        filled.variants,
        kind=filled.kind,
        declared=filled.declared,
        event=filled.event,
    )


def _errors(filled: Filled, form: OverrideForm, say: Voice) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not filled.reason:
        errors[NowId.REASON] = say(acts.refusal, "reason_missing", {})
    for pane in form.panes:
        if pane.plan.is_refused and pane.platform in filled.variants:
            why = " ".join(say.remark(each) for each in pane.plan.refusals)
            errors[f"{NowId.SHORT}.{pane.platform}"] = say(words.still_refused, why)
    is_open = any(not each.is_declared for each in form.contacts) and not filled.others_checked
    if is_open and form.ordinary_kind is None:
        errors[contacts_block(form)] = say(words.contacts_open)
    if not any(can_go(pane) for pane in form.panes):
        errors.setdefault(NowId.TEXT, say(words.going_none))
    return {str(block): said for block, said in errors.items()}


def _metadata(call: Call, form: OverrideForm, filled: Filled) -> str:
    is_hidden = form.ordinary_kind is not None and filled.others_checked  # an ordinary post has no such box
    kept: dict[str, str | bool] = {OTHERS: True} if is_hidden else {}
    if form.event is not None:
        kept[KEPT] = keep_event(form.event, filled.event)
    return write_metadata(call.where, mark=preview_mark(form), **kept)
