"""A platform's post that two deliveries have for their own: its owner's answer came after another's look had taken it.

Words are all that a look knows a post by. Whoever was answered has the proof; of the other nobody knows whether it is
out, and its people must hear it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.api import NoticeKind
from publisher.delivery import DeliveryKind
from publisher.store import audit, notices, post_records, tables

if TYPE_CHECKING:
    from platforms.port import Receipt
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction


def tell(tx: Transaction, owner: Delivery, receipt: Receipt) -> int:
    """Tell the people of those that were taken for *owner*'s post; return how many there are.

    The caller holds *owner*'s lock and the lock of its account's receipts.
    """
    if owner.kind is not DeliveryKind.PUBLISH:
        return 0
    table, posts = tables.deliveries, tables.posts
    taken = sa.select(table.c.id, table.c.post_id).where(
        table.c.city == owner.city,
        table.c.account == owner.account,
        table.c.external_id == receipt.external_id,
        table.c.kind == DeliveryKind.PUBLISH,
        table.c.id != owner.id,
    )
    others = tx.execute(taken.order_by(table.c.id)).all()
    if not others:
        return 0
    number = tx.execute(sa.select(posts.c.number).where(posts.c.id == owner.post_id)).scalar_one()
    for one in others:
        about = {"city": owner.city, "post_id": one.post_id, "delivery_id": one.id}
        facts = {"external_id": receipt.external_id, "account": owner.account, "number": number}
        audit.append(tx, who="ledger", kind="receipt_shared", facts=facts, **about)
        notices.add(
            tx,
            kind=NoticeKind.DELIVERY,
            params={
                "found": receipt.url or receipt.external_id,
                "owner": f"{post_records.PREFIX}{number}",
            },
            mail_after_seconds=notices.URGENT_MAIL_SECONDS,
            **about,
        )
    return len(others)
