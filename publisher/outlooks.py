"""What a post looks like from outside, deletions and corrections included. Pure; nothing of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.delivery import FINAL, TAKES_BACK, DeliveryKind, DeliveryState
from publisher.post import Outlook, outlook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.store.delivery_record import Delivery


def outlook_of(made: Sequence[Delivery], *, is_corrected: bool = False) -> Outlook:
    """Return what a post with these deliveries looks like; *is_corrected*: a post that puts it right is out."""
    before = outlook([one.state for one in made if one.kind not in TAKES_BACK])
    backward = [one for one in made if one.kind in TAKES_BACK]
    if any(one.state is DeliveryState.ASKED for one in backward):
        return Outlook.ASKED
    out = {one.id for one in made if one.kind is DeliveryKind.PUBLISH and one.state is DeliveryState.SENT}
    deletions = [one for one in backward if one.kind is DeliveryKind.DELETE]
    gone = {one.source_id for one in deletions if one.state is DeliveryState.SENT}
    if before in {Outlook.ASKED, Outlook.SENDING, Outlook.HELD}:
        return before
    if any(one.state not in FINAL for one in deletions):
        return Outlook.DELETING
    if out and out <= gone:
        return Outlook.DELETED
    if out & gone:
        return Outlook.PARTLY_DELETED
    is_out = before in {Outlook.PUBLISHED, Outlook.PARTLY_PUBLISHED}
    return Outlook.CORRECTED if is_corrected and is_out else before
