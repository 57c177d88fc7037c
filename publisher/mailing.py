"""Which notices go by e-mail where Slack doesn't take them, and to whom (`publisher.api.MailBox`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher import readers
from publisher.api import ADMINS, Mail, NoticeKind
from publisher.delivery import DeliveryState
from publisher.errors import NotFoundError
from publisher.store import deliveries, mails, posts
from publisher.store.notices import notice_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from publisher.api import MailState, Notice
    from publisher.desk import Desk
    from publisher.store.engine import Transaction

_LEASE_SECONDS: Final = 120.0
_URGENT_ANSWERS: Final = (
    *("hold_", "resume_", "passphrase_locked", "now_came_late"),
    *("deletion_told", "deletion_wanted", "deletion_not_stopped"),
)
"""The beginnings of the codes of answers that others than who acted must hear of at once."""


class MailRoom:
    """The postman's box.

    Args:
        desk: The shared collaborators.
        is_set: Whether there is a relay.
        admins: The addresses of those who look after the machine, joined by commas; empty: none.
    """

    def __init__(self, desk: Desk, *, is_set: bool = False, admins: str = "") -> None:
        self._is_set = is_set
        self._desk = desk
        self._database = desk.database
        self._admins = admins

    def plan(self, limit: int = 100) -> int:
        """Hand over to e-mail what Slack has not taken in time; return how many notices that were."""
        with self._database.reading() as tx:
            if not mails.is_anything_due(tx):
                return 0
        with self._database.transaction() as tx:
            rows = mails.untaken(tx, limit=limit)
            for row in rows:
                notice = notice_of(row)
                people = [one for one in self._readers(tx, notice, row.post_id) if self._address(notice.city, one)]
                is_alone = notice.person == ADMINS
                mails.hand_over(tx, notice.id, city=notice.city, people=people, is_alone=is_alone)
            return len(rows)

    def take_over(self, notice: Notice) -> None:
        """Take a notice to somebody who has no Slack: by e-mail alone, where its kind goes by e-mail at all."""
        if not self._is_set or notice.kind not in mails.MAILED or not self._address(notice.city, str(notice.person)):
            return
        with self._database.transaction() as tx:
            people = [one for one in self._readers(tx, notice, None) if one == notice.person]
            mails.hand_over(tx, notice.id, city=notice.city, people=people, is_alone=True)

    def claim(self, limit: int = 50) -> Sequence[Mail]:
        """Lease mails that are due, oldest first; what Slack has taken meanwhile is left out and ends."""
        with self._database.reading() as tx:
            if not mails.is_anything_due(tx):
                return ()
        with self._database.transaction() as tx:
            rows = mails.claim(tx, limit=limit, lease_seconds=_LEASE_SECONDS)
            found = mails.notices_of(tx, [row.notice_id for row in rows])
            # Who left, or has no address any more, since it was planned.
            gone = [row.id for row in rows if not self._address(row.city, row.person)]
            mails.end(tx, gone, "needless")
            return [self._mail(row, found) for row in rows if row.id not in gone]

    def sent(self, mails_: Sequence[Mail]) -> None:
        """Tick mails off that the relay has accepted."""
        self.ended(mails_, "sent")

    def ended(self, mails_: Sequence[Mail], outcome: str, error: str = "") -> None:
        """Tick mails off that will not be sent: `needless`, `refused`."""
        with self._database.transaction() as tx:
            mails.end(tx, [mail.id for mail in mails_], outcome, error=error)

    def failed(self, mails_: Sequence[Mail], *, retry_after_seconds: float, error: str) -> None:
        """Put mails back for later; what was tried for a day is given up."""
        with self._database.transaction() as tx:
            mails.put_back(tx, [mail.id for mail in mails_], retry_after_seconds=retry_after_seconds, error=error)

    def state(self) -> MailState:
        """Return how many wait, for how long, and what the relay said last."""
        with self._database.reading() as tx:
            return mails.state(tx)

    def _mail(self, row: Any, found: Mapping[str, Any]) -> Mail:  # noqa: ANN401 - rows are untyped
        return Mail(
            id=row.id,
            notice=notice_of(found[row.notice_id]),
            person=row.person,
            address=self._address(row.city, row.person) or "",
            attempts=row.attempts,
        )

    def _address(self, city: str, person: str) -> str | None:
        if person == ADMINS:
            return self._admins or None
        own = self._desk.cities.get(city)
        if own is None or person not in own.people or not own.positions_of(person, self._desk.today()):
            return None  # who has no position today may have left the city
        return own.people[person].email

    def _readers(self, tx: Transaction, notice: Notice, post_id: str | None) -> Sequence[str]:
        if notice.kind is NoticeKind.ANSWER and not str(notice.params.get("code", "")).startswith(_URGENT_ANSWERS):
            return ()
        if notice.person is not None:
            return (notice.person,)
        own, day = self._desk.cities.get(notice.city), self._desk.today()
        if own is None or post_id is None:
            return ()
        if notice.kind is NoticeKind.SIGN_OFF:
            return readers.managers(own, day)
        return self._of_delivery(tx, notice, post_id)

    def _of_delivery(self, tx: Transaction, notice: Notice, post_id: str) -> Sequence[str]:
        try:
            delivery = deliveries.get(tx, str(notice.delivery))
        except NotFoundError:
            return ()
        is_failure = delivery.state is DeliveryState.FAILED and delivery.is_emergency
        if notice.kind is NoticeKind.DELIVERY and not is_failure and "found" not in notice.params:
            return ()
        own, day = self._desk.cities[notice.city], self._desk.today()
        return readers.of_post(own, day, posts.by_id(tx, post_id), [delivery.account])
