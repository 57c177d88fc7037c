"""`/sns policy`, `/sns policy 3`, `/sns policy confirm 3 理由`, `/sns policy refuse 3 理由`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chatops.features.policy.ids import PolicyId
from chatops.features.policy.views import MAX_REASON_CHARS, build_change, build_last_look, build_list
from chatops.messages.ja import pack_changes as words
from chatops.pack_words import change_lines

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry

_WORDS: Final = {"confirm": "confirm", "確認": "confirm", "refuse": "refuse", "却下": "refuse"}
_ORDER: Final = re.compile(
    rf"(?:(?P<word>{'|'.join(_WORDS)})\s*)?第?(?P<number>\d{{1,9}})号?(?:\s*(?P<reason>\D.*))?",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What stands behind `/sns policy`."""

    word: str
    """`confirm`, `refuse`, `show`, `list`, or empty: it was not understood."""
    number: int = 0
    reason: str = ""


def register(registry: Registry) -> None:
    """Tie the command and its button to their listeners."""
    registry.command(("policy", "運用方針"), on_command)
    registry.action(PolicyId.CONFIRM, on_confirm)
    registry.act(PolicyId.CONFIRM, confirm)
    registry.act(PolicyId.REFUSE, refuse)


def read_order(typed: str) -> Order:
    """Read what a person typed; full-width digits and spaces are as good as others."""
    text = typed.strip()
    if not text:
        return Order(word="list")
    found = _ORDER.fullmatch(text)
    if found is None:
        return Order(word="")
    number, reason = int(found["number"]), (found["reason"] or "").strip()
    if found["word"] is not None:
        return Order(word=_WORDS[found["word"].lower()], number=number, reason=reason)
    return Order(word="") if reason else Order(word="show", number=number)


def on_command(call: Call) -> None:
    """Show, ask for the last word, or take a refusal in."""
    order = read_order(call.words)
    if order.word == "refuse" and order.reason:
        call.accept(PolicyId.REFUSE, {"number": order.number, "reason": order.reason})
        call.ack()
        return
    call.ack()
    say, city, desk = call.voice, call.caller.city, call.office.services.pack_changes
    if order.word == "list":
        call.tell(say(words.title), build_list(desk.packs(city), desk.changes(city), say))
    elif order.word == "show":
        view = desk.change(city, order.number)
        call.tell(change_lines(view, say)[0], build_change(view, desk.texts(city, order.number), say))
    elif order.word == "confirm" and order.reason:
        _ask_last_word(call, order)
    else:
        call.tell(say(words.usage))


def _ask_last_word(call: Call, order: Order) -> None:
    say = call.voice
    if len(order.reason) > MAX_REASON_CHARS:
        call.tell(say(words.reason_too_long, MAX_REASON_CHARS))
        return
    view = call.office.services.pack_changes.change(call.caller.city, order.number)
    call.tell(say(words.confirm_asked, order.number), build_last_look(view, order.reason, say))


def on_confirm(call: Call) -> None:
    """Take the confirmation in."""
    carried = call.button_data
    call.accept(PolicyId.CONFIRM, {"number": carried["n"], "reason": carried["r"], "seen": carried["d"]})
    call.ack()


def confirm(office: Office, task: Task) -> None:
    """Put a change into force, and say from when on."""
    data = task.data
    outcome = office.services.pack_changes.confirm(
        task.act, number=data["number"], note=data["reason"], seen=data["seen"]
    )
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))


def refuse(office: Office, task: Task) -> None:
    """Let a change go."""
    outcome = office.services.pack_changes.refuse(task.act, number=task.data["number"], note=task.data["reason"])
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))
