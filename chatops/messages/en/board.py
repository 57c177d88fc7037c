"""`/sns queue`, `show`, `cancel`, `help`."""

from __future__ import annotations


def queue_title() -> str:
    """Head the queue."""
    return "Drafts, waiting and scheduled posts"


def queue_empty() -> str:
    """Say that the queue is empty."""
    return "There are no drafts, and nothing is waiting or scheduled."


def queue_more(count: int) -> str:
    """Say that the list is cut."""
    return f"There are {count} more."


def queue_waiting(names: str) -> str:
    """Say who is next."""
    return f"waits for: {names}"


def number_missing(command: str) -> str:
    """Ask for a number."""
    return f"Write the number behind it, for example: /sns {command} K-12"


def clauses_follow() -> str:
    """Head the clauses that the card shows only in part."""
    return "The clauses that were cut on the card"


def texts_follow() -> str:
    """Head the full texts."""
    return "Full text"


def stopped(names: str) -> str:
    """Say what was stopped."""
    return f"Stopped: {names}"


def gone() -> str:
    """Head what was out already."""
    return "Already out (cancelling does not remove it; delete it on the platform if need be)"


def gone_names(names: str) -> str:
    """Say what was out already."""
    return f"Already out: {names}"


def under_way(names: str) -> str:
    """Say what was on its way."""
    return f"On their way: {names} (the card's thread will tell whether they were stopped)"


def help_title() -> str:
    """Head the help."""
    return "How to use /sns"


def unknown(word: str) -> str:
    """Say that a word is not known."""
    return f"There is no command “/sns {word}”."


def meant(command: str) -> str:
    """Say what was meant."""
    return f"Did you mean “/sns {command}”?"


def help_draft() -> str:
    """Explain draft."""
    return "/sns draft text … write a draft\n　 /sns draft K-12 … go on with one"


def help_now() -> str:
    """Explain now."""
    return "/sns now text … send an emergency post, for those who may"


def help_queue() -> str:
    """Explain queue."""
    return "/sns queue … see drafts, waiting and scheduled posts"


def help_show() -> str:
    """Explain show."""
    return "/sns show K-12 … see a post, whole, with its history"


def help_cancel() -> str:
    """Explain cancel."""
    return "/sns cancel K-12 reason … stop what has not gone out"


def help_correct() -> str:
    """Explain correct."""
    return "/sns correct K-12 … correct or delete what went out"


def help_policy() -> str:
    """Explain policy."""
    return "/sns policy … the rules in force, and proposed changes"


def help_whitelist() -> str:
    """Explain whitelist."""
    return "/sns whitelist … accounts that may be reposted and followed; managers add and remove them"


def help_hold() -> str:
    """Explain hold."""
    return "/sns hold [account or section] [reason] … stop routine posts (/sns resume lifts it, /sns hold list)"


def help_mark() -> str:
    """Explain mark."""
    return "/sns mark K-12 … mark a post as related to the disaster, which can go during a hold (roads, water, schools)"


def help_period() -> str:
    """Explain period."""
    return "/sns period … periods such as elections; managers set and end them"


def help_help() -> str:
    """Explain help."""
    return "/sns help … this page"


def help_approval() -> str:
    """Explain approval."""
    return "Approving, sending back, rejecting and withdrawing are done with the buttons on the card."
