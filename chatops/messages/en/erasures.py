# ruff: noqa: E501 - a sentence stays on its line
"""What `sns erase` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ITEMS: Final[Mapping[str, str]] = {
    "texts": "texts, variants and titles (versions)",
    "words": "reasons written at approval, sign-off, emergency or correction",
    "files": "images and videos (that no other post uses)",
    "shared_files": "stays: images and videos that another post uses too",
    "alts": "descriptions of images",
    "evidence": "texts and images kept before a deletion or correction",
    "judgements": "kept verdicts",
    "notices": "what notices said",
    "outcomes": "kept answers to acts",
    "details": "details of what platforms answered",
    "replays": "sentences about it in replays of packs",
    "events": "what the audit trail says (facts, notes; that it happened, and the digest, stay)",
}
REASONS: Final[Mapping[str, str]] = {
    "personal_data": "personal data published by mistake",
    "retention": "its time has ended",
}


def reason(name: str) -> str:
    """Name a reason."""
    return REASONS.get(name, name)


def list_head(number: str) -> str:
    """Head the list of what goes."""
    return f"What the erasure of {number} takes away, for good:"


def item(kind: str, count: int, names: str) -> str:
    """Name one kind of thing that goes."""
    return f"  {ITEMS.get(kind, kind)}: {count}" + (f" ({names})" if names else "")


def stays() -> str:
    """Say what stays."""
    return "What stays: numbers, times, states, who acted, addresses, receipts, digests. Where something went, it says when and by whose decision."


def still_public(places: str) -> str:
    """Say what is public still."""
    return f"Mind: these posts are public still, and this erasure does not touch them. Delete them first, on the platform or by deleting the post.\n{places}"


def elsewhere() -> str:
    """Say what no erasure reaches."""
    return "Messages in Slack, backups and what lies at the platforms are not reached by this erasure (“Erasing content” in docs/operating.md)."


def ask_propose() -> str:
    """Ask before a proposal is made."""
    return "Propose this erasure?"


def ask_confirm() -> str:
    """Ask before it is erased."""
    return "Erase this? It cannot be undone."


def proposal(number: str, reason: str, by: str, at: str, note: str) -> str:
    """Tell of a proposal."""
    return f"{number}\t{reason}\t{at}\t{by}\t{note}"


def proposal_id(erasure: str) -> str:
    """Give a proposal's id."""
    return f"  ID: {erasure}"


def none_open() -> str:
    """Say that nobody need decide."""
    return "No proposal to erase waits for a decision."


def due(number: str, section: str, finished: str, due: str, *, is_proposed: bool) -> str:
    """Tell of a post whose time has ended."""
    return f"{number}\t{section}\tended {finished}\tdue {due}" + ("\tproposed" if is_proposed else "")


def none_due() -> str:
    """Say that no post's time has ended."""
    return "There is no post whose time has ended."


def no_retention() -> str:
    """Say that no time is set."""
    return "The city file has no retention_days, so no post's time ends."


def not_done() -> str:
    """Say that nothing was done."""
    return "Nothing was done."


def ask_by_option() -> str:
    """Say how to go on without a terminal."""
    return "Nobody can be asked. Once the list of what goes has been read, run it again with its digest behind --seen."


def list_digest(digest: str) -> str:
    """Give the list's digest."""
    return f"Digest of the list: {digest}"
