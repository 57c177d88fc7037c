"""`/sns show K-12`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.features.approve.card import build_fallback
from chatops.features.show.views import build_pages
from chatops.messages.ja import board as words

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.registry import Registry


def register(registry: Registry) -> None:
    """Tie the command to its listener."""
    registry.command(("show", "表示"), on_command)


def on_command(call: Call) -> None:
    """Show a post, whole."""
    call.ack()
    number = call.words.strip().upper()
    say = call.voice
    if not number:
        call.tell(say(words.number_missing, "show"))
        return
    view = call.office.services.board.card(call.caller.city, number)
    for page in build_pages(view, say):
        call.tell(build_fallback(view, say), page)
