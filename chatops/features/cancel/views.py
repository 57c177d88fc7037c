"""What a cancelling did. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.block_kit import Block, escape, section, sentence
from chatops.features.approve.card import delivery_text
from chatops.messages.ja import board as words
from publisher.api import TAKES_BACK, DeliveryState

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.api import CardView, DeliveryLine, Outcome


def build_answer(outcome: Outcome, view: CardView | None, say: Voice) -> tuple[str, list[Block]]:
    """Say what stopped, what was on its way, and what was out already, with its links."""
    params = {name: str(value) for name, value in outcome.params.items()}
    lines = [say.outcome(outcome)]
    if params.get("stopped"):
        lines.append(say(words.stopped, params["stopped"]))
    if params.get("under_way"):
        lines.append(say(words.under_way, params["under_way"]))
    out = [line for line in view.deliveries if _is_there(line)] if view else []
    blocks: list[Block] = [sentence("\n".join(lines))]
    if out:
        links = "\n".join(delivery_text(line, say) for line in out)
        blocks.append(section(f"*{escape(say(words.gone))}*\n{links}"))
        lines.append(say(words.gone_names, "、".join(line.account_name for line in out)))
    elif params.get("gone"):
        lines.append(say(words.gone_names, params["gone"]))
        blocks = [sentence("\n".join(lines))]
    return "\n".join(lines), blocks


def _is_there(line: DeliveryLine) -> bool:
    return line.state is DeliveryState.SENT and line.kind not in TAKES_BACK and line.taken_back is None
