"""Claims notices, renders each from the board at the moment of sending, and sends it."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackApiError

from chatops.courier.mailbox import CARD_EVENT, NOTICE_EVENT, VERSION_EVENT, Mailbox
from chatops.courier.pace import Pace
from chatops.courier.render import (
    delivery_message,
    direct_message,
    expired_message,
    found_message,
    version_message,
)
from chatops.courier.watch import build_watch
from chatops.features.approve.card import build_card, build_fallback
from chatops.features.ask.views import build_question
from chatops.features.hold.views import build_held
from chatops.features.sign_off.views import build_request
from chatops.messages import Voice
from chatops.slack_link import SLACK_FAILURES, error_code
from publisher.api import NoticeKind, PostState, SlackRef
from publisher.errors import NotFoundError, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from slack_sdk import WebClient

    from chatops.courier.render import Rendered
    from chatops.locales import Locales
    from publisher.api import CardView, Notice, Services

log = logging.getLogger(__name__)

CLAIM: Final = 10
IDLE_SECONDS: Final = 0.5
CARD_MISSING_SECONDS: Final = 1.5
MAX_BACKOFF_SECONDS: Final = 300.0
VERSION_SPAN: Final = timedelta(days=30)
"""How far back an announcement of a version is looked for, in its card's thread."""
DIRECT: Final = frozenset(
    {
        *(NoticeKind.DECIDED, NoticeKind.ANSWER, NoticeKind.REVIEW, NoticeKind.PERIOD, NoticeKind.LEDGER),
        NoticeKind.WATCH,
    }
)
"""What one person is told alone."""
_HTTP_TOO_MANY: Final = 429


class CardMissingError(Exception):
    """The card, under which a notice belongs, is not posted yet."""


class Courier:
    """One thread that takes notices to Slack.

    Args:
        services: The heart.
        client: Slack's Web API.
        locales: Which language a person reads; a channel reads Japanese.
        now: The business's time.
    """

    def __init__(self, *, services: Services, client: WebClient, locales: Locales, now: Callable[[], datetime]) -> None:
        self._services = services
        self._mailbox = Mailbox(client)
        self._locales = locales
        self._now = now
        self._pace = Pace()
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look for notices now."""
        self._awake.set()

    def stop(self, *, timeout_seconds: float = 10.0) -> None:
        """Finish the message under way and end."""
        self._stopping.set()
        self._awake.set()
        self._thread.join(timeout_seconds)

    def run_once(self) -> int:
        """Deliver what is due; return how many notices were claimed."""
        notices = list(self._services.notices.claim(CLAIM))
        for notice in notices:
            if self._stopping.is_set():
                break
            self._deliver(notice)
        return len(notices)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                claimed = self.run_once()
            except Exception:
                log.exception("notices could not be claimed")
                claimed = 0
            if not claimed:
                self._awake.wait(IDLE_SECONDS)
                self._awake.clear()

    def _deliver(self, notice: Notice) -> None:
        try:
            ref = self._send(notice)
        except CardMissingError:
            self._put_back(notice, CARD_MISSING_SECONDS, "card_missing")
        except (Refusal, NotFoundError) as error:
            # What it was about is gone: there is nobody to tell.
            log.warning("a notice has lost its subject", extra={"kind": notice.kind, "error": str(error)})
            self._services.notices.done(notice)
        except SlackApiError as error:
            self._put_back(notice, self._wait_after(error, notice), error_code(error))
        except SLACK_FAILURES as error:
            self._put_back(notice, _backoff(notice), error_code(error))
        except Exception as error:
            log.exception("a notice could not be rendered", extra={"kind": notice.kind})
            self._put_back(notice, _backoff(notice), type(error).__name__)
        else:
            self._services.notices.done(notice, ref)

    def _put_back(self, notice: Notice, seconds: float, error: str) -> None:
        log.info("a notice waits", extra={"kind": notice.kind, "error": error, "seconds": seconds})
        self._services.notices.failed(notice, retry_after_seconds=seconds, error=error)

    def _wait_after(self, error: SlackApiError, notice: Notice) -> float:
        if error.response.status_code == _HTTP_TOO_MANY:
            seconds = float(error.response.headers.get("Retry-After") or 1)
            self._pace.pause(seconds)
            return seconds
        return _backoff(notice)

    def _send(self, notice: Notice) -> SlackRef | None:
        if notice.kind is NoticeKind.CARD:
            return self._send_card(notice)
        if notice.kind in DIRECT:
            return self._send_direct(notice)
        if notice.kind is NoticeKind.EXPIRED:
            return self._send_expired(notice)
        if notice.kind is NoticeKind.HELD:
            return self._send_held(notice)
        rendered = self._render_for_thread(notice)
        is_broadcast = notice.kind in (NoticeKind.ASK, NoticeKind.SIGN_OFF) or "found" in notice.params
        return self._send_to_thread(notice, rendered, is_broadcast=is_broadcast)

    def _send_held(self, notice: Notice) -> SlackRef | None:
        held = self._services.holding.find(notice.city, str(notice.delivery))
        if held is None:
            return None  # somebody has decided meanwhile
        rendered = build_held(held, Voice(now=self._now()))
        return self._send_to_thread(notice, rendered, is_broadcast=held.is_disaster_related)

    def _render_for_thread(self, notice: Notice) -> Rendered:
        say = Voice(now=self._now())
        if notice.kind is NoticeKind.SIGN_OFF:
            managers = self._services.people.with_role(notice.city, "manager")
            return build_request(str(notice.number), [person.shown for person in managers], say)
        number, line = self._services.board.delivery(notice.city, str(notice.delivery))
        if notice.kind is NoticeKind.ASK:
            return build_question(number, line, say)
        if "found" in notice.params:
            return found_message(number, line, notice.params, say)
        return delivery_message(line, say)

    def _send_card(self, notice: Notice) -> SlackRef:
        number = str(notice.number)
        view = self._services.board.card(notice.city, number)
        say = Voice(now=self._now())
        rendered = (build_fallback(view, say), build_card(view, say))
        ref = self._services.notices.card_ref(notice.city, number)
        if ref is None:
            # Always looked for: a crash between posting and remembering must not leave two cards.
            key = view.post_id
            ref = self._mailbox.find(view.channel, event=CARD_EVENT, key=key, since=notice.created_at)
            if ref is None:
                self._keep_pace(view.channel)
                ref = self._mailbox.post(view.channel, rendered, event=CARD_EVENT, key=key)
                self._services.notices.remember_card(notice.city, number, ref)
                return ref
            self._services.notices.remember_card(notice.city, number, ref)
        self._keep_pace(ref.channel)
        self._mailbox.change(ref, rendered)
        if view.version > 1 and view.state is PostState.SUBMITTED:
            self._announce_version(notice, view, ref)
        return ref

    def _announce_version(self, notice: Notice, view: CardView, card: SlackRef) -> None:
        # A card that changes far up in the channel is seen by nobody: each new version is said once, below.
        key = f"{view.post_id}:{view.version}"
        place = {"event": VERSION_EVENT, "key": key, "thread_ts": card.ts}
        if self._mailbox.find(card.channel, since=notice.created_at - VERSION_SPAN, **place) is None:
            rendered = version_message(view, Voice(now=self._now()))
            self._keep_pace(card.channel)
            self._mailbox.post(card.channel, rendered, is_broadcast=True, **place)

    def _send_to_thread(self, notice: Notice, rendered: Rendered, *, is_broadcast: bool, part: str = "") -> SlackRef:
        card = self._services.notices.card_ref(notice.city, str(notice.number))
        if card is None:
            raise CardMissingError
        key = notice.id + part
        if notice.attempts:
            found = self._mailbox.find(
                card.channel, event=NOTICE_EVENT, key=key, since=notice.created_at, thread_ts=card.ts
            )
            if found is not None:
                return found
        self._keep_pace(card.channel)
        return self._mailbox.post(
            card.channel, rendered, event=NOTICE_EVENT, key=key, thread_ts=card.ts, is_broadcast=is_broadcast
        )

    def _send_direct(self, notice: Notice, part: str = "") -> SlackRef | None:
        person = self._services.people.get(notice.city, str(notice.person))
        if person.slack_user is None:
            self._services.mails.take_over(notice)
            return None
        say = Voice(locale=self._locales.get(person.slack_user), now=self._now())
        is_watch = notice.kind is NoticeKind.WATCH
        rendered = build_watch(notice, self._services.board, say) if is_watch else direct_message(notice, say)
        channel = self._mailbox.open_direct(person.slack_user)
        key = notice.id + part
        if notice.attempts:
            found = self._mailbox.find(channel, event=NOTICE_EVENT, key=key, since=notice.created_at)
            if found is not None:
                return found
        self._keep_pace(channel)
        return self._mailbox.post(channel, rendered, event=NOTICE_EVENT, key=key)

    def _send_expired(self, notice: Notice) -> SlackRef | None:
        ref: SlackRef | None = None
        if self._services.notices.card_ref(notice.city, str(notice.number)) is not None:
            rendered = expired_message(str(notice.number), Voice(now=self._now()))
            ref = self._send_to_thread(notice, rendered, is_broadcast=False, part=":thread")
        return self._send_direct(notice, part=":author") or ref if notice.person else ref

    def _keep_pace(self, channel: str) -> None:
        seconds = self._pace.wait_seconds(channel)
        if seconds:
            self._stopping.wait(seconds)
        self._pace.sent(channel)


def _backoff(notice: Notice) -> float:
    return float(min(2.0 ** min(notice.attempts, 10), MAX_BACKOFF_SECONDS))
