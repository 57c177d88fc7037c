"""決裁, 差戻し, 廃案, 取下げ."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from chatops.checklist import read_answers
from chatops.features.approve.ids import ApproveId
from chatops.features.approve.views import Weighed, build_checklist, build_reason_form
from chatops.features.draft.views import build_page
from chatops.messages.ja import card as words
from chatops.messages.ja import checklist
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
    registry.action(ApproveId.RETURN_NO, on_return_after_no)
    registry.action(ApproveId.REJECT, on_reject)
    registry.action(ApproveId.WITHDRAW, on_withdraw)
    registry.action(ApproveId.EDIT, on_open)
    registry.view(ApproveId.CHECKLIST, on_checklist)
    registry.view(ApproveId.REASON_FORM, on_reason)
    registry.act(ApproveId.APPROVE, approve)
    registry.act(ApproveId.WEIGH, weigh)
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


def on_return_after_no(call: Call) -> None:
    """差戻し within the checklist: the form gives place to that of the reason, which names what was answered."""
    call.ack()
    carried, kept = call.button_data, call.metadata
    metadata = write_metadata(call.where, number=kept["number"], version=kept["version"], decision=Decision.RETURN)
    view = build_reason_form(
        kept["number"], Decision.RETURN, call.voice, metadata=metadata, reason=str(carried.get("why") or "")
    )
    if call.where.view_id is None or not call.office.link.show_view(call.where.view_id, view):
        call.open(view)


def on_reject(call: Call) -> None:
    """廃案: asks for the reason."""
    call.ack()
    _open_reason_form(call, Decision.REJECT)


def on_withdraw(call: Call) -> None:
    """取下げ."""
    call.accept(ApproveId.WITHDRAW, {"number": call.button_data["n"]})
    call.ack()


def on_checklist(call: Call) -> None:
    """The checklist came back: each point is answered; what a no leads to is told before it counts."""
    values, kept = call.view["state"]["values"], call.metadata
    say = call.quick_voice
    answered = read_answers(call.view, values, questions=ApproveId.QUESTION, people="", say=say)
    note = ((values.get(ApproveId.NOTE) or {}).get(ApproveId.NOTE, {}).get("value") or "").strip()
    if kept.get("reason") and not note:
        answered.errors[str(ApproveId.NOTE)] = say(checklist.consent_reason_missing)
    if answered.errors:
        call.ack(response_action="errors", errors=answered.errors)
        return
    mark = answered.mark_of_no()
    if mark and mark != kept.get("mark"):
        data = {
            "number": kept["number"],
            "version": kept["version"],
            "is_final": bool(kept.get("is_final", True)),
            "note": note,
            "answers": answered.answers,
            "points": answered.points,
            "mark": mark,
        }
        call.accept(ApproveId.WEIGH, data)
        page = build_page(say(checklist.weighing), say(checklist.weighing_detail), say)
        call.ack(response_action="update", view=page)
        return
    _accept_decision(call, Decision.APPROVE, kept["number"], kept["version"], note, answered.answers)
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
    """Ask the checklist if there is one, and for a reason where one is needed; else decide."""
    data, approving = task.data, office.services.approving
    who = (task.act.city, task.act.person)
    questions = approving.questions(*who, number=data["number"], version=data["version"])
    weighing = approving.weigh(*who, number=data["number"], version=data["version"])
    if not questions and not weighing.needs_reason:
        outcome = approving.decide(
            task.act,
            number=data["number"],
            version=data["version"],
            decision=Decision.APPROVE,
            waited_seconds=task.waited_seconds,
        )
        office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))
        return
    say = office.voice(task.where.user)
    is_final = data.get("is_final", True)
    metadata = _checklist_metadata(task, is_final=is_final, needs_reason=weighing.needs_reason, mark="")
    weighed = Weighed(weighing=weighing)
    view = build_checklist(data["number"], questions, say, metadata=metadata, is_final=is_final, weighed=weighed)
    try:
        office.link.client.views_open(trigger_id=data["trigger_id"], view=view)
    except SlackApiError as error:
        log.info("a checklist could not be opened", extra={"error": error_code(error)})
        office.link.tell(task.where, say(words.press_again))


def weigh(office: Office, task: Task) -> None:
    """Show the checklist again with what follows from an answer that says no."""
    data, approving = task.data, office.services.approving
    say = office.voice(task.where.user)
    where = {"number": data["number"], "version": data["version"]}
    asked = approving.questions(task.act.city, task.act.person, **where)
    weighing = approving.weigh(task.act.city, task.act.person, **where, answers=data["answers"])
    questions = [replace(one, answer=data["answers"].get(one.key)) for one in asked]
    metadata = _checklist_metadata(
        task, is_final=data["is_final"], needs_reason=weighing.needs_reason, mark=data["mark"]
    )
    weighed = Weighed(weighing=weighing, note=data["note"], points=data["points"])
    view = build_checklist(
        data["number"], questions, say, metadata=metadata, is_final=data["is_final"], weighed=weighed
    )
    office.show_or_tell(task, view, say(words.press_again))


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
        waited_seconds=task.waited_seconds,
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


def _checklist_metadata(task: Task, *, is_final: bool, needs_reason: bool, mark: str) -> str:
    number, version = task.data["number"], task.data["version"]
    return write_metadata(
        task.where, number=number, version=version, is_final=is_final, reason=needs_reason, mark=mark or None
    )


def _accept_decision(
    call: Call, decision: Decision, number: str, version: int, note: str, answers: dict[str, bool] | None
) -> None:
    data = {"number": number, "version": version, "decision": decision, "note": note, "answers": answers}
    call.accept(ApproveId.DECIDE, data)
