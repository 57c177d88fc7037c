"""Ids of `/sns policy`."""

from enum import StrEnum


class PolicyId(StrEnum):
    """The button and the acts."""

    CONFIRM = "policy.confirm"
    REFUSE = "policy.refuse"
