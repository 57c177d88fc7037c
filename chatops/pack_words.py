"""Packs and their changes in lines of plain text, for Slack and the shell alike. Pure."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from chatops.messages.ja import labels
from chatops.messages.ja import pack_changes as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import ChangeView, Difference, PackView, Replay


def pack_lines(view: PackView, say: Voice) -> list[str]:
    """Say what is in force of a pack, what is to come, and whether the file is another."""
    platforms = say(labels.names, [say(labels.platform, name) for name in view.platforms])
    day = "" if view.in_force_on is None else view.in_force_on.isoformat()
    held = say(words.not_stored) if view.number is None else say(words.in_force, view.number, day)
    lines = [say(words.pack, say.said(view.document), view.edition, view.name, platforms), held]
    lines += [say(words.ahead, number, say.moment(moment)) for number, moment in view.ahead]
    return [*lines, say(words.differs, view.file, view.name)] if view.differs_from_file else lines


def change_lines(view: ChangeView, say: Voice) -> list[str]:
    """Say what is proposed, from when on, by whom, why, and what became of it."""
    state = say(words.state, view.decision or "")
    lines = [say(words.change, view.number, view.pack, state), say(words.begins, say.moment(view.begins_at))]
    if view.ends_at is not None:
        lines.append(say(words.ends, say.moment(view.ends_at)))
    lines.append(say(words.proposed, view.proposed_by, say.moment(view.proposed_at), view.reason))
    if view.decided_by is not None and view.decided_at is not None:
        lines.append(say(words.decided, state, view.decided_by, say.moment(view.decided_at), view.note))
    return lines


def replay_line(replay: Replay, say: Voice) -> str:
    """Sum a replay up in one line."""
    if not replay.is_base_readable:
        return say(words.not_compared)
    return say(words.replayed, say.moment(replay.since), replay.posts, replay.verdicts, replay.differing)


def difference_lines(replay: Replay, say: Voice, *, limit: int | None = None) -> list[str]:
    """Name each post on which the change says something else, two lines a post, and how many are left out."""
    shown = replay.differences if limit is None else replay.differences[:limit]
    lines = [line for one in shown for line in _difference(one, say)]
    hidden = replay.differing - len(shown)
    return [*lines, say(words.more, hidden)] if hidden > 0 else lines


def _difference(one: Difference, say: Voice) -> tuple[str, str]:
    places = say(labels.names, [say.said(place) for place in one.places])
    account = say(words.repost, one.account_name) if one.is_repost else one.account_name
    return (
        say(words.difference, one.number, account, one.old, one.new),
        "　" + say(words.point, one.change.value, say.said(one.message), places, is_new=one.is_new),
    )


def text_diff(before: str, after: str) -> Sequence[str]:
    """Return the difference of two texts, line by line, with a line around each."""
    # The two lines in front would name the files, and there are none.
    return list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[2:]
