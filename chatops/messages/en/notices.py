# ruff: noqa: E501 - a sentence stays on its line
"""What people are told without having asked."""

from __future__ import annotations


def sent(account: str) -> str:
    """Tell that a post is out."""
    return f"✅ Posted on {account}."


def reposted(account: str) -> str:
    """Tell that a repost is out."""
    return f"✅ {account} reposted it."


def link() -> str:
    """Label a link to the post."""
    return "See the post"


def account_link() -> str:
    """Label a link to the account."""
    return "See the account"


def late_by(minutes: int) -> str:
    """Say how late it went out."""
    return f"{minutes} minutes late."


def failed(account: str, why: str) -> str:
    """Tell that a post could not go out."""
    return f"❌ {account}: not posted. {why}"


def waits(account: str, why: str) -> str:
    """Tell that a post waits."""
    return f"⏳ {account}: {why}"


def due_again(account: str, moment: str) -> str:
    """Tell when it will go out."""
    return f"⏳ {account}: goes out {moment}."


def stopped(account: str) -> str:
    """Tell that a delivery was stopped."""
    return f"⏹ {account}: stopped."


def found_after_all(number: str, account: str, state: str, place: str) -> str:
    """Tell that a post is there which the ledger does not take for it."""
    return (
        f"⚠️ {number} turns out to be on {account} after all ({place}); the ledger has it as “{state}”. Please open the "
        "account, see whether it is there twice or was to be stopped, and delete there what must go."
    )


def found_for_another(number: str, account: str, owner: str, place: str) -> str:
    """Tell that a post which was found for one delivery is another's."""
    return (
        f"⚠️ The post on {account} that was found for {number} ({place}) turns out to be that of {owner}. It is not known "
        f"whether {number} is out. Please open the account and look; if it is not there, make a new draft of it and "
        "submit that."
    )


def removed_after_all(number: str, account: str, state: str, place: str) -> str:
    """Tell that something was taken away although that was called off."""
    return (
        f"⚠️ The post of {number} on {account} ({place}) turns out to be taken back after all; the ledger has that as "
        f"“{state}”. Please open the account and look."
    )


def state(account: str, state: str) -> str:
    """Tell a delivery's state."""
    return f"{account}: {state}"


def ask_there(account: str, why: str) -> str:
    """Ask whether a post is there."""
    return f"❓ {account}: it could not be found out whether this was posted. {why} Please look at the platform, then choose."


def ask_still(account: str, why: str) -> str:
    """Ask whether to send in spite of it."""
    return f"❓ {account}: {why} Send it all the same?"


def ask_hours(account: str, why: str) -> str:
    """Ask whether to send now, to wait for the opening, or to let it be."""
    return f"❓ {account}: {why} Send it now, let it wait for the opening, or don't send it?"


def send_now() -> str:
    """Label: send now, outside the hours."""
    return "Send now"


def wait_for_opening() -> str:
    """Label: wait for the opening."""
    return "Wait for the opening"


def send_now_title() -> str:
    """Title the form that asks why it goes out outside the hours."""
    return "Send outside the hours"


def send_now_reason() -> str:
    """Label the reason for which it goes out outside the hours."""
    return "Why it must go out now"


def send_now_hint() -> str:
    """Say who may leave the reason out."""
    return "The reason is kept on record. A manager may leave it empty."


def ask_fixed(account: str, why: str) -> str:
    """Ask for a repair, then whether to go on."""
    return f"❓ {account}: stopped. {why} Once it is mended, press “Send again”."


def ask_rewritten(account: str, why: str) -> str:
    """Ask for another text."""
    return f"❓ {account}: stopped. {why} Please mend the post with “Edit” and submit it again, or press “Don't send”."


def who_must(who: str) -> str:
    """Say who must act."""
    return f"To be answered by: {who}"


def is_there() -> str:
    """Label: it is there."""
    return "It is there"


def is_not_there() -> str:
    """Label: it is not there."""
    return "It is not there (send again)"


def send_anyway() -> str:
    """Label: send in spite of it."""
    return "Send anyway"


def send_again() -> str:
    """Label: send again."""
    return "Send again"


def do_not_send() -> str:
    """Label: do not send."""
    return "Don't send"


def answered(who: str, answer: str) -> str:
    """Show an answered question."""
    return f"{who} answered: {answer}"


def approved(number: str, by: str, goes: str) -> str:
    """Tell the author of 決裁, and when it goes out."""
    return f"{number} is approved ({by}). {goes}"


def returned(number: str, by: str) -> str:
    """Tell the author of 差戻し."""
    return f"{number} was sent back ({by})."


def rejected(number: str, by: str) -> str:
    """Tell the author of 廃案."""
    return f"{number} was rejected ({by})."


def reason(text: str) -> str:
    """Show why it was sent back or rejected."""
    return f"Reason: {text}"


def note(text: str) -> str:
    """Show a decision's note."""
    return f"Note: {text}"


def returned_next(number: str) -> str:
    """Say what to do with a returned post."""
    return f"Mend it with “Edit” or /sns draft {number}, then submit it again."


def sign_off(number: str, names: str) -> str:
    """Ask for 後閲."""
    return f"Emergency post {number} waits for a sign-off ({names})."


def signed(number: str, who: str, moment: str) -> str:
    """Tell that 後閲 was given."""
    return f"Emergency post {number} was signed off: {who} ({moment})"


def expired(number: str) -> str:
    """Tell that a post ran out of time."""
    return f"{number} was not approved before its latest useful time and will not be posted. If it is still needed, please submit a new draft."


def new_version(number: str, version: int, names: str) -> str:
    """Tell that a new version waits for a decision."""
    return f"Version {version} of {number} was submitted. Please look at its card (next to decide: {names})."


def deleted(account: str) -> str:
    """Tell that a post is deleted."""
    return f"✅ Deleted from {account}."


def undone(account: str) -> str:
    """Tell that a repost is undone."""
    return f"✅ {account} undid its repost."


def nothing_to_delete(account: str) -> str:
    """Tell that a deletion ended without one."""
    return f"⏹ {account}: nothing was deleted."


def ask_delete(account: str, why: str) -> str:
    """Ask for a deletion by hand."""
    return (
        f"❓ The post on {account} is not deleted. {why} Look at the platform, and delete it there if it is still up."
    )


def ask_still_delete(account: str, why: str) -> str:
    """Ask whether a deletion still holds."""
    return f"❓ The post on {account} is not deleted for now. {why} Press “Delete” to delete it without the correction, or “Do not delete” to keep it."


def delete_it() -> str:
    """Label: delete it."""
    return "Delete"


def is_gone() -> str:
    """Label: it is deleted."""
    return "Deleted (or gone already)"


def delete_again() -> str:
    """Label: delete again."""
    return "Delete again"


def do_not_delete() -> str:
    """Label: do not delete."""
    return "Do not delete"
