"""`/sns now`: one confirmation, then out at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops.block_kit import MAX_INPUT_CHARS
from chatops.features.draft.views import build_page
from chatops.features.now.ids import NowId
from chatops.features.now.views import Shown, build_form, can_go, text_mark
from chatops.messages.ja import acts
from chatops.messages.ja import now as words
from chatops.where import write_metadata
from publisher.api import OverrideOrder
from publisher.errors import Refusal

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.messages import Voice
    from chatops.office import Office, Task
    from chatops.registry import Registry
    from publisher.api import Outcome, OverrideForm


def register(registry: Registry) -> None:
    """Tie the ids to their listeners."""
    registry.command(("now", "今すぐ", "緊急"), on_command)
    registry.view(NowId.FORM, on_submit)
    registry.act(NowId.SEND, send)


def on_command(call: Call) -> None:
    """`/sns now 本文`: preview it."""
    call.ack()
    caller, text = call.caller, call.words
    if len(text) > MAX_INPUT_CHARS:
        call.tell(call.voice(words.too_long_for_form, MAX_INPUT_CHARS))
        return
    try:
        form = call.office.services.overriding.open_form(caller.city, caller.person.key, text)
    except Refusal as refusal:
        if refusal.code != "text_empty":
            raise
        call.tell(call.voice(words.usage))
        return
    call.open(build_form(form, Shown(), call.voice, metadata=_metadata(call, text)))


def on_submit(call: Call) -> None:
    """「今すぐ発信」: what is sent is what was previewed."""
    caller, say = call.caller, call.quick_voice
    order, shown = _read_order(call)
    if not order.text:
        call.ack(response_action="errors", errors={str(NowId.TEXT): say(acts.mistake, "text_empty", {})})
        return
    overriding = call.office.services.overriding
    form = overriding.open_form(caller.city, caller.person.key, order.text, order.variants)
    if text_mark(order.text) != call.metadata["mark"]:
        view = build_form(form, shown, say, metadata=_metadata(call, order.text), is_changed=True)
        call.ack(response_action="update", view=view)
        return
    errors = _errors(order, form, say)
    if errors:
        call.ack(response_action="errors", errors=errors)
        return
    data = {"text": order.text, "kind": order.kind, "reason": order.reason, "variants": dict(order.variants)}
    call.accept(NowId.SEND, data)
    call.ack(response_action="update", view=build_page(say(words.sending), say(words.sending_detail), say))


def send(office: Office, task: Task) -> None:
    """Send, and say where it went and where not."""
    data, say = task.data, office.voice(task.where.user)
    order = OverrideOrder(text=data["text"], kind=data["kind"], reason=data["reason"], variants=data["variants"])
    outcome = office.services.overriding.send(task.act, order)
    office.after_act()
    text = _answer(outcome, say)
    office.show_or_tell(task, build_page(say(words.title), text, say), text)


def _answer(outcome: Outcome, say: Voice) -> str:
    lines = [say.outcome(outcome)]
    going, refused = str(outcome.params.get("going") or ""), str(outcome.params.get("refused") or "")
    if going:
        lines.append(say(words.sent_going, going))
    if refused:
        lines.append(say(words.sent_refused, refused))
    return "\n".join(lines)


def _read_order(call: Call) -> tuple[OverrideOrder, Shown]:
    values: dict[str, dict[str, Any]] = call.view["state"]["values"]

    def typed(block: str) -> str:
        return str((values.get(block) or {}).get(block, {}).get("value") or "").strip()

    prefix = f"{NowId.SHORT}."
    variants = {block.removeprefix(prefix): typed(block) for block in values if block.startswith(prefix)}
    chosen = (values.get(NowId.KIND) or {}).get(NowId.KIND, {}).get("selected_option") or {}
    order = OverrideOrder(
        text=typed(NowId.TEXT),
        kind=str(chosen.get("value") or ""),
        reason=typed(NowId.REASON),
        variants={platform: text for platform, text in variants.items() if text},
    )
    return order, Shown(kind=order.kind or None, reason=order.reason, variants=order.variants)


def _errors(order: OverrideOrder, form: OverrideForm, say: Voice) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not order.reason:
        errors[NowId.REASON] = say(acts.refusal, "reason_missing", {})
    for pane in form.panes:
        if pane.plan.is_refused and pane.platform in order.variants:
            why = " ".join(say.remark(each) for each in pane.plan.refusals)
            errors[f"{NowId.SHORT}.{pane.platform}"] = say(words.still_refused, why)
    if not any(can_go(pane) for pane in form.panes):
        errors.setdefault(NowId.TEXT, say(words.going_none))
    return {str(block): said for block, said in errors.items()}


def _metadata(call: Call, text: str) -> str:
    return write_metadata(call.where, mark=text_mark(text))
