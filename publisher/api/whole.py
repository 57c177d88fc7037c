"""Everything a face needs, in one object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publisher.api.corrections import Correcting
    from publisher.api.holds import Holding
    from publisher.api.lanes import Lanes
    from publisher.api.notices import MailBox, NoticeBox
    from publisher.api.pack_changes import PackChanging
    from publisher.api.people import People
    from publisher.api.periods import Periods
    from publisher.api.restoring import Restoring
    from publisher.api.services import Approving, Board, Deciding, Drafting, Overriding
    from publisher.api.watching import Watching
    from publisher.api.whitelists import Whitelisting


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLine:
    """One thing that `/healthz` and `sns serve` look at."""

    name: str
    is_well: bool
    detail: str


class Health(Protocol):
    """Whether it can work."""

    def check(self) -> Sequence[HealthLine]:
        """Look at the database, the worker's beat, the secrets and the accounts. Never raises."""
        ...


class PublicMedia(Protocol):
    """What `/media/<token>/<sha256>.<ext>` serves."""

    def find(self, token: str, name: str) -> tuple[Path, str] | None:
        """Return (file, MIME type) of a public media address, or None: nothing tells which part was wrong."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a face needs."""

    people: People
    drafting: Drafting
    approving: Approving
    overriding: Overriding
    deciding: Deciding
    holding: Holding
    board: Board
    notices: NoticeBox
    mails: MailBox
    media: PublicMedia
    health: Health
    pack_changes: PackChanging
    whitelisting: Whitelisting
    periods: Periods
    watching: Watching
    lanes: Lanes
    correcting: Correcting
    restoring: Restoring
