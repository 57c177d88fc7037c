"""The trail: its proof and its export; and what may leave it by a decision of two people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from datetime import datetime

    from publisher.api.acts import Act, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLink:
    """The first place where a trail does not hold."""

    seq: int
    reason: str
    """gap, previous_hash, hash, content, end, mark (another event than the one that was written down) or cut_off."""
    at: datetime | None
    """When the event there happened, as far as it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProof:
    """What a look at the whole trail showed."""

    events: int
    """How many the trail has by its own count: also the last one's number."""
    hash: str
    """The last one's; with its number the mark that is kept outside."""
    broken: BrokenLink | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What stands where something was erased."""

    at: datetime
    by: tuple[str, ...]
    """The names of the two people who decided."""
    reason: str
    """personal_data or retention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One event, for giving away."""

    seq: int
    at: datetime
    who: str
    """A person's key, or the part of the program that did it."""
    who_name: str
    """Empty where the key is no person's."""
    kind: str
    number: str | None
    """The post's."""
    delivery: str | None
    facts: Mapping[str, Any]
    note: str
    salt: str
    """With facts and note it makes the digest: who has the export can prove it."""
    erased: Erased | None
    """Set where facts, note and salt are gone."""
    content_digest: str
    previous_hash: str
    hash: str


class Auditing(Protocol):
    """The trail of a city."""

    def verify(self, city: str, *, expected: tuple[int, str] | None = None) -> AuditProof:
        """Look at every event, and at what it says.

        Args:
            city: The city.
            expected: Number and hash of a last event that was written down elsewhere: the trail must go through it.
        """
        ...

    def export(
        self,
        city: str,
        *,
        who: str,
        form: str,
        since: datetime | None = None,
        until: datetime | None = None,
        number: str | None = None,
    ) -> Generator[AuditLine, None, None]:
        """Record that the trail is given away, then yield its events, oldest first; few are in memory.

        Args:
            city: The city.
            who: A person's key, or the part of the program that asks.
            form: The form they will have, for the record.
            since: The first instant inside.
            until: The first instant outside again.
            number: Only what is about this post.

        Raises:
            Refusal: `no_such_post`.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureItem:
    """One kind of thing that goes, and how much of it."""

    kind: str
    """texts, words, files, shared_files (which stay), alts, evidence, judgements, notices, outcomes, details, replays
    or events."""
    count: int
    names: tuple[str, ...] = ()
    """Of files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureList:
    """All that an erasure takes of a post, for the two who decide."""

    number: str
    items: tuple[ErasureItem, ...]
    public: tuple[tuple[str, str], ...]
    """(account's name, address) of what is still public: no erasure here touches it."""
    digest: str
    """Of this list; whoever decides hands it back, so that nobody decides on another one than was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureView:
    """A proposal to erase a post's content."""

    id: str
    number: str
    reason: str
    note: str
    proposed_by: str
    """A name."""
    proposed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePost:
    """A post whose 保存期間 has ended."""

    number: str
    section_name: str
    finished_at: datetime
    due_at: datetime
    is_proposed: bool


class Erasing(Protocol):
    """Erasure of a post's content by two people. Receipts, times, states and digests stay."""

    def listing(self, city: str, *, number: str) -> ErasureList:
        """Return what an erasure of a post would take.

        Raises:
            Refusal: `no_such_post`, `erased_already` (params `by`, `at`).
        """
        ...

    def find(self, city: str, *, erasure: str) -> ErasureView:
        """Return an open proposal by its id or by its post's number.

        Raises:
            Refusal: `no_such_erasure` (param `name`).
        """
        ...

    def open_ones(self, city: str) -> Sequence[ErasureView]:
        """Return the proposals on which nobody has decided, oldest first."""
        ...

    def propose(self, act: Act, *, number: str, reason: str, note: str, seen: str) -> Outcome:
        """Propose to erase a post's content; nothing goes yet. Whoever can decide hears of it.

        Outcomes: `erasure_proposed` (params `erasure`, `who`).

        Raises:
            Refusal: `manager_only` (param `who`), `no_such_post`, `note_missing`, `reason_unknown` (params `name`,
                `known`), `post_not_ended` (param `state`), `deliveries_not_ended` (param `names`), `erased_already`,
                `erasure_open_already`, `retention_not_set`, `retention_not_over` (param `until`),
                `erasure_not_seen` (the list has changed since).
        """
        ...

    def confirm(self, act: Act, *, erasure: str, seen: str) -> Outcome:
        """Erase: texts, words, files and what the record says of them go for good, and tombstones stay.

        Outcomes: `erasure_confirmed` (params `names`: files that went, may be empty).

        Raises:
            Refusal: `not_eraser` (param `who`), `no_such_erasure`, `own_erasure` (param `who`), `own_erasure_alone`,
                `erasure_not_seen`, `post_not_ended`, `deliveries_not_ended`.
        """
        ...

    def refuse(self, act: Act, *, erasure: str, note: str) -> Outcome:
        """Let a proposal go. Outcomes: `erasure_refused`.

        Raises:
            Refusal: `not_eraser`, `no_such_erasure`, `own_erasure`, `own_erasure_alone`, `note_missing`.
        """
        ...

    def due(self, city: str) -> Sequence[DuePost]:
        """Return the posts whose time has ended, by the city file's 保存期間, oldest first; none without it."""
        ...
