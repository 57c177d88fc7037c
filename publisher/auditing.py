"""The trail: its proof, and its export, which is itself recorded (`publisher.api.Auditing`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.api import AuditLine, AuditProof, BrokenLink, Erased
from publisher.audit_chain import Content, Mark, Tombstone
from publisher.desk import find_post
from publisher.store import audit, erasures, posts

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from datetime import datetime

    from publisher.audit_chain import Entry
    from publisher.desk import Desk
    from publisher.store.engine import Transaction
    from publisher.store.erasures import Erasure


class AuditDesk:
    """The trail.

    Args:
        desk: The shared collaborators.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def verify(self, city: str, *, expected: tuple[int, str] | None = None) -> AuditProof:
        """Look at every event, and at what it says; *expected* is a mark that was kept outside."""
        self._desk.city(city)
        mark = None if expected is None else Mark(seq=expected[0], hash=expected[1])
        with self._desk.database.reading() as tx:
            found, end = audit.verify(tx, city, expected=mark), audit.end_of(tx, city)
        broken = None if found is None else BrokenLink(seq=found.seq, reason=found.reason, at=found.at)
        return AuditProof(events=end.seq, hash=end.hash, broken=broken)

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

        Raises:
            Refusal: `no_such_post`.
        """
        self._desk.city(city)
        with self._desk.database.transaction() as tx:
            post = None if number is None else find_post(tx, city, number)
            asked = {"since": since, "until": until}
            facts = {name: None if at is None else at.isoformat() for name, at in asked.items()}
            facts |= {"form": form, "number": None if post is None else post.label}
            # Recorded first: an export that breaks off was given away as far as it went.
            audit.append(tx, city=city, who=who, kind="audit_exported", facts=facts)
        return self._lines(city, since=since, until=until, post_id=None if post is None else post.id)

    def _lines(
        self, city: str, *, since: datetime | None, until: datetime | None, post_id: str | None
    ) -> Generator[AuditLine, None, None]:
        with self._desk.database.reading() as tx:
            decided = {one.id: one for one in erasures.every_confirmed(tx, city)}
            labels: dict[str, str] = {}
            for entry in audit.of_city(tx, city, since=since, until=until, post_id=post_id):
                yield self._line(tx, entry, decided, labels)

    def _line(self, tx: Transaction, entry: Entry, decided: Mapping[str, Erasure], labels: dict[str, str]) -> AuditLine:
        link, content = entry.link, entry.content
        person = self._desk.city(link.city).people.get(link.who)
        if link.post_id is not None and link.post_id not in labels:
            labels[link.post_id] = posts.by_id(tx, link.post_id).label
        erasure = decided.get(content.erasure) if isinstance(content, Tombstone) else None
        said = content if isinstance(content, Content) else Content(facts={}, note="", salt="")
        return AuditLine(
            seq=link.seq,
            at=link.at,
            who=link.who,
            who_name="" if person is None else person.name,
            kind=link.kind,
            number=None if link.post_id is None else labels[link.post_id],
            delivery=link.delivery_id,
            facts=said.facts,
            note=said.note,
            salt=said.salt,
            erased=None if erasure is None else erased_of(self._desk, erasure),
            content_digest=link.content_digest,
            previous_hash=link.previous_hash,
            hash=link.hash,
        )


def erased_of(desk: Desk, erasure: Erasure) -> Erased:
    """Return what stands where a confirmed *erasure* took something away."""
    by = (erasure.proposed_by, erasure.decided_by or "")
    return Erased(
        at=erasure.decided_at or erasure.proposed_at,
        by=tuple(desk.person_name(erasure.city, person) for person in by),
        reason=erasure.reason,
    )
