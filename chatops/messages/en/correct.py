# ruff: noqa: E501 - a sentence stays on its line
"""`/sns correct`: the form and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WAYS: Final[Mapping[str, str]] = {
    "new_post": "Corrected by a new post that names this one; this one stays.",
    "delete_and_repost": "Corrected by deleting this one and posting the corrected text anew.",
}


def title(number: str) -> str:
    """Title the form."""
    return f"Correct {number}"


def button() -> str:
    """Label the way in on the card."""
    return "Correct or delete"


def go_on() -> str:
    """Label the form's button."""
    return "Do it"


def working() -> str:
    """Say that it is under way."""
    return "Taken in. It is being done."


def sent_at(moment: str) -> str:
    """Say when it went out."""
    return f"posted {moment}"


def way(name: str) -> str:
    """Say which way the city puts an error right there."""
    return WAYS.get(name, name)


def no_recall(platform: str) -> str:
    """Say that a platform takes nothing back."""
    return f"{platform} takes no message back. What must go at once is put right by an apology or a correction there."


def consent_from(names: str) -> str:
    """Say whose consent the guideline wants for deleting an error."""
    return f"Those who can delete it for an error: {names}"


def is_gone() -> str:
    """Say that it is deleted."""
    return "It is deleted."


def is_deleting() -> str:
    """Say that it is being deleted."""
    return "It is being deleted."


def deletes_at(moment: str) -> str:
    """Say when it is to be deleted."""
    return f"It is to be deleted on {moment}. Tick “Delete now” to delete it at once."


def deletion_asked() -> str:
    """Say that a person is asked about its deletion."""
    return "Somebody is being asked about its deletion. Tick “Delete now” to delete it at once."


def not_out(moment: str, number: str) -> str:
    """Say of an account that it is not out there yet."""
    when = f" (planned for {moment})" if moment else ""
    return f"It is not out yet{when}. To keep it from going out, use /sns cancel {number}."


def not_out_hint(number: str) -> str:
    """Say what to do with a post of which nothing is out."""
    return f"Nothing of it is out yet. To change it, use /sns draft {number} (it is taken off the schedule and goes through approval again); to drop it, /sns cancel {number}. To stop it now because of personal data or the like, choose the reason below."


def stops_at_once() -> str:
    """Mark an urgent reason for what is not out yet."""
    return "Stops it at once"


def stop_at_once() -> str:
    """Label the confirmation."""
    return "Confirm stopping"


def stop_now() -> str:
    """Label the box."""
    return "Stop it now"


def stop_now_detail() -> str:
    """Say what the box means."""
    return "It goes out on no account. The record stays."


def goes_on(numbers: str) -> str:
    """Say that the correction that is there takes its place."""
    return f"The correcting post goes on as planned: {numbers}"


def stands(numbers: str) -> str:
    """Say that the correction is there, and that no second one was opened."""
    return f"The correction is there already, so no second one was opened: {numbers} (submit it now if it is not out)"


def emergency_hint() -> str:
    """Point to the faster way."""
    return "To correct an emergency post faster, send the next report with /sns now: no sign-off is waited for."


def corrected_by(numbers: str) -> str:
    """Name the corrections that are there."""
    return f"Corrections so far: {numbers}"


def who_deletes(names: str) -> str:
    """Say who may delete at once."""
    return f"Those who can delete at once: {names} (you can open a correcting draft)"


def cause() -> str:
    """Label the reason."""
    return "Why"


def goes_at_once() -> str:
    """Mark an urgent reason."""
    return "Deleted at once; no sign-off is waited for"


def at_once() -> str:
    """Label the confirmation."""
    return "Confirm the deletion"


def delete_now() -> str:
    """Label the box."""
    return "Delete now"


def delete_now_detail() -> str:
    """Say what the box means."""
    return "It can't be undone. Text, files and times stay on record."


def note() -> str:
    """Label the note."""
    return "In your own words"


def note_hint() -> str:
    """Say when the note is needed."""
    return "Needed for a deletion. It stays on record and goes to the managers: don't repeat the personal data itself."


def tick_first() -> str:
    """Ask for the confirmation."""
    return "For this reason it is deleted at once. Tick the box if that is what you want."


def tick_to_stop() -> str:
    """Ask for the confirmation of what is not out yet."""
    return "For this reason it is stopped at once. Please tick the box to confirm."


def delete_first() -> str:
    """Ask for the confirmation at the shell."""
    return "For this reason it is deleted at once. Run it again with --delete if that is what you want."


def ask_others() -> str:
    """Say that others must do it."""
    return "For this reason, call those who can delete at once now."


def deleting(names: str) -> str:
    """Name what is deleted now."""
    return f"Being deleted: {names}"


def waiting(names: str) -> str:
    """Name what is deleted once it is known to be there."""
    return f"Not known yet whether it arrived; deleted at once if it did: {names}"


def stopped(names: str) -> str:
    """Name what was stopped in time."""
    return f"Stopped before it went out: {names}"


def cannot_recall(names: str) -> str:
    """Name what the platform takes nothing back of."""
    return f"Cannot be taken back (LINE takes no message back): {names}"


def forbidden(names: str) -> str:
    """Name what the guideline forbids to delete."""
    return f"The guideline forbids deleting it for this reason: {names}"


def unconsented(names: str) -> str:
    """Name what would need a consent."""
    return f"Still there, since the guideline wants a consent for deleting it: {names}"


def left(names: str) -> str:
    """Name where only others may delete."""
    return f"Still there, since you may not delete it: {names}"


def left_to(names: str) -> str:
    """Name those others."""
    return f"Those who can delete what is still there: {names}. They have been told, but call them now."


def stop_from(names: str) -> str:
    """Say that the newest version goes on, and who may stop it."""
    return (
        f"The newest version of this post goes on. Those who may stop it: {names}. If it says the same, call them now."
    )


def ahead(names: str) -> str:
    """Name what the old post has yet to go to."""
    return f"Not out yet. The old post never goes there if the correction is approved first; until then it goes as planned (/sns cancel stops it): {names}"


def tasks() -> str:
    """Head the duties."""
    return "The guideline wants this done too:"


def newer(number: str, cause: str, names: str) -> str:
    """Say on the old card which post puts it right."""
    return f"Corrected by {number} ({cause}; {names})"


def older(number: str, cause: str, names: str) -> str:
    """Say on the new card what it puts right."""
    return f"Corrects {number} ({cause}; {names})"
