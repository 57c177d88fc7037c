"""Taking the buttons off a question that somebody has answered, so that nobody else thinks it is open."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from chatops.block_kit import context, escape, sentence
from chatops.messages import Voice
from chatops.messages.ja import notices as words
from chatops.slack_link import SLACK_FAILURES, error_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops.call import Call
    from chatops.office import Office, Task

log = logging.getLogger(__name__)


def read_pressed(call: Call) -> dict[str, str]:
    """Return what `take_buttons_off` needs to know of a button that was pressed, to be kept with the act."""
    text = str((call.body.get("message") or {}).get("text") or "")[:1000]
    return {"text": text, "label": str((call.action.get("text") or {}).get("text") or "")}


def take_buttons_off(office: Office, task: Task, *, pressed: str, is_first: bool) -> None:
    """Leave of a question its words, and who pressed what; a failure of Slack's is logged.

    Args:
        office: The collaborators.
        task: The act, with what `read_pressed` has kept.
        pressed: What the button is called, where the act doesn't say.
        is_first: This was the answer; False: somebody had answered before.
    """
    data: Mapping[str, Any] = task.data
    channel, message_ts = task.where.channel, task.where.message_ts or data.get("message_ts")
    if channel is None or message_ts is None:
        return
    text = str(data.get("text") or "")
    blocks = [sentence(text)] if text else []
    if is_first:
        who = office.services.people.get(task.act.city, task.act.person)
        said = Voice(now=office.now())(words.answered, who.shown, str(data.get("label") or "") or pressed)
        blocks.append(context(escape(said)))
    try:
        office.link.client.chat_update(
            channel=channel, ts=str(message_ts), text=escape(text)[:1000] or " ", blocks=blocks or None
        )
    except SLACK_FAILURES as error:
        log.info("a question could not be ticked off", extra={"error": error_code(error)})
