"""What `sns policy check`, `lint` and `show` say."""

from __future__ import annotations


def what_to_ask() -> str:
    """Say what a question needs."""
    return (
        "Name the text with --text (e.g. sns policy check --pack kashiwa --account kashiwa_shi "
        "--at 2026-12-05T10:00 --text '…'). To ask many questions at once, give --json - one a line."
    )


def which_pack() -> str:
    """Say that nothing names the pack."""
    return "Which guideline? Name it with --pack kashiwa (an account of a city file is enough by itself: --account)."


def no_such_pack(name: str, reason: str) -> str:
    """Say that there is no such pack or file, with the system's *reason* where it gave one."""
    why = f" ({reason})" if reason else ""
    return f"There is no guideline “{name}”{why}. Give a name (kashiwa, neutral, …) or a file that ends in .yaml."


def which_moment(given: str) -> str:
    """Say that a time cannot be understood."""
    return f"“{given}” is no time. Write it like 2026-12-05T10:00 (Japan's time where no offset is given)."


def not_understood(detail: str) -> str:
    """Say that the question cannot be understood."""
    return f"The question cannot be understood ({detail}). See sns policy check --help for what can be asked."


def pack_is_well(name: str, clauses: int, rules: int) -> str:
    """Say that a pack has no mistake."""
    return f"{name}: no mistakes ({clauses} clauses, {rules} rules)."


def head(document: str, platform: str, moment: str) -> str:
    """Say what was asked of which document."""
    return f"Judged by {document} ({platform}, {moment})"


def decision(name: str, role: str) -> str:
    """Say the verdict; *role* is whose consent it needs."""
    if name == "escalate" and role:
        return f"Verdict: it needs the consent of {role}"
    return "Verdict: " + {
        "allow": "it may be posted",
        "warn": "it may be posted (please look at it again)",
        "block": "it cannot be posted",
    }.get(name, "it needs somebody's consent")


def completed(text: str) -> str:
    """Show the text as it would be sent."""
    return f"It goes out as:\n{text}"


def checklist() -> str:
    """Head the questions that a person must answer."""
    return "For a person to check:"


def tasks() -> str:
    """Head the duties that follow."""
    return "What follows:"


def until(moment: str) -> str:
    """Say by when."""
    return f"until {moment}"


def at_once() -> str:
    """Say that it is to be done at once."""
    return "at once"
