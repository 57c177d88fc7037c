# ruff: noqa: E501 - a sentence stays on its line
"""`/sns now`."""

from __future__ import annotations


def title() -> str:
    """Title the confirmation."""
    return "Emergency post"


def text() -> str:
    """Label the text."""
    return "Text"


def kind() -> str:
    """Label the kind."""
    return "Kind of disaster"


def kind_hint() -> str:
    """Say what the kind decides."""
    return "A kind that is no disaster is not sent: it goes through ordinary approval."


def reason() -> str:
    """Label the reason."""
    return "Reason (kept in the record)"


def short(platform: str) -> str:
    """Label the shorter text."""
    return f"Shorter text for {platform}"


def short_hint(why: str) -> str:
    """Say why it is needed."""
    return f"It can't go out as it is. {why} Left empty, it does not go out on this platform."


def still_refused(why: str) -> str:
    """Say that the shorter text does not fit either."""
    return f"This text can't go out either. {why}"


def going(names: str) -> str:
    """Say where it goes."""
    return f"Goes out on: {names}"


def going_later(names: str) -> str:
    """Say where it goes once it is approved."""
    return f"After approval it goes out on: {names}"


def going_none() -> str:
    """Say that it goes nowhere."""
    return "As it is, no account takes it. Please mend the text."


def refused(names: str) -> str:
    """Say where it does not go."""
    return f"Does not go out as it is on: {names}. It does with a shorter text."


def reposting(names: str) -> str:
    """Say who reposts."""
    return f"Reposting: {names}"


def silent(names: str) -> str:
    """Say who stays silent."""
    return f"Staying silent: {names}"


def warning() -> str:
    """Say what sending means."""
    return "It goes out at once, without approval and at any hour. A sign-off follows afterwards."


def no_disaster(kind: str) -> str:
    """Say that a kind is not sent at once."""
    return f"This kind ({kind}) is no disaster: it is not sent at once, it goes through ordinary approval. In a disaster, please choose its kind."


def blocked(names: str) -> str:
    """Say where a rule forbids it."""
    return f"Not allowed by the guideline on: {names}"


def changed(button: str) -> str:
    """Say that the preview is new."""
    return f"Something has changed. Look at what is shown now, then press “{button}” again."


def submit() -> str:
    """Label the button."""
    return "Send now"


def sending() -> str:
    """Say that it is under way."""
    return "Sending…"


def sending_detail() -> str:
    """Say what happens meanwhile."""
    return "Accepted. It goes on even if you close this."


def sent_going(names: str) -> str:
    """Say where it went."""
    return f"Going out on: {names}"


def sent_refused(names: str) -> str:
    """Say where it did not go."""
    return f"Not sent on: {names}"


def usage() -> str:
    """Say how to call it."""
    return "Write the text behind it, for example: /sns now Evacuate now: …"


def too_long_for_form(limit: int) -> str:
    """Say that Slack's form is too small."""
    return f"Please write at most {limit} characters."


def reason_ordinary() -> str:
    """Label the reason where the kind is no disaster."""
    return "Why it is urgent (kept in the record)"


def refused_later(names: str) -> str:
    """Say where it does not go once it is approved."""
    return f"Can't be posted as it is on: {names}. With a shorter text it goes through approval too."


def kind_open() -> str:
    """Ask for the kind, and say what it decides."""
    return "Please choose the kind. In a disaster the post goes out at once, without approval; anything else goes through ordinary approval."


def submit_ordinary() -> str:
    """Label the button where the kind is no disaster."""
    return "Submit for approval"


def submitting() -> str:
    """Say that it is under way to approval."""
    return "Submitting…"


def submitting_detail() -> str:
    """Say what happens meanwhile."""
    return "Accepted. It goes on even if you close this."


def contacts() -> str:
    """Ask which contacts are the city's own."""
    return "Contacts in the text"


def contact_own(written: str) -> str:
    """Declare a contact to be the city's own."""
    return f"“{written}” is the city's own (this is recorded)"


def contact_other() -> str:
    """Take responsibility for what is not the city's own."""
    return "The others are not, but may be published: I checked (recorded)"


def contacts_hint() -> str:
    """Say what can be done."""
    return "Take out of the text what is neither."


def contacts_hint_ordinary() -> str:
    """Say what is done with what is not declared."""
    return "Whether the others may be published is decided in the approval."


def contacts_open() -> str:
    """Say that a contact is neither declared nor checked."""
    return "Some contacts are not ticked. Tick what is the city's own; for the others tick the last box, or take them out of the text."
