"""Slack's ids of the review."""

from enum import StrEnum


class ReviewId(StrEnum):
    """Views, blocks, buttons and acts."""

    VIEW = "review.view"
    OFFER = "review.offer"
    KEEP = "review.keep"
    OPENING = "review.opening"
    SUBMIT = "review.submit"
    """The act, and the button 「提出」 of a direct message."""
    EDIT = "review.edit"
    QUESTION = "review.question"
    """A prefix: the group's number follows behind a full stop."""
    PEOPLE = "review.people"
    """A prefix: the file's sha256 follows."""
