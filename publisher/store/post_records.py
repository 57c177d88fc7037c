"""Posts, versions, lines and approvals as the ledger holds them. Pure records, made from rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from publisher.post import PostState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

PREFIX: Final = "K-"
"""What stands before a number that people see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as the ledger holds it."""

    id: str
    city: str
    number: int
    section: str
    state: PostState
    is_emergency: bool
    emergency_kind: str | None
    reason: str
    author: str
    created_at: datetime
    version: int
    """The newest version's number."""
    finished_at: datetime | None
    card_channel: str | None
    card_ts: str | None
    is_disaster_related: bool
    """Its author says that it is about a disaster."""

    @property
    def label(self) -> str:
        """The number people see: `K-12`."""
        return f"{PREFIX}{self.number}"

    @classmethod
    def from_row(cls, row: Any) -> Self:  # noqa: ANN401 - rows are untyped
        """Return the record of a row of `posts`."""
        values = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's columns by name
        return cls(**values | {"state": PostState(values["state"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a post: what was written."""

    id: str
    city: str
    post_id: str
    version: int
    editor: str
    created_at: datetime
    text: str
    category: str | None
    variants: Mapping[str, str]
    titles: Mapping[str, str]
    media: Sequence[Mapping[str, str]]
    """Each with `sha256`, `alt`, `source` and, once it is submitted, `people`."""
    publish_at: datetime | None
    latest_at: datetime | None
    submitted_at: datetime | None
    submitted_by: str | None
    answers: Mapping[str, bool]
    """What the author answered to the packs' questions, by the question's key (`publisher.questions`)."""
    declared: Sequence[str]
    """Contacts in the text that the sender of `/sns now` declared to be the city's own."""

    @classmethod
    def from_row(cls, row: Any) -> Self:  # noqa: ANN401 - rows are untyped
        """Return the record of a row of `versions`."""
        return cls(**row._mapping)  # noqa: SLF001 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One version on one account: verdict, route, seal and waiting belong to it."""

    id: str
    city: str
    version_id: str
    account: str
    position: int
    state: str
    """A word of `LINE_STATES`: open, approved, returned, rejected, void."""
    route: Sequence[Mapping[str, Any]]
    step: int
    """The index of the open step."""
    verdict: Mapping[str, Any] | None
    seal: str | None

    @property
    def is_open(self) -> bool:
        """True while a step is open."""
        return self.state == "open"

    @classmethod
    def from_row(cls, row: Any) -> Self:  # noqa: ANN401 - rows are untyped
        """Return the record of a row of `lines`."""
        return cls(**row._mapping)  # noqa: SLF001 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One step done."""

    line_id: str
    step: int
    person: str
    title: str
    decision: str
    note: str
    answers: Mapping[str, bool]
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastText:
    """What an account said earlier."""

    at: datetime
    text: str
    variants: Mapping[str, str]
