"""A post, whole. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, divider, escape, fits_message, quotation, section, sentence, texts_of
from chatops.features.approve.card import build_card
from chatops.messages.ja import acts, board, form
from chatops.messages.ja import card as words
from chatops.panes import cut_quotes
from chatops.tombstones import tombstone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import CardView, Erased, HistoryLine

PIECE_CHARS: Final = 2500
MAX_HISTORY: Final = 25
_BY_ITSELF: Final = frozenset(
    {"sent", "reposted", "held", "failed", "asked", "closed", "expired", "receipt_without_place"}
)
"""Events that no person brought about."""
MAX_KEPT: Final = 20
KEPT_LINES_A_BLOCK: Final = 10
MAX_BLOCKS_A_PAGE: Final = 4
"""Four full sections stay below what Slack takes in one message."""


def build_pages(view: CardView, say: Voice) -> list[list[Block]]:
    """Build one or more messages: the post without buttons, its history, and each text that did not fit, whole."""
    card = build_card(view, say, has_buttons=False)
    history = _history(view, say)
    tail = [*_kept(view, say), history]
    pages = [[*card, divider(), *tail]] if fits_message([*card, *tail, divider()]) else [card, tail]
    whole = _full_texts(view, say) if _is_cut(view, card) else []
    quotes = cut_quotes(view.panes, say)
    whole += [section(f"*{escape(say(board.clauses_follow))}*"), *map(sentence, quotes)] if quotes else []
    head = section(f"*{escape(say(board.texts_follow))}*")
    starts = range(0, len(whole), MAX_BLOCKS_A_PAGE)
    return [*pages, *([head, *whole[start : start + MAX_BLOCKS_A_PAGE]] for start in starts)]


def kept_lines(view: CardView, say: Voice) -> list[str]:
    """Say what was kept before a deletion; the address is no link, for nothing is there."""
    lines = []
    for one in view.kept[:MAX_KEPT]:
        sent = say.moment(one.sent_at) if one.sent_at else ""
        lines.append(say(words.kept_line, one.account_name, sent, say.moment(one.taken_at)))
        lines += [f"　{say(words.kept_url, one.url)}"] if one.url else []
    return lines


def _kept(view: CardView, say: Voice) -> list[Block]:
    lines = kept_lines(view, say)
    head = section(f"*{escape(say(words.kept_head))}*")
    starts = range(0, len(lines), KEPT_LINES_A_BLOCK)
    blocks = [sentence("\n".join(lines[start : start + KEPT_LINES_A_BLOCK])) for start in starts]
    return [head, *blocks] if lines else []


def _history(view: CardView, say: Voice) -> Block:
    lines = map(escape, history_lines(view, say)[-MAX_HISTORY:])
    return section("\n".join([f"*{escape(say(words.history_head))}*", *lines]))


def history_lines(view: CardView, say: Voice) -> list[str]:
    """Say what happened to a post, one line an event."""
    return [_history_text(each, say, view.erased) for each in _told(view.history)]


def _history_text(line: HistoryLine, say: Voice, erased: Erased | None) -> str:
    """Show one event; deliveries are told with their account, which their note holds, and without a person."""
    parts = [say.moment(line.at), say(acts.history, line.code)]
    if line.code not in _BY_ITSELF:
        parts.append(line.who)
    note = tombstone(erased, say) if line.is_erased and erased is not None else line.note
    return "　".join([*parts, note[:80]] if note else parts)


def _told(history: Sequence[HistoryLine]) -> list[HistoryLine]:
    """Leave out the last 承認 where it is told as 決裁."""
    following: list[HistoryLine | None] = [*history[1:], None] if history else []
    return [
        line
        for line, after in zip(history, following, strict=True)
        if not (line.code == "step_approved" and after and (after.code, after.who) == ("approved", line.who))
    ]


def _is_cut(view: CardView, card: list[Block]) -> bool:
    said = "\n".join(texts_of(block for block in card if block["type"] == "rich_text"))
    return any(pane.plan.text not in said for pane in view.panes)


def _full_texts(view: CardView, say: Voice) -> list[Block]:
    by_text: dict[str, list[str]] = {}
    for pane in view.panes:
        by_text.setdefault(pane.plan.text, []).append(pane.name)
    blocks = []
    by_text.pop("", None)
    for text, names in by_text.items():
        title = escape(say(form.reads_as, "、".join(names)))[:300]
        pieces = [text[start : start + PIECE_CHARS // 2] for start in range(0, len(text), PIECE_CHARS // 2)]
        blocks.append(section(f"*{title}*"))
        blocks.extend(quotation(piece) for piece in pieces)
    return blocks
