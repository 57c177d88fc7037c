"""A question about a delivery. Pure."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, actions, button, context, escape, section
from chatops.features.ask.ids import AskId
from chatops.messages.ja import notices as words
from chatops.panes import account_name
from publisher.api import DeliveryState

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.api import DeliveryLine


class Doubt(StrEnum):
    """What a person is asked."""

    IS_IT_THERE = "is_it_there"
    """Nobody knows whether it arrived: look at the platform."""
    SEND_ANYWAY = "send_anyway"
    """It is late, or the policy objects: nothing was sent."""
    MENDED = "mended"
    """Somebody must mend something first: nothing was sent."""


LATE: Final = frozenset(
    {"came_too_late", "too_late", "late", "policy_objects", "policy_blocks", "policy_escalates", "held"}
)
TO_MEND: Final = frozenset(
    {
        "token_refused",
        "token_invalid",
        "secret_missing",
        "secrets_missing",
        "account_id_missing",
        "app_not_allowed",
        "permission_missing",
        "credits_used_up",
        "account_suspended",
        "account_locked",
        "account_restricted",
        "wrong_account",
        "foreign_address",
        "media_missing",
    }
)


def doubt_of(line: DeliveryLine) -> Doubt:
    """Return what to ask about a delivery; where its reason is not known, whether it is there."""
    code = line.problem.code if line.problem else ""
    if code in LATE:
        return Doubt.SEND_ANYWAY
    return Doubt.MENDED if code in TO_MEND else Doubt.IS_IT_THERE


def build_question(number: str, line: DeliveryLine, say: Voice) -> tuple[str, list[Block]]:
    """Build the question with its buttons and the account's link; without buttons once it is answered."""
    name = account_name(line, say)
    if line.state is not DeliveryState.ASKED:
        return state_text(line, say)
    doubt = doubt_of(line)
    why = say.remark(line.problem) if line.problem else ""
    sentence = {
        Doubt.IS_IT_THERE: words.ask_there,
        Doubt.SEND_ANYWAY: words.ask_still,
        Doubt.MENDED: words.ask_fixed,
    }[doubt]
    text = say(sentence, name, why)
    blocks: list[Block] = [section(f"*{number}*　{escape(text)}")]
    if line.account_url:
        blocks.append(context(f"<{line.account_url}|{escape(say(words.account_link))}>"))
    return text, [*blocks, _buttons(line, doubt, say)]


def state_text(line: DeliveryLine, say: Voice) -> tuple[str, list[Block]]:
    """Say where a delivery is that is no question any more."""
    from chatops.courier.render import delivery_message  # noqa: PLC0415 - the courier renders questions too

    return delivery_message(line, say)


def _buttons(line: DeliveryLine, doubt: Doubt, say: Voice) -> Block:
    value = json.dumps({"d": line.id})
    if doubt is Doubt.IS_IT_THERE:
        first = [
            button(say(words.is_there), AskId.IT_IS_THERE, value),
            button(say(words.is_not_there), AskId.SEND, value, style="primary"),
        ]
    else:
        label = words.send_anyway if doubt is Doubt.SEND_ANYWAY else words.send_again
        first = [button(say(label), AskId.SEND, value, style="primary")]
    return actions(*first, button(say(words.do_not_send), AskId.DO_NOT_SEND, value, style="danger"))
