"""Slack's ids of the approval card."""

from enum import StrEnum


class ApproveId(StrEnum):
    """Buttons, forms, blocks and acts."""

    APPROVE = "approve.approve"
    RETURN = "approve.return"
    RETURN_NO = "approve.return_no"
    """「差戻し」 within the checklist, after an answer that says no."""
    REJECT = "approve.reject"
    WITHDRAW = "approve.withdraw"
    EDIT = "approve.edit"
    CHECKLIST = "approve.checklist"
    REASON_FORM = "approve.reason_form"
    QUESTION = "approve.question"
    """A prefix: the group's number follows behind a full stop."""
    NOTE = "approve.note"
    REASON = "approve.reason"
    WEIGH = "approve.weigh"
    """The act by which answers that say no are looked at before they count."""
    DECIDE = "approve.decide"
    """The act of a form."""
    BUTTONS = "approve.buttons"
