"""Slack's ids of the ledger's questions."""

from enum import StrEnum


class AskId(StrEnum):
    """The buttons, one for each answer, the form that asks for a reason, and the act."""

    IT_IS_THERE = "ask.it_is_there"
    SEND = "ask.send"
    DO_NOT_SEND = "ask.do_not_send"
    WAIT = "ask.wait"
    SEND_NOW = "ask.send_now"
    SEND_NOW_FORM = "ask.send_now_form"
    REASON = "ask.reason"
    ANSWER = "ask.answer"
