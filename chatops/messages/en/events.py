# ruff: noqa: E501 - a sentence stays on its line
"""Events, their reports, and what takes another post's place."""

from __future__ import annotations

from typing import Final

LEVELS: Final = {
    1: "Alert level 1 (early notice)",
    2: "Alert level 2 (advisory)",
    3: "Alert level 3 (evacuation of the elderly)",
    4: "Alert level 4 (evacuation order)",
    5: "Alert level 5 (act now to save lives)",
}


# ── a report, and what took a post's place ───────────────────────────────────────────────────────


def report(event: int, kind: str, n: int, *, is_closing: bool) -> str:
    """Name a report."""
    return f"Event {event} ({kind}), report {n}" + (" (all clear)" if is_closing else "")


def level(number: int) -> str:
    """Name an alert level."""
    return f"alert level {number}"


def areas(names: str) -> str:
    """Name the areas."""
    return f"Areas: {names}"


def newer_report(number: str, n: int) -> str:
    """Name a newer report."""
    return f"report {n} ({number})"


def newer_closing(number: str, n: int) -> str:
    """Name the report that closed the event."""
    return f"the all clear, report {n} ({number})"


def newer_correction(number: str) -> str:
    """Name a correction."""
    return f"the correction {number}"


def newer_post(number: str) -> str:
    """Name a newer post that is none of these."""
    return f"the newer post {number}"


def replaced(account: str, newer: str) -> str:
    """Tell that a post was not sent, since a newer one took its place."""
    return f"⏹ Not sent to {account}: {newer} has taken its place."


def replaced_why(newer: str) -> str:
    """Say on the card why a delivery ended."""
    return f"Not sent: {newer} has taken its place."


def replaced_if_absent(newer: str) -> str:
    """Say what becomes of a delivery that is on its way, or that nobody knows the end of."""
    return f"{newer[:1].upper()}{newer[1:]} has taken its place. If it has not arrived, it will not be sent any more."


def replaces(older: str, names: str) -> str:
    """Say on the newer post's card what it took the place of."""
    return f"Took the place of what had not gone out of {older} ({names})."


def older_report(number: str, n: int) -> str:
    """Name an older report."""
    return f"report {n} ({number})"


# ── questions ────────────────────────────────────────────────────────────────────────────────────


def ask_replaced(account: str, newer: str) -> str:
    """Ask whether a post that is replaced is there."""
    return f"❓ {account}: {newer} has taken its place, so it will not be sent any more. Whether it was posted before could not be found out: please look at the account and choose."


def not_there() -> str:
    """Label: it is not there, and will not be."""
    return "It is not there"


def ask_still_valid(account: str, minutes: int) -> str:
    """Ask whether an emergency post still holds."""
    return f"❓ {account}: this emergency post did not go out within {minutes} min. Does it still hold? If so press “Send”; if things have changed, “Replace”; if nobody needs it any more, “Do not send”."


def send() -> str:
    """Label: it still holds, send it."""
    return "Send"


def replace() -> str:
    """Label: send another in its place."""
    return "Replace"


# ── the form of /sns now ─────────────────────────────────────────────────────────────────────────


def event() -> str:
    """Label the event."""
    return "Event"


def event_hint() -> str:
    """Say what a report of the same event does."""
    return "What has not gone out of earlier reports of the same event is not sent any more."


def new_event() -> str:
    """Offer to open an event."""
    return "A new event"


def event_choice(number: int, kind: str, reports: int, moment: str, areas: str) -> str:
    """Offer an open event."""
    return f"Event {number} {kind} (report {reports}, {moment}) {areas}"


def as_report(n: int) -> str:
    """Say which report it will be."""
    return f"It is sent as report {n}."


def as_first() -> str:
    """Say that it opens an event."""
    return "It is sent as the first report of a new event."


def as_closing(n: int) -> str:
    """Say that it closes the event."""
    return f"It is sent as the all clear (report {n}), and the event ends."


def will_replace(older: str, names: str) -> str:
    """Say what will not be sent any more."""
    return f"What has not gone out of {older} ({names}) is replaced and not sent."


def areas_label() -> str:
    """Label the areas."""
    return "Areas (not part of the text)"


def level_label() -> str:
    """Label the alert level."""
    return "Alert level (not part of the text)"


def no_level() -> str:
    """Offer no alert level."""
    return "None"


def level_choice(number: int) -> str:
    """Offer an alert level."""
    return LEVELS[number]


def closing_label() -> str:
    """Label the box of 解除."""
    return "All clear"


def closing_box() -> str:
    """Say what the box does."""
    return "This is the all clear: it stops what has not gone out, and ends the event"


# ── the answer ───────────────────────────────────────────────────────────────────────────────────


def sent_as(event: int, n: int) -> str:
    """Say which report it became."""
    return f"It is report {n} of event {event}."


def sent_closing(event: int, n: int) -> str:
    """Say that the event is closed."""
    return f"It is report {n} of event {event}, the all clear. Event {event} has ended."


def sent_replaced(older: str) -> str:
    """Say what it took the place of."""
    return f"It took the place of what had not gone out: {older}. That is not sent any more; what was on its way is looked for."


def sent_reopened(closed: int) -> str:
    """Say that the event that was chosen was closed meanwhile."""
    return f"Event {closed} had ended already, so a new event was opened."
