"""What the author said of a version when it was submitted: answers to the packs' questions, and who is in the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.store import tables
from publisher.store.post_records import Version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.store.engine import Transaction


def keep(tx: Transaction, version_id: str, *, answers: Mapping[str, bool], media: Sequence[Mapping[str, str]]) -> None:
    """Keep the answers, and the files with what was said of them, with a version of a locked post."""
    values = {"answers": dict(answers), "media": [dict(each) for each in media]}
    tx.execute(sa.update(tables.versions).where(tables.versions.c.id == version_id).values(**values))


def last_submitted(tx: Transaction, post_id: str) -> Version | None:
    """Return the newest version of a post that was submitted, with what was said of it; None where there is none."""
    table = tables.versions
    query = (
        sa.select(table)
        .where(table.c.post_id == post_id, table.c.submitted_at.is_not(None))
        .order_by(table.c.version.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else Version.from_row(row)
