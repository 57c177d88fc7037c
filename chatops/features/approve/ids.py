"""Slack's ids of the approval card."""

from enum import StrEnum


class ApproveId(StrEnum):
    """Buttons, forms, blocks and acts."""

    APPROVE = "approve.approve"
    RETURN = "approve.return"
    REJECT = "approve.reject"
    WITHDRAW = "approve.withdraw"
    EDIT = "approve.edit"
    CHECKLIST = "approve.checklist"
    REASON_FORM = "approve.reason_form"
    QUESTION = "approve.question"
    """A prefix: the group's number follows behind a full stop."""
    NOTE = "approve.note"
    REASON = "approve.reason"
    DECIDE = "approve.decide"
    """The act of a form."""
    BUTTONS = "approve.buttons"
