"""`/sns queue`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.features.hold.views import copy_notes, hold_notes
from chatops.features.queue.views import build_queue
from chatops.messages.ja import board as words

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.registry import Registry


def register(registry: Registry) -> None:
    """Tie the command to its listener."""
    registry.command(("queue", "一覧"), on_command)


def on_command(call: Call) -> None:
    """Show what is in the round or waiting to go out."""
    call.ack()
    caller, say = call.caller, call.voice
    services = call.office.services
    lines = services.board.queue(caller.city, caller.person.key)
    holds, waiting = services.holding.listing(caller.city), services.holding.waiting(caller.city)
    notes = [*copy_notes(services.restoring.state(), say), *hold_notes(holds, len(waiting), say)]
    call.tell("\n".join([say(words.queue_title), *notes]), build_queue(lines, say, notes=notes))
