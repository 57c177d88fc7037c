# ruff: noqa: E501 - a sentence stays on its line
"""Disaster mode: what is held, what waits, and what can't be stopped from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONSOLES: Final[Mapping[str, str]] = {
    "x": "X (posts scheduled in its own pages)",
    "line": "LINE Official Account Manager (scheduled messages)",
    "facebook": "Meta Business Suite (scheduled posts)",
    "youtube": "YouTube Studio (scheduled videos)",
}


def console(platform: str) -> str:
    """Name a vendor's own console with what can be scheduled there."""
    return CONSOLES.get(platform, platform)


def not_ours(consoles: Sequence[str]) -> str:
    """Say what can't be stopped from here."""
    return f"Posts that were scheduled in the vendors' own consoles can't be stopped from here. If need be, stop them there: {', '.join(consoles)}."


def in_force(where: str, by: str, moment: str) -> str:
    """Say what is held."""
    return f"⏸ {where}: on hold ({by}, since {moment})."


def how_to_resume(command: str, target: str) -> str:
    """Say how a hold is lifted; *command* is `/sns` or `sns`."""
    return f"To lift it, use {command} resume{target and f' {target}'}."


def waiting(count: int, command: str) -> str:
    """Say how many wait for a word; *command* lists them."""
    return f"{count} posts were stopped and wait for a decision (see {command})."


def because(reason: str) -> str:
    """Say why it is held."""
    return f" Reason: {reason}"


def moving(count: int) -> str:
    """Say how many are still on their way."""
    return f" Of the posts that were on their way, {count} have not ended yet."


def no_hold() -> str:
    """Say that nothing is held."""
    return "Nothing is on hold."


def title() -> str:
    """Head the list."""
    return "Posts stopped by a hold"


def nothing_waits() -> str:
    """Say that nobody's word is waited for."""
    return "No post is waiting for a decision."


def waits(number: str, account: str, moment: str) -> str:
    """Say what waits."""
    return f"{number}  {account}  planned: {moment}"


def late(moment: str) -> str:
    """Say that it is late."""
    return f"  ⚠️ past its latest useful time ({moment})"


def related() -> str:
    """Say that it is about the disaster."""
    return "  [related to the disaster]"


def more(count: int) -> str:
    """Say that the list is cut."""
    return f"There are {count} more. Decide on the posts above, then run /sns hold list again."


def told_held(number: str, account: str) -> str:
    """Tell that a hold has stopped a post."""
    return f"⏸ {number} ({account}) was not sent, because of a hold. After it is lifted you will be asked whether to send it. If it is about the disaster (roads, water, schools), use /sns mark {number}."


def ask_related(number: str, account: str) -> str:
    """Ask the PR division about a post that is related to the disaster."""
    return f"❓ {number} ({account}) is related to the disaster. A hold is in force; send it all the same? (For the PR division to decide.)"


def send() -> str:
    """Label: send."""
    return "Send"


def send_related() -> str:
    """Label: send although a hold is in force."""
    return "Send as related"


def do_not_send() -> str:
    """Label: do not send."""
    return "Do not send"


def later() -> str:
    """Label: decide later."""
    return "Later"


def usage_mark() -> str:
    """Say how a post is marked."""
    return "Name the post. Example: /sns mark K-12"


def still_moving(count: int) -> str:
    """Say at the shell that some are still on their way."""
    return f"{count} posts that were on their way have not ended yet. sns held shows whether they have."


def settled(count: int) -> str:
    """Say at the shell that all have ended."""
    return f"All {count} posts that were on their way have ended. No routine post is sent from now on."
