"""Slack's ids of the draft form."""

from enum import StrEnum


class DraftId(StrEnum):
    """Views, blocks (an input's block and element share one id), buttons and acts."""

    FORM = "draft.form"
    TEXT = "draft.text"
    ACCOUNTS = "draft.accounts"
    CATEGORY = "draft.category"
    VARIANT = "draft.variant"
    """A prefix: the platform's name follows behind a full stop."""
    TITLE = "draft.title"
    """A prefix too."""
    KEPT = "draft.kept"
    FILES = "draft.files"
    DESCRIPTIONS = "draft.descriptions"
    DAY = "draft.day"
    HOUR = "draft.hour"
    LATEST_DAY = "draft.latest_day"
    LATEST_HOUR = "draft.latest_hour"
    RELATED = "draft.related"
    SAVE = "draft.save"
    """The act."""
    OPEN = "draft.open"
    """The button 「続きを書く」."""

    def of(self, platform: str) -> str:
        """Return the id of a platform's own field."""
        return f"{self}.{platform}"
