"""Rows that nobody needs any more go after thirty days; what is not over stays, however old."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from ledger_stage import CITY, lay_post

from publisher.api import Finding, NoticeKind, WatchKind
from publisher.store import links, mails, notices, rule_tables, tables, tidying, watch_tables, watching

if TYPE_CHECKING:
    from store_fixtures import MovedClock

    from publisher.store.engine import Database, Transaction

DAY = timedelta(days=1).total_seconds()


def lay_rows(tx: Transaction) -> None:
    """Leave a mail that was sent and one that waits, a warning that is over and one that is not, and an address."""
    notices.add(tx, city=CITY, kind=NoticeKind.ANSWER, post_id=lay_post(tx).id, params={"code": "deletion_told"})


def lay_ends(tx: Transaction) -> None:
    """Go on with these, now that the notice is there."""
    notice = tx.execute(sa.select(tables.notices.c.id)).scalar_one()
    mails.hand_over(tx, notice, city=CITY, people=["hanako", "taro"])
    sent = tx.execute(sa.select(watch_tables.mails.c.id).where(watch_tables.mails.c.person == "hanako")).scalar_one()
    mails.end(tx, [sent], "sent")
    for subject in ("over", "open"):
        watching.see(tx, Finding(kind=WatchKind.LATE, city=CITY, subject=subject, facts={}))
    for warned in watching.open_ones(tx):
        assert watching.tell(tx, warned.id, people=["hanako"])
    for warned in watching.open_ones(tx):
        if warned.subject == "over":
            watching.end(tx, warned)
    links.claim(tx, "https://www.city.kashiwa.example/koen", None)


def left(database: Database) -> tuple[list[str], list[str], int]:
    """Return whose mails, which warnings and how many addresses there are."""
    with database.reading() as tx:
        people = tx.execute(sa.select(watch_tables.mails.c.person).order_by(watch_tables.mails.c.person)).scalars()
        subjects = tx.execute(sa.select(watch_tables.warnings.c.subject)).scalars()
        return list(people), sorted(subjects), len(tx.execute(sa.select(rule_tables.links)).all())


def test_what_is_over_goes_after_thirty_days(database: Database, clock: MovedClock, lease_clock: MovedClock) -> None:
    """For thirty days whoever looks into what happened finds it; after that what is not over stays alone."""
    for lay in (lay_rows, lay_ends):
        with database.transaction() as tx:
            lay(tx)
    for each in (clock, lease_clock):
        each.move(29 * DAY)
    with database.transaction() as tx:
        assert 0 == tidying.tidy(tx)
    assert (["hanako", "taro"], ["open", "over"], 1) == left(database)

    for each in (clock, lease_clock):
        each.move(2 * DAY)
    with database.transaction() as tx:
        assert 3 == tidying.tidy(tx)
    assert (["taro"], ["open"], 0) == left(database)
