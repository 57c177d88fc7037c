"""Slack's ids of 後閲."""

from enum import StrEnum


class SignOffId(StrEnum):
    """The button and the act."""

    SIGN = "sign_off.sign"
