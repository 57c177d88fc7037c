"""後閲."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from chatops.block_kit import escape, sentence
from chatops.features.sign_off.ids import SignOffId
from chatops.messages import Voice
from chatops.messages.ja import notices as words
from chatops.slack_link import SLACK_FAILURES, error_code

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry

log = logging.getLogger(__name__)


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
    number = task.data["number"]
    outcome = office.services.overriding.sign_off(task.act, number=number)
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))
    _tick_off(office, task, number)


def _tick_off(office: Office, task: Task, number: str) -> None:
    """Take the button off the request in the thread; the card is brought up to date by itself."""
    place, card = task.where, office.services.notices.card_ref(task.act.city, number)
    if place.channel is None or place.message_ts is None or (card is not None and card.ts == place.message_ts):
        return
    sign_off = office.services.board.card(task.act.city, number).sign_off
    if sign_off is None or sign_off.signed_by is None or sign_off.signed_at is None:
        return
    say = Voice(now=office.now())
    text = say(words.signed, number, sign_off.signed_by, say.moment(sign_off.signed_at))
    try:
        office.link.client.chat_update(
            channel=place.channel, ts=place.message_ts, text=escape(text), blocks=[sentence(text)]
        )
    except SLACK_FAILURES as error:
        log.info("a request for a sign-off could not be ticked off", extra={"error": error_code(error)})
