"""The request for 後閲. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chatops.block_kit import Block, actions, button, sentence
from chatops.features.sign_off.ids import SignOffId
from chatops.messages.ja import card, labels, notices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice


def build_request(number: str, managers: Sequence[str], say: Voice) -> tuple[str, list[Block]]:
    """Build the request with its button."""
    text = say(notices.sign_off, number, say(labels.names, managers))
    sign = button(say(card.sign_off), SignOffId.SIGN, json.dumps({"n": number}), style="primary")
    return text, [sentence(text), actions(sign)]
