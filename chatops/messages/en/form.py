"""The draft form and its review."""

from __future__ import annotations


def title_new() -> str:
    """Title a blank form."""
    return "Draft a post"


def title_edit(number: str) -> str:
    """Title the form of a draft."""
    return f"Draft {number}"


def title_review(number: str) -> str:
    """Title the review."""
    return f"Review of {number}"


def go_on() -> str:
    """Label the form's button."""
    return "Review"


def section_line(section: str) -> str:
    """Say on whose behalf it is written."""
    return f"Section: {section}"


def returned(note: str) -> str:
    """Say why it came back."""
    return f"Sent back: {note}"


def text() -> str:
    """Label the common text."""
    return "Text (for all platforms)"


def accounts() -> str:
    """Label the accounts."""
    return "Accounts"


def category() -> str:
    """Label the category."""
    return "Category"


def variant(platform: str) -> str:
    """Label a platform's own text."""
    return f"Text for {platform} (only where it differs)"


def variant_description(platform: str) -> str:
    """Label a platform's own description."""
    return f"Description for {platform} (only where it differs)"


def video_title(platform: str) -> str:
    """Label a video's title."""
    return f"Title for {platform}"


def video_title_hint() -> str:
    """Say when the title is needed."""
    return "Needed where the post goes to YouTube."


def variants_head() -> str:
    """Head the platforms' own texts."""
    return "Where a platform needs its own"


def kept_files() -> str:
    """Label the files that the draft already has."""
    return "Attached files (untick to remove)"


def files() -> str:
    """Label the new files."""
    return "Images (up to 4) and a video (up to 1)"


def descriptions() -> str:
    """Label the images' descriptions."""
    return "Descriptions of the images (one line each, in order)"


def descriptions_hint() -> str:
    """Say what descriptions are for."""
    return "They are read aloud to people who cannot see. Begin with the files already attached."


def day() -> str:
    """Label the day."""
    return "Day"


def hour() -> str:
    """Label the hour."""
    return "Time"


def related() -> str:
    """Label the box of what is related to a disaster."""
    return "Disaster"


def related_box() -> str:
    """Say what the box says."""
    return "It is related to a disaster (roads, water, schools …)"


def related_hint() -> str:
    """Say what it leads to."""
    return "While posts are on hold because of a disaster, it goes after the PR division has confirmed it."


def related_already() -> str:
    """Say that it is marked."""
    return "It is marked as related to the disaster."


def hour_hint() -> str:
    """Say what no time means."""
    return "Leave day and time empty to post right after approval. Times are Japan's."


def latest_day() -> str:
    """Label the last useful day."""
    return "Latest useful day (not posted later than this)"


def latest_hour() -> str:
    """Label the last useful hour."""
    return "Latest useful time"


def checking() -> str:
    """Say that the draft is being looked at."""
    return "Checking…"


def checking_detail() -> str:
    """Say what happens meanwhile."""
    return "Fetching files and checking the guideline and each platform's limits. You may close this; you will be told."


def submitting(number: str) -> str:
    """Say that it is being submitted."""
    return f"{number} Submitting…"


def choose_files_again() -> str:
    """Say that Slack forgets files."""
    return "If you had attached files, please choose them again."


def reads_as(account: str) -> str:
    """Head an account's pane."""
    return f"As it appears on {account}"


def no_text() -> str:
    """Say that a pane has no text."""
    return "(no text)"


def titled(title: str) -> str:
    """Show a title."""
    return f"Title: {title}"


def media_line(kind: str, name: str, alt: str) -> str:
    """Show a file in words."""
    what = "Video" if kind == "video" else "Image"
    return f"{what}: {name} (description: {alt})" if alt else f"{what}: {name} (no description)"


def undescribed(names: str) -> str:
    """Name the images that nobody described."""
    return f"Images without a description: {names}"


def refusals_head() -> str:
    """Head the reasons why a platform does not take it."""
    return "Why it can't be posted"


def finding_effect(effect: str) -> str:
    """Name how strong a finding is."""
    return {
        "block": "Not allowed",
        "escalate": "Needs a higher decision",
        "warn": "Please check",
        "allow": "Allowed",
    }.get(effect, "Note")


def citation(document: str, section: str, quote: str) -> str:
    """Cite a clause."""
    return f"{document} {section} “{quote}”" if quote else f"{document} {section}"


def place() -> str:
    """Stand before a place of the text."""
    return "Here:"


def applies_to(accounts: str) -> str:
    """Say which accounts a finding is about."""
    return f"For: {accounts}"


def mirrored(name: str) -> str:
    """Say who will repost it."""
    return f"{name} reposts it afterwards."


def offer() -> str:
    """Ask whether to move the time."""
    return "The time is outside opening hours. What should happen?"


def keep_time() -> str:
    """Offer the time as it is."""
    return "Keep this time (it needs a higher consent)"


def take_opening(moment: str) -> str:
    """Offer the next opening."""
    return f"Move to the next opening, {moment}"


def next_opening(moment: str) -> str:
    """Name the next opening."""
    return f"The time is outside opening hours. The next opening is {moment}."


def when(moment: str) -> str:
    """Show the time of posting."""
    return f"Goes out: {moment}"


def until(moment: str) -> str:
    """Show the latest useful time."""
    return f"Useful until: {moment}"


def route(steps: str) -> str:
    """Show the round that lies ahead."""
    return f"Route ({steps})" if steps else "Route"


def no_route() -> str:
    """Say that nobody need approve it."""
    return "Route: none (once submitted it is scheduled)"


def no_step() -> str:
    """Say that an account needs no approval."""
    return "none (no approval needed)"


def nothing_found() -> str:
    """Say that the guideline has nothing against it."""
    return "The guideline has nothing against it."


def submit() -> str:
    """Label the button that submits."""
    return "Submit"


def edit() -> str:
    """Label the button that goes back to the form."""
    return "Edit"


def go_on_writing() -> str:
    """Label the button that opens a saved draft."""
    return "Go on writing"


def cannot_submit() -> str:
    """Say that it can't go in as it is, and how to mend it."""
    return "It can't be submitted as it is. Press “Edit” to mend what is listed above. The draft is saved."


def saved_line(number: str) -> str:
    """Say that nothing is lost."""
    return f"Draft {number} is saved. You may close this and go on with /sns draft {number}."


def saved_message(number: str) -> str:
    """Tell of a saved draft outside the form."""
    return f"Draft {number} is saved. Please go on writing, or submit it."


def saved_but_blocked(number: str) -> str:
    """Tell of a saved draft that can't go in yet."""
    return f"Draft {number} is saved, but can't be submitted as it is. Please mend it with “Go on writing”."


def not_saved(why: str) -> str:
    """Tell outside the form that a draft could not be saved."""
    return f"The draft could not be saved. {why}"


def done_title(number: str) -> str:
    """Title the last page of a form."""
    return f"{number} Done"


def not_done_title() -> str:
    """Title the page that says that something did not work."""
    return "That did not work"
