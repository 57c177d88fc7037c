# ruff: noqa: E501 - a sentence stays on its line
"""`sns now` at the shell."""

from __future__ import annotations


def kind(name: str) -> str:
    """Name the kind."""
    return f"Kind of disaster: {name}"


def reason(text: str) -> str:
    """Name the reason."""
    return f"Reason: {text}"


def reads(names: str) -> str:
    """Head a text as it will appear."""
    return f"── as it will read on {names} ──"


def send_now() -> str:
    """Ask for the one confirmation."""
    return "It goes out at once, without approval. Type y to send it: "


def submit_now() -> str:
    """Ask for the confirmation where the kind is no disaster."""
    return "It goes into the ordinary approval. Type y to submit it: "


def not_sent() -> str:
    """Say that nothing was sent."""
    return "Nothing was sent."


def not_sent_say_yes() -> str:
    """Say how it is sent where nobody can be asked."""
    return "Nothing was sent yet. If this is right, run it again with --yes."


def changed() -> str:
    """Say that the preview is new."""
    return "Meanwhile it has changed. Please look again."


def choose_kind(listed: str) -> str:
    """Ask for the kind by an option."""
    return f"Nothing was sent yet. Name the kind of disaster, and run it again.\n{listed}"


def choose_event(listed: str) -> str:
    """Ask for the event by an option."""
    return f"Nothing was sent yet. Say whether it belongs to an open event, and run it again.\n{listed}"


def no_such_event(given: str, known: str) -> str:
    """Say that an event cannot be chosen."""
    return f"Nothing was sent yet. There is no event “{given}”. You can choose: {known}"


def short_unreadable(given: str) -> str:
    """Say how a shorter text is given."""
    return f"Nothing was sent yet. “{given}” cannot be read. Write it as --short x=TEXT (platforms: x, line, facebook, youtube)."


def kinds() -> str:
    """Head the kinds."""
    return "Choose the kind of disaster."


def events() -> str:
    """Head the open events."""
    return "To which event does it belong? A further report stops what of the one before has not gone out."


def pick(proposed: str) -> str:
    """Ask for one of a list."""
    return f"Type the word on the left (Enter alone: {proposed}): " if proposed else "Type the word on the left: "


def is_own(written: str) -> str:
    """Ask whether a contact is the city's own."""
    return f"Is “{written}” in the text the city's own contact or facility? It is recorded. y if so: "


def is_checked(names: str) -> str:
    """Ask whether the others may be published."""
    return f"Have you made sure that {names}, not the city's own, may be published? It is recorded. y if so: "


def ask_reason() -> str:
    """Ask for the reason."""
    return "Why it is sent at once (it is recorded): "


def sends_itself() -> str:
    """Say that this command sends, where no worker does."""
    return "No worker is running, so this command sends the post itself. Please let it finish."


def goes_on(number: str) -> str:
    """Say that some have not ended."""
    return f"After 60 seconds some have not ended. Do not send it again; look at sns show {number}. If it is urgent, use other means as well."


def all_out(number: str) -> str:
    """Say that it is out everywhere."""
    return f"{number} is out everywhere. It is to be signed off afterwards."


def not_all_out(number: str) -> str:
    """Say that it is not out everywhere."""
    return f"{number} is not out everywhere. Please read above, and use other means as well where it matters."


def answer_with(number: str, account: str) -> str:
    """Say by which command a question is answered."""
    return f"To answer: sns answer {number} {account} (sent: it is there / send: send it again / cancel: do not send) --as PERSON"
