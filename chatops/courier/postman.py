"""Takes to people by e-mail what Slack does not take in time: a thread of its own, so that no relay holds up Slack."""

from __future__ import annotations

import logging
import threading
import time
from itertools import groupby
from typing import TYPE_CHECKING, Final

from chatops.courier.letters import Letters, build_message
from chatops.courier.relay import AddressRefusedError, RelayError
from chatops.messages import Voice
from publisher.clock import RealClock

if TYPE_CHECKING:
    import smtplib
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from chatops.courier.letters import Paragraph
    from chatops.courier.relay import Relay
    from publisher.api import Mail, Services

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 2.0
BACKOFF_SECONDS: Final = 5.0
MAX_BACKOFF_SECONDS: Final = 300.0
ROUND_SECONDS: Final = 30.0
"""After so long a round ends, well before its leases do: a slow relay must not make another process send the same."""


class Postman:
    """One thread that takes mails to the relay; what one reader is told at once is one message.

    Args:
        services: The heart.
        relay: Where mails go out.
        now: The business's time, by which moments are told.
        real_now: The time by which mails are dated.
        monotonic: A clock that never goes back, in seconds.
    """

    def __init__(
        self,
        *,
        services: Services,
        relay: Relay,
        now: Callable[[], datetime],
        real_now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._letters = Letters(services)
        self._relay = relay
        self._now = now
        self._real_now = real_now
        self._monotonic = monotonic
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, *, timeout_seconds: float = 5.0) -> None:
        """End; a message under way may still be accepted, and comes again then under the same id."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)

    def run_once(self) -> int:
        """Take what is due to the relay; return how many mails that were."""
        self._services.mails.plan()
        mails = sorted(self._services.mails.claim(), key=_reader)
        written = [one for _, group in groupby(mails, key=_reader) if (one := self._write(list(group)))]
        if written:
            self._carry(written)
        return len(mails)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                count = self.run_once()
            except Exception:
                log.exception("mails could not be sent")
                count = 0
            if not count:
                self._stopping.wait(LOOK_SECONDS)

    def _write(self, mails: Sequence[Mail]) -> _Written | None:
        """Write what one reader is told; what has nothing left to say ends."""
        say = Voice(now=self._now())
        told: list[tuple[Mail, Paragraph]] = []
        for mail in mails:
            try:
                paragraph = self._letters.paragraph(mail, say)
            except Exception as error:
                log.exception("a mail could not be written", extra={"kind": mail.notice.kind})
                self._put_back([mail], type(error).__name__)
                continue
            if paragraph is None:
                self._services.mails.ended([mail], "needless")
            else:
                told.append((mail, paragraph))
        return _Written(told, say) if told else None

    def _carry(self, written: Sequence[_Written]) -> None:
        left, begun = list(written), self._monotonic()
        try:
            with self._relay.connected() as client:
                self._hand_over(client, left[0])
                left.pop(0)
                while left and self._monotonic() - begun < ROUND_SECONDS:
                    self._hand_over(client, left[0])
                    left.pop(0)
            for one in left:
                self._services.mails.failed(one.mails, retry_after_seconds=0, error="")
        except RelayError as error:
            log.warning("the relay takes no mail", extra={"error": str(error)})
            for one in left:
                self._put_back(one.mails, str(error))

    def _hand_over(self, client: smtplib.SMTP, one: _Written) -> None:
        first = one.mails[0]
        try:
            message = build_message(
                one.paragraphs,
                mail=first,
                greeting=self._letters.greeting(first, one.say),
                sender=self._relay.sender,
                at=self._real_now(),
                say=one.say,
            )
            self._relay.send(client, message, first.address.split(","))
        except AddressRefusedError as error:
            log.warning("the relay refuses an address", extra={"person": first.person, "error": str(error)})
            self._services.mails.ended(one.mails, "refused", f"address_refused {error}")
        except ValueError:  # an address that is none
            self._services.mails.ended(one.mails, "refused", "address_refused form")
        else:
            self._services.mails.sent(one.mails)

    def _put_back(self, mails: Sequence[Mail], error: str) -> None:
        attempts = max(mail.attempts for mail in mails)
        wait = min(BACKOFF_SECONDS * 2.0 ** min(attempts, 10), MAX_BACKOFF_SECONDS)
        self._services.mails.failed(mails, retry_after_seconds=wait, error=error)


def build_postman(services: Services, relay: Relay | None, now: Callable[[], datetime]) -> Postman | None:
    """Return a postman, or None where there is no relay."""
    return None if relay is None else Postman(services=services, relay=relay, now=now, real_now=RealClock().now)


class _Written:
    """What one reader is told at once."""

    def __init__(self, told: Sequence[tuple[Mail, Paragraph]], say: Voice) -> None:
        self.mails = [mail for mail, _ in told]
        self.paragraphs = [paragraph for _, paragraph in told]
        self.say = say


def _reader(mail: Mail) -> tuple[str, str]:
    return mail.notice.city, mail.person
