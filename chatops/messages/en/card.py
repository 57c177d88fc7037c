"""The approval card, its buttons and its small forms."""

from __future__ import annotations


def title(number: str, section: str) -> str:
    """Head the card."""
    return f"{number} {section}"


def fallback(number: str, section: str, state: str) -> str:
    """Say the card in one line, for notifications."""
    return f"{number}, a post of {section}: {state}"


def emergency(kind: str) -> str:
    """Mark an emergency post."""
    return f"Emergency post ({kind})" if kind else "Emergency post"


def emergency_reason(reason: str) -> str:
    """Show why it was sent at once."""
    return f"Reason: {reason}"


def author(name: str) -> str:
    """Name the author."""
    return f"Author: {name}"


def category(name: str) -> str:
    """Name the category."""
    return f"Category: {name}"


def version(number: int) -> str:
    """Name the version."""
    return f"version {number}"


def state(state: str, outlook: str) -> str:
    """Say where it is."""
    return f"State: {state} ({outlook})" if outlook else f"State: {state}"


def waiting_for(names: str) -> str:
    """Say who is next."""
    return f"Next to decide: {names}"


def findings_head() -> str:
    """Head the findings."""
    return "What the guideline says"


def questions_head() -> str:
    """Head the checklist."""
    return "To be confirmed before approval"


def step_done(step: str, who: str, moment: str) -> str:
    """Show a step that is done."""
    return f"✓ {step}: {who} ({moment})"


def step_refused(step: str, who: str, moment: str) -> str:
    """Show a step that ended in 差戻し or 廃案."""
    return f"✗ {step}: {who} ({moment})"


def step_open(step: str, who: str) -> str:
    """Show a step that is open."""
    return f"□ {step}: {who}"


def more_accounts(count: int, number: str) -> str:
    """Say that accounts are left out."""
    return f"{count} more accounts (all of it: /sns show {number})"


def approve_step() -> str:
    """Label 承認."""
    return "Approve"


def approve_final() -> str:
    """Label 決裁."""
    return "Approve"


def send_back() -> str:
    """Label 差戻し."""
    return "Send back"


def reject() -> str:
    """Label 廃案."""
    return "Reject"


def withdraw() -> str:
    """Label 取下げ."""
    return "Withdraw"


def edit() -> str:
    """Label the author's way back to the form."""
    return "Edit"


def sign_off() -> str:
    """Label 後閲."""
    return "Sign off"


def title_step(number: str) -> str:
    """Title the checklist's form on a step before the last."""
    return f"Approve {number}"


def title_final(number: str) -> str:
    """Title the checklist's form on the last step."""
    return f"Approve {number}"


def title_return(number: str) -> str:
    """Title the form of 差戻し."""
    return f"Send back {number}"


def title_reject(number: str) -> str:
    """Title the form of 廃案."""
    return f"Reject {number}"


def note() -> str:
    """Label the optional note."""
    return "Note"


def reason() -> str:
    """Label the required reason."""
    return "Reason (the author will read it)"


def reason_missing() -> str:
    """Ask for the reason."""
    return "Please give a reason."


def press_again() -> str:
    """Say that the form could not be opened in time."""
    return "The checklist could not be opened in time. Please press the button again."


def deliveries_head() -> str:
    """Head the deliveries."""
    return "Deliveries"


def delivery_line(account: str, state: str, when: str) -> str:
    """Show a delivery in one line."""
    return f"{account}: {state}{when}"


def at(moment: str) -> str:
    """Put a moment in brackets."""
    return f" ({moment})"


def ordered_by(moment: str, name: str) -> str:
    """Say when something was taken back, and by whose order."""
    return f" ({moment}, ordered by {name})"


def kept_head() -> str:
    """Head what was kept before a deletion."""
    return "Record kept before deletion"


def kept_line(account: str, sent: str, taken: str) -> str:
    """Say what was kept of a post on an account."""
    posted = f"posted {sent}, " if sent else ""
    return f"{account} ({posted}recorded {taken})"


def kept_url(url: str) -> str:
    """Say where a deleted post was."""
    return f"Its address was: {url}"


def history_head() -> str:
    """Head the history."""
    return "History"


def sent_at(moment: str) -> str:
    """Say when an emergency post was sent."""
    return f"Sent: {moment}"


def sign_off_open() -> str:
    """Say that 後閲 is still to be given."""
    return "Sign-off: still to be given"


def signed_off(who: str, moment: str) -> str:
    """Say who gave 後閲, and when."""
    return f"Signed off: {who} ({moment})"


def emergency_route() -> str:
    """Say why there was no round."""
    return "Route: an emergency post, sent without approval."


def no_route() -> str:
    """Say that a post needed no round."""
    return "Route: none (it needs no approval)"


def silent_image(alt: str) -> str:
    """Stand in for an image that Slack cannot show."""
    return f"Image: {alt}" if alt else "Image"
