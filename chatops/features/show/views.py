"""A post, whole. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, divider, escape, fits_message, quote, section
from chatops.features.approve.card import build_card
from chatops.messages.ja import acts, board, form
from chatops.messages.ja import card as words

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.api import CardView

PIECE_CHARS: Final = 2500
MAX_HISTORY: Final = 25
MAX_BLOCKS_A_PAGE: Final = 4
"""Four full sections stay below what Slack takes in one message."""


def build_pages(view: CardView, say: Voice) -> list[list[Block]]:
    """Build one or more messages: the post without buttons, its history, and each text that did not fit, whole."""
    card = build_card(view, say, has_buttons=False)
    history = _history(view, say)
    pages = [[*card, divider(), history]] if fits_message([*card, history, divider()]) else [card, [history]]
    whole = _full_texts(view, say) if _is_cut(view, card) else []
    head = section(f"*{escape(say(board.texts_follow))}*")
    starts = range(0, len(whole), MAX_BLOCKS_A_PAGE)
    return [*pages, *([head, *whole[start : start + MAX_BLOCKS_A_PAGE]] for start in starts)]


def _history(view: CardView, say: Voice) -> Block:
    lines = [f"*{escape(say(words.history_head))}*"]
    for each in view.history[-MAX_HISTORY:]:
        note = f" {each.note[:80]}" if each.note else ""
        lines.append(escape(f"{say.moment(each.at)} {say(acts.history, each.code)} {each.who}{note}"))
    return section("\n".join(lines))


def _is_cut(view: CardView, card: list[Block]) -> bool:
    said = "\n".join(block["text"]["text"] for block in card if block["type"] == "section")
    return any(escape(line) not in said for pane in view.panes for line in pane.plan.text.split("\n"))


def _full_texts(view: CardView, say: Voice) -> list[Block]:
    by_text: dict[str, list[str]] = {}
    for pane in view.panes:
        by_text.setdefault(pane.plan.text, []).append(pane.name)
    blocks = []
    by_text.pop("", None)
    for text, names in by_text.items():
        title = escape(say(form.reads_as, "、".join(names)))[:300]
        pieces = [text[start : start + PIECE_CHARS // 2] for start in range(0, len(text), PIECE_CHARS // 2)]
        blocks.append(section(f"*{title}*\n{quote(pieces[0])}"))
        blocks.extend(section(quote(piece)) for piece in pieces[1:])
    return blocks
