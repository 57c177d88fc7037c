"""The whitelist, and what a pack says of an account, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, context, escape, header, section, sentence
from chatops.messages.ja import form, labels
from chatops.messages.ja import rules as words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chatops.messages import Voice
    from publisher.api import WhitelistCheck, WhitelistEntry

MAX_LINES: Final = 30
_MARKS: Final = {"allow": "✅", "warn": "⚠️", "escalate": "🙋", "block": "⛔"}


def entry_lines(entry: WhitelistEntry, say: Voice) -> list[str]:
    """Say what is known of an entry; the first line names it."""
    named = (
        f"{say(labels.platform, entry.platform)} @{entry.handle}　{entry.name}（{say(words.relation, entry.relation)}）"
    )
    if entry.is_own:
        notes = [say(words.not_mirrored)] if entry.removed_at else []
    else:
        notes = [say(words.evidence, entry.evidence)]
        notes += [say(words.verified)] if entry.is_verified_official else []
        notes += [say(words.aligned, entry.aligned_policy)] if entry.aligned_policy else []
        if entry.review_on is not None:
            told = words.review_due if entry.is_review_due else words.review_on
            notes.append(say(told, entry.review_on.isoformat()))
    lines = [named, "　".join(notes), say(words.added, entry.added_by, say.moment(entry.added_at))]
    if entry.removed_by is not None and entry.removed_at is not None:
        lines.append(say(words.removed, entry.removed_by, say.moment(entry.removed_at), entry.removal_reason))
    return [line for line in lines if line]


def check_lines(check: WhitelistCheck, say: Voice) -> list[str]:
    """Say what a pack says of an account, with the clause behind it; the first line is the answer."""
    what = say(words.action, check.action)
    result = f"{_MARKS.get(check.decision, '')} {say(words.decision, check.decision)}".strip()
    lines = [say(words.check_result, check.handle, what, check.account_name, result), _known(check, say)]
    if check.entry is not None and check.entry.is_review_due and check.entry.review_on is not None:
        lines.append(say(words.review_due, check.entry.review_on.isoformat()))
    for finding in check.findings:
        cited = "、".join(say(form.citation, say.said(one.document), one.section, "") for one in finding.citations)
        lines.append(f"・{say.said(finding.message)}" + (f"（{cited}）" if cited else ""))
    if check.who:
        lines.append(say(words.check_who, say(labels.names, check.who)))
    if check.next_open is not None:
        lines.append(say(words.check_opens, say.moment(check.next_open)))
    return lines


def build_entries(
    title: str, entries: Sequence[WhitelistEntry], say: Voice, *, without: Callable[[], str] | str
) -> list[Block]:
    """Build a list of entries, or what is said *without* any."""
    blocks = [header(title)]
    if not entries:
        return [*blocks, sentence(without if isinstance(without, str) else say(without))]
    for entry in entries[:MAX_LINES]:
        first, *rest = entry_lines(entry, say)
        blocks.append(section(f"*{escape(first)}*\n{escape(chr(10).join(rest))}"))
    hidden = len(entries) - MAX_LINES
    return [*blocks, context(escape(say(words.list_more, hidden)))] if hidden > 0 else blocks


def build_check(check: WhitelistCheck, say: Voice) -> list[Block]:
    """Build the answer to a check."""
    first, *rest = check_lines(check, say)
    return [section(f"*{escape(first)}*"), sentence("\n".join(rest))]


def _known(check: WhitelistCheck, say: Voice) -> str:
    if check.own_account is not None:
        own = say(words.check_own, check.own_account)
        is_stopped = check.entry is not None and check.entry.removed_at is not None
        return f"{own}　{say(words.not_mirrored)}" if is_stopped else own
    if check.entry is None:
        return say(words.check_unlisted)
    return say(words.check_listed, say(words.relation, check.relation), check.entry.name)
