"""Slack's ids of the ledger's questions."""

from enum import StrEnum


class AskId(StrEnum):
    """The buttons, one for each answer, and the act."""

    IT_IS_THERE = "ask.it_is_there"
    SEND = "ask.send"
    DO_NOT_SEND = "ask.do_not_send"
    ANSWER = "ask.answer"
