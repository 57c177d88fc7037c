"""The approval card. Pure; always within Slack's limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from chatops.block_kit import (
    Block,
    actions,
    button,
    context,
    divider,
    escape,
    fits_message,
    header,
    quotation,
    section,
)
from chatops.checklist import answer_lines
from chatops.event_words import newer_line, replaced_lines, report_line
from chatops.features.approve.ids import ApproveId
from chatops.features.correct.ids import CorrectId
from chatops.features.sign_off.ids import SignOffId
from chatops.messages.ja import card as words
from chatops.messages.ja import checklist, correct, form, labels, notices
from chatops.panes import (
    CARD_QUOTE_CHARS,
    account_name,
    finding_blocks,
    has_objections,
    pane_blocks,
    route_text,
    short_pane_line,
)
from chatops.tombstones import tombstone
from publisher.api import TAKES_BACK, DeliveryKind, DeliveryState, Outlook, PostState

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.api import CardView, DeliveryLine, Pane, SignOffView

TEXT_STEPS: Final = (2500, 1500, 800, 400, 160)
"""How much of each account's text is shown: the first that fits."""
MAX_PANES: Final = 20
MAX_QUESTIONS: Final = 12
MAX_ANSWERS: Final = 12
MAX_DELIVERIES: Final = 20
_AHEAD: Final = frozenset({PostState.DRAFT, PostState.SUBMITTED, PostState.RETURNED})
"""States in which a post without a time still waits for its 決裁."""
_TIMED: Final = frozenset({DeliveryState.DUE, DeliveryState.RETRY, DeliveryState.WAITING})
"""States of a delivery whose time lies ahead."""
_STOPPED: Final = frozenset({DeliveryState.CANCELLED, DeliveryState.SUPERSEDED})
_WITHOUT_PROBLEM: Final = frozenset({DeliveryState.SENT, *_STOPPED})
"""States in which it makes no difference any more what was in the way."""
_MARKS: Final = {
    DeliveryState.SENT: "✅",
    DeliveryState.FAILED: "❌",
    DeliveryState.ASKED: "❓",
    DeliveryState.CANCELLED: "⏹",
    DeliveryState.SUPERSEDED: "⏹",
    DeliveryState.HELD: "⏸",
}


def build_card(view: CardView, say: Voice, *, has_buttons: bool = True) -> list[Block]:
    """Build the card, with as much of the texts as Slack takes."""
    blocks: list[Block] = []
    for max_chars in TEXT_STEPS:
        for shows_images in (True, False):
            blocks = _build(view, say, max_chars=max_chars, shows_images=shows_images, has_buttons=has_buttons)
            if fits_message(blocks):
                return blocks
    return _build_short(view, say, has_buttons=has_buttons)


def build_fallback(view: CardView, say: Voice) -> str:
    """Say the card in one line, for notifications and screen readers."""
    return say(words.fallback, view.number, view.section_name, say(labels.state, view.state))


def post_state(view: CardView, say: Voice) -> str:
    """Say where a post is."""
    outlook = "" if view.outlook is Outlook.NOTHING_YET else say(labels.outlook, view.outlook)
    return say(words.state, say(labels.state, view.state), outlook)


def delivery_text(line: DeliveryLine, say: Voice) -> str:
    """Show a delivery in one line of mrkdwn, with its link."""
    at = line.sent_at or (line.due_at if line.state in _TIMED else None)
    when = say(words.at, say.moment(at)) if at else ""
    if line.taken_back is not None:
        return f"🗑 {escape(gone_text(line, say))}"
    is_done_back = line.state is DeliveryState.SENT and line.kind in TAKES_BACK
    state = say(labels.taken_back) if is_done_back else say(labels.delivery, line.state)
    said = say(words.delivery_line, account_name(line, say), state, when)
    shown = f"{_MARKS.get(line.state, '🕒')} {escape(said)}"
    if line.url:
        shown += f" <{line.url}|{escape(say(notices.link))}>"
    if line.newer is not None:
        shown += f"\n　{escape(newer_line(line, say))}"
    if problem := problem_text(line, say):
        shown += f"\n　{escape(problem)}"
    return shown


def problem_text(line: DeliveryLine, say: Voice) -> str:
    """Say what is in a delivery's way; nothing where that makes no difference any more."""
    return "" if line.problem is None or line.state in _WITHOUT_PROBLEM else say.remark(line.problem)


def gone_text(line: DeliveryLine, say: Voice) -> str:
    """Say of a publication or a repost that it is there no more: since when, and by whose order. It has no link."""
    if line.taken_back is None:
        return ""
    state = say(labels.undone if line.kind is DeliveryKind.REPOST else labels.deleted)
    at, by = line.taken_back.at, line.taken_back.by
    when = say(words.ordered_by, say.moment(at), by) if by else say(words.at, say.moment(at))
    return say(words.delivery_line, account_name(line, say), state, when)


def current_deliveries(view: CardView) -> list[DeliveryLine]:
    """Return the deliveries that still say something: without those of earlier versions that were stopped."""
    newest = {(line.account, line.kind): line.id for line in view.deliveries}
    is_new_round = view.state in _AHEAD
    return [
        line
        for line in view.deliveries
        if line.state not in _STOPPED or (line.id == newest[line.account, line.kind] and not is_new_round)
    ]


def _build(view: CardView, say: Voice, *, max_chars: int, shows_images: bool, has_buttons: bool) -> list[Block]:
    more = say(labels.ellipsis_to_show, view.number)
    blocks = _head(view, say)
    if view.erased is not None:
        return [*blocks, section(escape(tombstone(view.erased, say))), *_delivery_blocks(view, say)]
    for pane in view.panes[:MAX_PANES]:
        blocks.append(divider())
        blocks += pane_blocks(pane, view.media, say, max_chars=max_chars, more=more, shows_images=shows_images)
    hidden = len(view.panes) - MAX_PANES
    if hidden > 0:
        blocks.append(context(escape(say(words.more_accounts, hidden, view.number))))
    return [*blocks, divider(), *_below(view, say, has_buttons=has_buttons)]


def _build_short(view: CardView, say: Voice, *, has_buttons: bool) -> list[Block]:
    more = say(labels.ellipsis_to_show, view.number)
    panes = "\n".join(short_pane_line(pane, say) for pane in view.panes[:MAX_PANES])
    text = quotation(view.form.text, TEXT_STEPS[-1], more)
    return [*_head(view, say), text, section(panes), *_foot(view, say, has_buttons=has_buttons)]


def _head(view: CardView, say: Voice) -> list[Block]:
    lines = [*_times(view, say), say(words.author, view.author)]
    if view.category is not None:
        lines.append(say(words.category, say.said(view.category.name)))
    head: list[Block] = [header(f"{say(words.title, view.number, view.section_name)}")]
    if view.is_emergency:
        kind = say.said(view.emergency_kind.name) if view.emergency_kind else ""
        reason = f"\n{escape(say(words.emergency_reason, view.reason))}" if view.reason else ""
        head.append(section(f"🚨 *{escape(say(words.emergency, kind))}*{reason}"))
    of_event = [] if view.report is None else [f"*{escape(report_line(view.report, say))}*"]
    of_event += [escape(one) for one in replaced_lines(view.replaced, say)]
    if of_event:
        head.append(section("\n".join(of_event)))
    state = f"*{escape(post_state(view, say))}*　{escape(say(words.version, view.version))}"
    lines += correction_lines(view, say)
    if view.sign_off is not None:
        lines.append(_sign_off_text(view.sign_off, say))
    return [*head, section("\n".join([state, *(escape(line) for line in lines)]))]


def _times(view: CardView, say: Voice) -> list[str]:
    if view.sign_off is not None and view.is_emergency:
        return [say(words.sent_at, say.moment(view.sign_off.opened_at))]
    at, latest = view.form.publish_at, view.form.latest_at
    lines = [say(form.when, say.moment(at))] if at else []
    if not at and view.state in _AHEAD:
        lines.append(say(form.when, say(labels.as_soon_as_approved)))
    return [*lines, say(form.until, say.moment(latest))] if latest else lines


def _sign_off_text(sign_off: SignOffView, say: Voice) -> str:
    if sign_off.signed_by is None or sign_off.signed_at is None:
        return say(words.sign_off_open)
    return say(words.signed_off, sign_off.signed_by, say.moment(sign_off.signed_at))


def correction_lines(view: CardView, say: Voice) -> list[str]:
    """Say which posts put this one right, and which it puts right."""
    return [
        say(
            correct.newer if one.is_newer else correct.older,
            one.number,
            say(labels.cause, one.cause),
            say(labels.names, one.accounts),
        )
        for one in view.corrections
    ]


def _below(view: CardView, say: Voice, *, has_buttons: bool) -> list[Block]:
    blocks: list[Block] = []
    found = finding_blocks(view.panes, say, shows_grounds=view.is_emergency, max_quote=CARD_QUOTE_CHARS)
    if found:
        blocks += [section(f"*{escape(say(words.findings_head))}*"), *found]
    if not has_objections(view.panes):
        blocks.append(context(escape(say(form.nothing_found))))
    said = answer_lines(view.author_answers, view.media, say, most=MAX_ANSWERS)
    if said:
        blocks.append(section("\n".join([f"*{escape(say(checklist.author_said))}*", *said])))
    if view.questions and view.state is PostState.SUBMITTED:
        lines = [f"□ {escape(say.said(each.text))}" for each in view.questions[:MAX_QUESTIONS]]
        blocks.append(section("\n".join([f"*{escape(say(words.questions_head))}*", *lines])))
    return [*blocks, *_foot(view, say, has_buttons=has_buttons)]


def _foot(view: CardView, say: Voice, *, has_buttons: bool) -> list[Block]:
    without = words.emergency_route if view.is_emergency else words.no_route
    blocks = [section(route_text(_steps_first(view.panes), say, without=without))]
    if view.state is PostState.SUBMITTED:
        names = say(labels.names, view.waiting_for) or say(labels.nobody_decides)
        blocks.append(section(f"*{escape(say(words.waiting_for, names))}*"))
    blocks += _delivery_blocks(view, say)
    buttons = _buttons(view, say) if has_buttons else []
    return [*blocks, actions(*buttons, block_id=ApproveId.BUTTONS)] if buttons else blocks


def _delivery_blocks(view: CardView, say: Voice) -> list[Block]:
    lines = [delivery_text(line, say) for line in current_deliveries(view)[:MAX_DELIVERIES]]
    return [section("\n".join([f"*{escape(say(words.deliveries_head))}*", *lines]))] if lines else []


def _buttons(view: CardView, say: Voice) -> list[Block]:
    value = json.dumps({"n": view.number, "v": view.version, "f": view.next_is_final})
    if view.state is PostState.SUBMITTED:
        approve = words.approve_final if view.next_is_final else words.approve_step
        return [
            button(say(approve), ApproveId.APPROVE, value, style="primary"),
            button(say(words.send_back), ApproveId.RETURN, value),
            button(say(words.reject), ApproveId.REJECT, value, style="danger"),
            button(say(words.withdraw), ApproveId.WITHDRAW, value),
        ]
    if view.state is PostState.RETURNED:
        return [button(say(words.edit), ApproveId.EDIT, value)]
    sign = [button(say(words.sign_off), SignOffId.SIGN, value, style="primary")] if view.sign_off_open else []
    return [*sign, button(say(correct.button), CorrectId.OPEN, value)] if _is_there(view) else sign


def _is_there(view: CardView) -> bool:
    """Tell whether something of a post is out that nobody is taking back."""
    out = {
        line.account
        for line in view.deliveries
        if line.kind is DeliveryKind.PUBLISH and line.state is DeliveryState.SENT
    }
    back = {
        line.account
        for line in view.deliveries
        if line.kind is DeliveryKind.DELETE and line.state is not DeliveryState.CANCELLED
    }
    return view.erased is None and bool(out - back)


def _steps_first(panes: tuple[Pane, ...]) -> tuple[Pane, ...]:
    return tuple(sorted(panes, key=lambda pane: -len(pane.steps)))
