"""後閲."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.features.sign_off.ids import SignOffId

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.register import Registry


def register(registry: Registry) -> None:
    """Tie the button to its listener."""
    registry.action(SignOffId.SIGN, on_sign)
    registry.act(SignOffId.SIGN, sign)


def on_sign(call: Call) -> None:
    """Take the sign-off in."""
    call.accept(SignOffId.SIGN, {"number": call.button_data["n"]})
    call.ack()


def sign(office: Office, task: Task) -> None:
    """Record the sign-off."""
    outcome = office.services.overriding.sign_off(task.act, number=task.data["number"])
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))
