"""How a post will appear on each account, and what the policy says of it: for review, card, now and show. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, clip, context, escape, image, quotation, section
from chatops.messages.ja import card as card_words
from chatops.messages.ja import form, labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chatops.messages import Voice
    from publisher.api import Citation, DeliveryLine, FindingView, MediaView, Pane, StepView

SLACK_SOURCE: Final = "slack:"
MAX_FINDINGS: Final = 12
MAX_QUOTE_CHARS: Final = 220
ALLOW: Final = "allow"
_EFFECT_MARKS: Final = {"block": "⛔", "escalate": "⚠️", "warn": "🔸", ALLOW: "☑️"}


def pane_blocks(
    pane: Pane, media: Sequence[MediaView], say: Voice, *, max_chars: int, more: str, shows_images: bool = True
) -> list[Block]:
    """Build one account's version as it will appear: text, length, images, what is cut, why it is refused."""
    plan = pane.plan
    built = [
        section(f"*{escape(say(form.reads_as, pane.name))}*"),
        quotation(plan.text or say(form.no_text), max_chars, more, title=plan.title or ""),
    ]
    small = [escape(line) for line in _small_lines(pane, say)]
    carried = {each.sha256 for each in plan.media}
    shown = [each for each in media if each.sha256 in carried]
    if shows_images:
        built += [_media_block(each, say) for each in shown if _is_shown(each)]
    undescribed = [each.name for each in shown if each.kind == "image" and not each.alt and shows_images]
    if undescribed:
        small.append(escape(say(form.undescribed, say(labels.names, undescribed))))
    small += [
        escape(say(form.media_line, each.kind, each.name, each.alt))
        for each in shown
        if not (shows_images and _is_shown(each))
    ]
    if small:
        built.append(context("\n".join(small)))
    if plan.refusals:
        lines = "\n".join(f"• {escape(say.remark(each))}" for each in plan.refusals)
        built.append(section(f"⛔ *{escape(say(form.refusals_head))}*\n{lines}"))
    return built


def short_pane_line(pane: Pane, say: Voice) -> str:
    """Show an account in one line of mrkdwn, for cards with many accounts."""
    mark = "⛔ " if pane.plan.is_refused else ""
    return f"{mark}*{escape(pane.name)}* {escape(' '.join(_lengths(pane, say)))}"


def finding_blocks(panes: Iterable[Pane], say: Voice, *, shows_grounds: bool = False) -> list[Block]:
    """Build what the policy says, each finding once with the accounts that it is about, strongest first.

    Args:
        panes: The accounts.
        say: The reader's language.
        shows_grounds: Show also the clauses that allow it, such as the exception for disasters.
    """
    merged: dict[tuple[str, str], tuple[FindingView, dict[tuple[Citation, ...], list[str]]]] = {}
    for pane in panes:
        for finding in pane.findings:
            if finding.effect != ALLOW or (shows_grounds and finding.citations):
                key = (finding.message.ja, finding.effect)
                # Two packs can say the same: each account keeps the clauses of its own.
                merged.setdefault(key, (finding, {}))[1].setdefault(finding.citations, []).append(pane.name)
    order = {"block": 0, "escalate": 1, "warn": 2, ALLOW: 3}
    found = sorted(merged.values(), key=lambda each: order.get(each[0].effect, 4))
    return [block for finding, grounds in found[:MAX_FINDINGS] for block in _finding(finding, grounds, say)]


def has_objections(panes: Iterable[Pane]) -> bool:
    """Tell whether the policy has anything to say against it."""
    return any(finding.effect != ALLOW for pane in panes for finding in pane.findings)


def route_text(panes: Iterable[Pane], say: Voice, *, without: Callable[[], str] = form.no_route) -> str:
    """Show the round in mrkdwn: equal routes once, done steps with who and when; *without* says that there is none."""
    routes: dict[tuple[str, ...], list[str]] = {}
    for pane in panes:
        lines = tuple(_step_line(step, say) for step in pane.steps)
        routes.setdefault(lines, []).append(pane.name)
    if not any(routes):
        return escape(say(without))
    parts = []
    for lines, names in routes.items():
        head = say(form.route, "") if len(routes) == 1 else say(form.route, say(labels.names, names))
        parts.append("\n".join([f"*{escape(head)}*", *(lines or (escape(say(form.no_step)),))]))
    return "\n".join(parts)


def account_name(line: DeliveryLine, say: Voice) -> str:
    """Name a delivery's account, and say where it is a repost."""
    is_repost = line.kind.value == "repost"
    return say(labels.as_repost, line.account_name) if is_repost else line.account_name


def _finding(finding: FindingView, grounds: Mapping[tuple[Citation, ...], Sequence[str]], say: Voice) -> list[Block]:
    mark = _EFFECT_MARKS.get(finding.effect, "🔹")
    head = f"{mark} *{escape(say(form.finding_effect, finding.effect))}*"
    small = []
    for citations, names in grounds.items():
        small += [
            say(form.citation, say.said(cited.document), cited.section, clip(cited.quote, MAX_QUOTE_CHARS))
            for cited in citations
        ]
        small.append(say(form.applies_to, say(labels.names, names)))
    return [section(f"{head}\n{escape(say.said(finding.message))}"), context(escape("\n".join(small)))]


def _small_lines(pane: Pane, say: Voice) -> list[str]:
    lines = ["　".join(_lengths(pane, say))] if pane.plan.lengths else []
    lines += [say.remark(each) for each in pane.plan.notes]
    if pane.mirrored_by:
        lines.append(say(form.mirrored, pane.mirrored_by))
    return lines


def _lengths(pane: Pane, say: Voice) -> list[str]:
    return [
        ("🔴 " if each.is_over else "")
        + say(labels.length, each.used, each.limit, each.unit, is_title=each.field == "title")
        for each in pane.plan.lengths
    ]


def _step_line(step: StepView, say: Voice) -> str:
    name = say.said(step.name)
    if step.decided_by and step.decided_at:
        if step.decision not in (None, "approve"):
            name = f"{name} {say(labels.decision, step.decision)}"
            return escape(say(card_words.step_refused, name, step.decided_by, say.moment(step.decided_at)))
        return escape(say(card_words.step_done, name, step.decided_by, say.moment(step.decided_at)))
    return escape(say(card_words.step_open, name, step.decided_by or say(labels.names, step.deciders)))


def _is_shown(media: MediaView) -> bool:
    return media.kind == "image" and media.source.startswith(SLACK_SOURCE)


def _media_block(media: MediaView, say: Voice) -> Block:
    alt = media.alt or say(form.media_line, media.kind, media.name, "")
    return image(media.source.removeprefix(SLACK_SOURCE), alt)
