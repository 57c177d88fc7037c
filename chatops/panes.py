"""How a post will appear on each account, and what the policy says of it: for review, card, now and show. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, clip, context, escape, image, quotation, rich_text, section
from chatops.messages.ja import card as card_words
from chatops.messages.ja import form, labels
from publisher.api import DeliveryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chatops.messages import Voice
    from publisher.api import Citation, DeliveryLine, Excerpt, FindingView, HeldView, MediaView, Pane, StepView

SLACK_SOURCE: Final = "slack:"
MAX_FINDINGS: Final = 12
MAX_QUOTE_CHARS: Final = 2000
"""In a form, which has room for a clause."""
CARD_QUOTE_CHARS: Final = 220
"""On a card; `/sns show` has the rest."""
MAX_PLACES: Final = 3
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


def finding_blocks(
    panes: Iterable[Pane], say: Voice, *, shows_grounds: bool = False, max_quote: int = MAX_QUOTE_CHARS
) -> list[Block]:
    """Build what the policy says, each finding once with the accounts that it is about, strongest first.

    Args:
        panes: The accounts.
        say: The reader's language.
        shows_grounds: Show also the clauses that allow it, such as the exception for disasters.
        max_quote: How much of a clause's words is shown.
    """
    merged: dict[tuple[str, str], _Merged] = {}
    for pane in panes:
        for finding in pane.findings:
            if finding.effect != ALLOW or (shows_grounds and finding.citations):
                one = merged.setdefault((finding.message.ja, finding.effect), _Merged(finding=finding))
                # Two packs can say the same: each account keeps the clauses of its own.
                one.grounds.setdefault(finding.citations, []).append(pane.name)
                one.places |= dict.fromkeys(finding.places)
    return _blocks_of(merged.values(), say, max_quote)


def plain_finding_blocks(findings: Iterable[FindingView], say: Voice) -> list[Block]:
    """Build findings whose accounts need no naming, each once, strongest first."""
    merged: dict[tuple[str, str], _Merged] = {}
    for finding in findings:
        one = merged.setdefault((finding.message.ja, finding.effect), _Merged(finding=finding))
        one.grounds.setdefault(finding.citations, [])
        one.places |= dict.fromkeys(finding.places)
    return _blocks_of(merged.values(), say, MAX_QUOTE_CHARS)


def cut_quotes(panes: Iterable[Pane], say: Voice) -> list[str]:
    """Return the clauses, cited whole, of which a card shows the beginning alone."""
    cited = (cited for pane in panes for finding in pane.findings for cited in finding.citations)
    return list(
        dict.fromkeys(
            say(form.citation, say.said(one.document), one.section, one.quote)
            for one in cited
            if len(one.quote) > CARD_QUOTE_CHARS
        )
    )


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


_NAMED: Final = {
    DeliveryKind.REPOST: labels.as_repost,
    DeliveryKind.DELETE: labels.as_deletion,
    DeliveryKind.UNDO_REPOST: labels.as_undoing,
}


def account_name(line: DeliveryLine | HeldView, say: Voice) -> str:
    """Name a delivery's account, and say what else than a publication it is."""
    named = _NAMED.get(line.kind)
    return line.account_name if named is None else say(named, line.account_name)


@dataclass(kw_only=True)
class _Merged:
    """A finding with all accounts that it is about, and all places where it was seen."""

    finding: FindingView
    grounds: dict[tuple[Citation, ...], list[str]] = field(default_factory=dict)
    places: dict[Excerpt, None] = field(default_factory=dict)


def _blocks_of(found: Iterable[_Merged], say: Voice, max_quote: int) -> list[Block]:
    order = {"block": 0, "escalate": 1, "warn": 2, ALLOW: 3}
    listed = sorted(found, key=lambda each: order.get(each.finding.effect, 4))
    return [block for each in listed[:MAX_FINDINGS] for block in _finding(each, say, max_quote)]


def _finding(merged: _Merged, say: Voice, max_quote: int) -> list[Block]:
    finding = merged.finding
    mark = _EFFECT_MARKS.get(finding.effect, "🔹")
    said: list[tuple[str, bool]] = [
        (f"{mark} ", False),
        (say(form.finding_effect, finding.effect), True),
        (f"\n{say.said(finding.message)}", False),
    ]
    for place in list(merged.places)[:MAX_PLACES]:
        said += [(f"\n　{say(form.place)} {place.before}", False), (place.place, True), (place.after, False)]
    small = []
    for citations, names in merged.grounds.items():
        small += [
            say(form.citation, say.said(cited.document), cited.section, clip(cited.quote, max_quote))
            for cited in citations
        ]
        if names:
            small.append(say(form.applies_to, say(labels.names, names)))
    return [rich_text(said), *([context(escape("\n".join(small)))] if small else [])]


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
