"""One thing that one person did, once, and what it led to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that one person did, once."""

    city: str
    person: str
    """The person's key in the city file; roles are looked up at the moment of the act."""
    key: str
    """Unique for ever: built from Slack's own ids, e.g. `slack:view:V123:hash`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an act led to."""

    code: str
    """Each service names its codes in its docstring; `chatops.messages` has a sentence for each."""
    number: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
    is_repeat: bool = False
    """The act had been done before; this is its first outcome."""


class Decision(StrEnum):
    """What an approver says."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


class Answer(StrEnum):
    """What a person says of a delivery in `asked`."""

    IT_IS_THERE = "it_is_there"
    SEND = "send"
    WAIT = "wait"
    """Let it wait for the next opening."""
    DO_NOT_SEND = "do_not_send"
