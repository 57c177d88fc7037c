"""Keeping evidence of a post before it is deleted: what was sent, where it is, and how far it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from platforms.errors import PlatformError
from platforms.port import Measures
from publisher.logs import build_logger
from publisher.store import audit, deliveries, evidence, media, posts
from publisher.store.evidence import Evidence

if TYPE_CHECKING:
    from platforms.port import Measured, Session
    from publisher.desk import Desk
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

_log = build_logger(__name__)

NOT_OFFERED: Final = "measure_unsupported"
"""The platform has no way to read a post back with its figures."""
FAULT: Final = "adapter_fault"


class EvidenceKeeper:
    """Keeps evidence.

    Args:
        desk: The shared collaborators.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def keep(self, session: Session, source: Delivery) -> None:
        """Keep what *source* published, once; what the platform doesn't tell is recorded as not read.

        The platform is asked with no transaction open, and its refusal stops nothing: what must go at once goes.
        """
        database = self._desk.database
        with database.reading() as tx:
            if evidence.of_delivery(tx, source.id) is not None:
                return
        measured, unread = _measure(session, source)
        with database.transaction() as tx:
            found = Evidence(
                delivery_id=source.id,
                taken_at=tx.now,
                taken_by=deliveries.LEDGER,
                text=_text_of(tx, source),
                media=_media_of(tx, source),
                url=source.url,
                external_id=source.external_id,
                sent_at=source.sent_at,
                figures={} if measured is None else measured.figures,
                shown_text="" if measured is None else measured.text or "",
                unread=unread,
            )
            if not evidence.keep(tx, source.city, found):
                return
            facts = {"account": source.account, "external_id": source.external_id, "url": source.url, "unread": unread}
            audit.append(
                tx,
                city=source.city,
                who=deliveries.LEDGER,
                kind="evidence_kept",
                post_id=source.post_id,
                facts={name: value for name, value in facts.items() if value is not None},
            )


def _measure(session: Session, source: Delivery) -> tuple[Measured | None, str | None]:
    """Return what the platform shows, or why nothing could be read."""
    if not isinstance(session, Measures) or source.external_id is None:
        return None, NOT_OFFERED
    try:
        return session.measure(source.external_id), None
    except PlatformError as error:
        code = error.code
    except Exception as error:  # noqa: BLE001 - whatever an adapter raises here, the deletion goes on
        code = FAULT
        _log.error("measure_failed", delivery=source.id, type=type(error).__name__)
    return None, code


def _text_of(tx: Transaction, source: Delivery) -> str:
    """Return the text as it was planned for the account, with its title on a line before."""
    version = posts.version_by_id(tx, source.version_id)
    lines = [line for line in posts.lines_of(tx, version.id) if line.account == source.account]
    planned = next((str(line.verdict["text"]) for line in lines if line.verdict and line.verdict.get("text")), "")
    text = planned or version.variants.get(source.platform) or version.text
    title = version.titles.get(source.platform, "")
    return f"{title}\n{text}" if title else text


def _media_of(tx: Transaction, source: Delivery) -> list[dict[str, str]]:
    chosen = posts.version_by_id(tx, source.version_id).media
    stored = media.of_city(tx, source.city, [one["sha256"] for one in chosen])
    return [
        {
            "sha256": one["sha256"],
            "name": stored[one["sha256"]].name if one["sha256"] in stored else "",
            "alt": one.get("alt", ""),
        }
        for one in chosen
    ]
