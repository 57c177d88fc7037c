"""決裁, 差戻し, 廃案, 取下げ."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from chatops.features.approve.ids import ApproveId
from chatops.features.approve.views import build_checklist, build_reason_form, find_unticked
from chatops.messages.ja import card as words
from chatops.slack_link import error_code
from chatops.where import write_metadata
from publisher.api import Decision

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry

log = logging.getLogger(__name__)


def register(registry: Registry) -> None:
    """Tie the card's ids to their listeners."""
    from chatops.features.draft.listeners import on_open  # noqa: PLC0415 - the card leads back to the form

    registry.action(ApproveId.APPROVE, on_approve)
    registry.action(ApproveId.RETURN, on_return)
    registry.action(ApproveId.REJECT, on_reject)
    registry.action(ApproveId.WITHDRAW, on_withdraw)
    registry.action(ApproveId.EDIT, on_open)
    registry.view(ApproveId.CHECKLIST, on_checklist)
    registry.view(ApproveId.REASON_FORM, on_reason)
    registry.act(ApproveId.APPROVE, approve)
    registry.act(ApproveId.DECIDE, decide)
    registry.act(ApproveId.WITHDRAW, withdraw)


def on_approve(call: Call) -> None:
    """決裁 or 承認: decides at once, or asks the checklist first."""
    carried = call.button_data
    data = {
        "number": carried["n"],
        "version": carried["v"],
        "is_final": bool(carried.get("f", True)),
        "trigger_id": call.trigger_id,
    }
    call.accept(ApproveId.APPROVE, data)
    call.ack()


def on_return(call: Call) -> None:
    """差戻し: asks for the reason."""
    call.ack()
    _open_reason_form(call, Decision.RETURN)


def on_reject(call: Call) -> None:
    """廃案: asks for the reason."""
    call.ack()
    _open_reason_form(call, Decision.REJECT)


def on_withdraw(call: Call) -> None:
    """取下げ."""
    call.accept(ApproveId.WITHDRAW, {"number": call.button_data["n"]})
    call.ack()


def on_checklist(call: Call) -> None:
    """The checklist came back: every point must be ticked."""
    values, kept = call.view["state"]["values"], call.metadata
    unticked, ticked = find_unticked(call.view, values)
    if unticked:
        say = call.quick_voice
        errors = {block: say(words.tick_them, points) for block, points in unticked.items()}
        call.ack(response_action="errors", errors=errors)
        return
    note = (values.get(ApproveId.NOTE) or {}).get(ApproveId.NOTE, {}).get("value") or ""
    answers = dict.fromkeys(ticked, True)
    _accept_decision(call, Decision.APPROVE, kept["number"], kept["version"], note, answers)
    call.ack()


def on_reason(call: Call) -> None:
    """A reason came back."""
    element = (call.view["state"]["values"].get(ApproveId.REASON) or {}).get(ApproveId.REASON) or {}
    reason, kept = str(element.get("value") or "").strip(), call.metadata
    if not reason:
        said = call.quick_voice(words.reason_missing)
        call.ack(response_action="errors", errors={str(ApproveId.REASON): said})
        return
    _accept_decision(call, Decision(kept["decision"]), kept["number"], kept["version"], reason, None)
    call.ack()


def approve(office: Office, task: Task) -> None:
    """Ask the checklist if there is one, else decide."""
    data = task.data
    questions = office.services.approving.questions(
        task.act.city, task.act.person, number=data["number"], version=data["version"]
    )
    if not questions:
        outcome = office.services.approving.decide(
            task.act, number=data["number"], version=data["version"], decision=Decision.APPROVE
        )
        office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))
        return
    say = office.voice(task.where.user)
    metadata = write_metadata(task.where, number=data["number"], version=data["version"])
    is_final = data.get("is_final", True)
    view = build_checklist(data["number"], questions, say, metadata=metadata, is_final=is_final)
    try:
        office.link.client.views_open(trigger_id=data["trigger_id"], view=view)
    except SlackApiError as error:
        log.info("a checklist could not be opened", extra={"error": error_code(error)})
        office.link.tell(task.where, say(words.press_again))


def decide(office: Office, task: Task) -> None:
    """Carry out a decision, and say what came of it."""
    data = task.data
    outcome = office.services.approving.decide(
        task.act,
        number=data["number"],
        version=data["version"],
        decision=Decision(data["decision"]),
        note=data["note"],
        answers=data["answers"],
    )
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))


def withdraw(office: Office, task: Task) -> None:
    """Take a post back."""
    outcome = office.services.drafting.withdraw(task.act, number=task.data["number"])
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))


def _open_reason_form(call: Call, decision: Decision) -> None:
    carried = call.button_data
    metadata = write_metadata(call.where, number=carried["n"], version=carried["v"], decision=decision)
    call.open(build_reason_form(carried["n"], decision, call.voice, metadata=metadata))


def _accept_decision(
    call: Call, decision: Decision, number: str, version: int, note: str, answers: dict[str, bool] | None
) -> None:
    data = {"number": number, "version": version, "decision": decision, "note": note, "answers": answers}
    call.accept(ApproveId.DECIDE, data)
