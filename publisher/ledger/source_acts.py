"""What is done to a post that is there: repost it, delete it, undo its repost. Each may be repeated freely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.errors import NeedsPerson, Who
from platforms.port import Deletes, Reposts, UndoesReposts
from publisher.delivery import DeliveryKind

if TYPE_CHECKING:
    from platforms.port import Receipt, Session

_UNSUPPORTED = {DeliveryKind.REPOST: "repost_unsupported"}


def act_on_source(kind: DeliveryKind, session: Session, source_id: str | None) -> Receipt:
    """Make the call of a delivery that has a source.

    Args:
        kind: What is to be done.
        session: The account.
        source_id: The vendor's id of the post; for an undoing, of the post that was reposted.

    Raises:
        PlatformError: One of its five kinds; `NeedsPerson` where the platform has no such call.
    """
    if source_id is not None:
        if kind is DeliveryKind.REPOST and isinstance(session, Reposts):
            return session.repost(source_id)
        if kind is DeliveryKind.DELETE and isinstance(session, Deletes):
            return session.delete(source_id)
        if kind is DeliveryKind.UNDO_REPOST and isinstance(session, UndoesReposts):
            return session.undo_repost(source_id)
    raise NeedsPerson(_UNSUPPORTED.get(kind, "delete_unsupported"), who=Who.IT)
