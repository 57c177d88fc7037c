# ruff: noqa: E501 - a sentence stays on its line
"""A city's rules: what is in force, what is proposed, and what a change would have said of past posts."""

from __future__ import annotations

from typing import Final

_DECISIONS: Final = {
    "allow": "allowed",
    "warn": "allowed with a warning",
    "escalate": "needs a consent",
    "block": "forbidden",
}


def title() -> str:
    """Head the page."""
    return "The rules"


def pack(document: str, edition: str, name: str, platforms: str) -> str:
    """Name a pack."""
    return f"{document} {edition} ({name}, {platforms})".replace("  (", " (")


def in_force(number: int, day: str) -> str:
    """Say since when a pack's text is in force; *day* is empty for the first text."""
    return f"no. {number}, in force since {day}" if day else "in force as it was first taken over"


def not_stored() -> str:
    """Say that nothing is stored before the first start."""
    return "Not in the ledger yet: sns serve takes the file's text over when it starts."


def ahead(number: int, moment: str) -> str:
    """Name a confirmed change that is still to come."""
    return f"No. {number} takes effect from {moment}."


def differs(file: str, name: str) -> str:
    """Say that the file is not what is in force, and what to do."""
    return f"Note: {file} is not what is in force. To change the rules, propose it: sns policy propose {file} --pack {name}. If not, put the file back as it was."


def changes_title() -> str:
    """Head the changes."""
    return "Proposed changes"


def no_changes() -> str:
    """Say that nothing is proposed."""
    return "No change waits for a confirmation."


def change(number: int, pack: str, state: str) -> str:
    """Head a change."""
    return f"No. {number}: a change of {pack} ({state})"


def state(decision: str) -> str:
    """Name what became of a change; empty: it is open."""
    return {"": "waits for a confirmation", "confirmed": "confirmed", "refused": "refused"}.get(decision, decision)


def begins(moment: str) -> str:
    """Say from when on a change holds."""
    return f"Takes effect: {moment}"


def ends(moment: str) -> str:
    """Say when another change takes its place."""
    return f"At {moment} another confirmed change takes its place."


def proposed(by: str, moment: str, reason: str) -> str:
    """Say who proposed a change, and why."""
    return f"Proposed by {by} ({moment}). Reason: {reason}"


def decided(state: str, by: str, moment: str, note: str) -> str:
    """Say who decided on a change, and why."""
    return f"{state}: {by} ({moment}). Reason: {note}"


def replayed(since: str, posts: int, verdicts: int, differing: int) -> str:
    """Sum a replay up."""
    tried = f"Trial run over {posts} posts since {since} ({verdicts} verdicts)"
    return f"{tried}: {differing} verdicts would differ." if differing else f"{tried}: no verdict would differ."


def not_compared() -> str:
    """Say that the text in force can't be read by this version."""
    return "Trial run: this version can't read the text in force, so nothing was compared."


def repost(account: str) -> str:
    """Say that an account reposts."""
    return f"{account} (repost)"


def difference(number: str, account: str, old: str, new: str) -> str:
    """Name a post on which a change says something else."""
    before, after = _DECISIONS.get(old, old), _DECISIONS.get(new, new)
    return f"{number} {account}: {before} → {after}" if old != new else f"{number} {account}: still {before}"


def point(kind: str, message: str, places: str, *, is_new: bool) -> str:
    """Say what a change adds, or takes away."""
    what = {"route": "sign-off", "question": "question"}.get(kind, "finding")
    about = f" ({places})" if places else ""
    return f"{'New' if is_new else 'Gone'} {what}: {message}{about}"


def more(count: int) -> str:
    """Say that the list is cut."""
    return f"{count} more."


def how_to_decide(number: int) -> str:
    """Say how a change is read and decided on in Slack."""
    return f"Read: /sns policy {number}   Confirm: /sns policy confirm {number} REASON   Refuse: /sns policy refuse {number} REASON"


def how_to_decide_in_shell(number: int) -> str:
    """Say how a change is decided on at the shell."""
    return f"Confirm: sns policy confirm {number} --as PERSON --reason REASON   Refuse: sns policy refuse {number} --as PERSON --reason REASON"


def usage() -> str:
    """Say how the command is called in Slack."""
    return "/sns policy … the rules in force and proposed changes\n/sns policy 3 … read no. 3\n/sns policy confirm 3 REASON … confirm no. 3 (managers)\n/sns policy refuse 3 REASON … refuse no. 3 (managers)\nChanges are proposed on the server, with sns policy propose."


def confirm_asked(number: int) -> str:
    """Ask for the last word, below the replay."""
    return f"Check the trial run; if you agree, press “Confirm this” (no. {number})."


def confirm_button() -> str:
    """Label the button."""
    return "Confirm this"


def confirm_reason(reason: str) -> str:
    """Show the reason that will be recorded."""
    return f"Reason to be recorded: {reason}"


def reason_too_long(limit: int) -> str:
    """Say that a reason does not fit."""
    return f"A reason can have at most {limit} characters."


def confirm_in_shell(number: int) -> str:
    """Ask for the last word at the shell."""
    return f"Confirm no. {number}, knowing this trial run?"


def nothing_confirmed() -> str:
    """Say that nothing was done."""
    return "Nothing was confirmed."


def text_changes() -> str:
    """Head the difference between the texts."""
    return "Difference of the texts (- in force, + changed)"


def same_as_file(pack: str) -> str:
    """Say that there is nothing to try."""
    return f"{pack}: the file is what is in force."


def which_day(given: str) -> str:
    """Say that a day cannot be understood."""
    return f"“{given}” is no day. Write it like 2027-01-04."
