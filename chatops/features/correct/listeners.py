"""`/sns correct K-12`, and the button on the card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops.features.correct.ids import CONFIRMED, CorrectId
from chatops.features.correct.views import answer_text, build_form
from chatops.features.draft.views import build_page
from chatops.messages.ja import acts, board
from chatops.messages.ja import correct as words
from chatops.where import write_metadata
from publisher.api import CorrectionOrder

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry


def register(registry: Registry) -> None:
    """Tie the command, the button, the form and the act to their listeners."""
    registry.command(("correct", "訂正", "削除"), on_command)
    registry.action(CorrectId.OPEN, on_button)
    registry.view(CorrectId.FORM, on_submit)
    registry.act(CorrectId.CORRECT, correct)


def on_command(call: Call) -> None:
    """`/sns correct K-12`: show what can be done."""
    call.ack()
    number = call.words.strip().replace("　", " ").partition(" ")[0]
    if not number:
        call.tell(call.voice(board.number_missing, "correct"))
        return
    _open(call, number.upper())


def on_button(call: Call) -> None:
    """訂正・削除 on the card."""
    call.ack()
    _open(call, str(call.button_data["n"]))


def _open(call: Call, number: str) -> None:
    caller = call.caller
    form = call.office.services.correcting.look(caller.city, caller.person.key, number)
    metadata = write_metadata(call.where, number=form.number, urgent=",".join(sorted(form.urgent)), ahead=form.is_ahead)
    call.open(build_form(form, call.voice, metadata=metadata))


def on_submit(call: Call) -> None:
    """「進む」: what must go at once goes only with the box ticked, and with a reason."""
    filled, say = read_form(call.view), call.quick_voice
    is_urgent = filled["cause"] in str(call.metadata.get("urgent", "")).split(",")
    errors = {}
    if is_urgent and not filled["is_at_once"]:
        place = CorrectId.AT_ONCE if has_box(call.view) else CorrectId.CAUSE
        tick = words.tick_to_stop if call.metadata.get("ahead") else words.tick_first
        errors[str(place)] = say(tick if has_box(call.view) else words.ask_others)
    if (is_urgent or filled["is_at_once"]) and not filled["note"]:
        errors[str(CorrectId.NOTE)] = say(acts.refusal, "note_missing", {})
    if errors:
        call.ack(response_action="errors", errors=errors)
        return
    number = str(call.metadata["number"])
    call.accept(CorrectId.CORRECT, filled | {"number": number})
    call.ack(response_action="update", view=build_page(say(words.title, number), say(words.working), say))


def correct(office: Office, task: Task) -> None:
    """Do it, and say account by account what happens."""
    data, say = task.data, office.voice(task.where.user)
    order = CorrectionOrder(
        number=data["number"], cause=data["cause"], note=data["note"], is_at_once=data["is_at_once"]
    )
    outcome = office.services.correcting.correct(task.act, order)
    office.after_act()
    text = answer_text(outcome, say)
    office.show_or_tell(task, build_page(say(words.title, data["number"]), text, say), text)


def read_form(view: dict[str, Any]) -> dict[str, Any]:
    """Return what was filled in, as plain JSON."""
    values = view["state"]["values"]

    def element(block: CorrectId) -> dict[str, Any]:
        found: dict[str, Any] = (values.get(str(block)) or {}).get(str(block)) or {}
        return found

    chosen = element(CorrectId.CAUSE).get("selected_option") or {}
    ticked = [one["value"] for one in element(CorrectId.AT_ONCE).get("selected_options") or ()]
    return {
        "cause": str(chosen.get("value") or ""),
        "note": str(element(CorrectId.NOTE).get("value") or "").strip(),
        "is_at_once": CONFIRMED in ticked,
    }


def has_box(view: dict[str, Any]) -> bool:
    """Tell whether the form has the box 「すぐに削除する」: the person may delete at once."""
    return any(block.get("block_id") == str(CorrectId.AT_ONCE) for block in view.get("blocks", ()))
