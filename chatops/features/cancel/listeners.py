"""`/sns cancel K-12 [理由]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.features.cancel.ids import CancelId
from chatops.features.cancel.views import build_answer
from chatops.messages.ja import board as words
from publisher.errors import Refusal

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry


def register(registry: Registry) -> None:
    """Tie the command to its listener."""
    registry.command(("cancel", "中止"), on_command)
    registry.act(CancelId.CANCEL, cancel)


def on_command(call: Call) -> None:
    """Take the order in."""
    number, _, reason = call.words.strip().replace("　", " ").partition(" ")
    if not number:
        call.ack()
        call.tell(call.voice(words.number_missing, "cancel"))
        return
    call.accept(CancelId.CANCEL, {"number": number.upper(), "reason": reason.strip()})
    call.ack()


def cancel(office: Office, task: Task) -> None:
    """Stop what has not gone out, and say what has."""
    number = task.data["number"]
    outcome = office.services.deciding.cancel(task.act, number=number, reason=task.data["reason"])
    try:
        view = office.services.board.card(task.act.city, number)
    except Refusal:
        view = None
    text, blocks = build_answer(outcome, view, office.voice(task.where.user))
    office.link.tell(task.where, text, blocks)
