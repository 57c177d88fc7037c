"""Answering the ledger's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.features.ask.ids import AskId
from chatops.features.ask.views import build_send_now
from chatops.messages import Voice
from chatops.messages.ja import notices as words
from chatops.ticking import read_pressed, take_buttons_off
from chatops.where import write_metadata
from publisher.api import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry

ANSWERS: Final = {
    AskId.IT_IS_THERE: Answer.IT_IS_THERE,
    AskId.SEND: Answer.SEND,
    AskId.WAIT: Answer.WAIT,
    AskId.DO_NOT_SEND: Answer.DO_NOT_SEND,
}
_LABELS: Final = {
    Answer.IT_IS_THERE: words.is_there,
    Answer.SEND: words.send_again,
    Answer.WAIT: words.wait_for_opening,
    Answer.DO_NOT_SEND: words.do_not_send,
}


def register(registry: Registry) -> None:
    """Tie the buttons to their listener."""
    for action_id, answer in ANSWERS.items():
        registry.action(action_id, _listener(answer))
    registry.action(AskId.SEND_NOW, on_send_now)
    registry.view(AskId.SEND_NOW_FORM, on_reason)
    registry.act(AskId.ANSWER, apply_answer)


def apply_answer(office: Office, task: Task) -> None:
    """Carry out an answer, tell its person, and take the buttons off the question."""
    answer = Answer(task.data["answer"])
    reason = str(task.data.get("reason") or "")
    outcome = office.services.deciding.answer(
        task.act,
        delivery=task.data["delivery"],
        answer=answer,
        reason=reason,
        question=task.data.get("question"),  # one that was put by the version before names none
        waited_seconds=task.waited_seconds,
    )
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))
    if outcome.code == "answer_came_late":
        return  # the question stays open, and so do its buttons
    label = Voice(now=office.now())(_LABELS[answer])
    take_buttons_off(office, task, pressed=label, is_first=outcome.code != "answered_already")


def on_send_now(call: Call) -> None:
    """今すぐ送る, outside the hours: asks why."""
    call.ack()
    kept = _asked_by(call) | {"message_ts": call.where.message_ts}
    call.open(build_send_now(call.voice, metadata=write_metadata(call.where, **kept)))


def on_reason(call: Call) -> None:
    """The form came back: whether a reason is needed depends on who it is."""
    element = (call.view["state"]["values"].get(AskId.REASON) or {}).get(AskId.REASON) or {}
    kept = {name: call.metadata.get(name) for name in ("delivery", "question", "text", "message_ts")}
    call.accept(AskId.ANSWER, kept | {"answer": Answer.SEND, "reason": str(element.get("value") or "").strip()})
    call.ack()


def _asked_by(call: Call) -> dict[str, str | None]:
    """Return what a question's button is about: the delivery, which of its questions, and that in words."""
    return {"delivery": call.button_data["d"], "question": call.button_data.get("q"), **read_pressed(call)}


def _listener(answer: Answer) -> Callable[[Call], None]:
    def on_answer(call: Call) -> None:
        call.accept(AskId.ANSWER, _asked_by(call) | {"answer": answer})
        call.ack()

    return on_answer
