"""Makes e-mails of notices: plain Japanese text, with no button, so with where and how to answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from chatops.courier.render import delivery_message, direct_message, expired_message, found_message
from chatops.courier.watch import build_watch, watch_subject
from chatops.features.ask.views import build_question, doubt_of
from chatops.features.hold.views import build_held
from chatops.messages.ja import mail as words
from chatops.messages.ja import notices as told
from publisher.api import ADMINS, DeliveryState, NoticeKind
from publisher.errors import NotFoundError, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chatops.messages import Voice
    from publisher.api import Mail, Notice, Services

_NO_LINE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What would end a header's line, or doesn't belong into one."""
SUBJECT_CHARS: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """What one notice comes to."""

    subject: str
    text: str


class Letters:
    """Writes what the postman carries, from the state at the moment of sending.

    Args:
        services: The heart.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    def paragraph(self, mail: Mail, say: Voice) -> Paragraph | None:
        """Write what a notice comes to, or None where nothing is left to say or its subject is gone."""
        try:
            return self._paragraph(mail, say)
        except (Refusal, NotFoundError):
            return None

    def greeting(self, mail: Mail, say: Voice) -> str:
        """Address the reader."""
        if mail.person == ADMINS:
            return say(words.dear_admins)
        return say(words.dear, self._services.people.get(mail.notice.city, mail.person).name)

    def _paragraph(self, mail: Mail, say: Voice) -> Paragraph | None:
        notice = mail.notice
        match notice.kind:
            case NoticeKind.ASK:
                return self._asked(mail, say)
            case NoticeKind.HELD:
                return self._held(mail, say)
            case NoticeKind.SIGN_OFF:
                return self._sign_off(notice, say)
            case _:
                return self._told(notice, say)

    def _told(self, notice: Notice, say: Voice) -> Paragraph:
        match notice.kind:
            case NoticeKind.DELIVERY:
                number, line = self._services.board.delivery(notice.city, str(notice.delivery))
                if "found" in notice.params:
                    text = found_message(number, line, notice.params, say)[0]
                    return Paragraph(subject=say(words.subject_found, number), text=text)
                text = f"{number} {delivery_message(line, say)[0]}"
                return Paragraph(subject=say(words.subject_failed, number), text=text)
            case NoticeKind.WATCH:
                text = build_watch(notice, self._services.board, say)[0]
                return Paragraph(subject=watch_subject(notice, say), text=text)
            case NoticeKind.EXPIRED:
                text = expired_message(str(notice.number), say)[0]
                return Paragraph(subject=say(words.subject_expired, str(notice.number)), text=text)
            case _:
                text = direct_message(notice, say)[0]
                return Paragraph(subject=_first_sentence(text), text=text)

    def _asked(self, mail: Mail, say: Voice) -> Paragraph | None:
        notice = mail.notice
        number, line = self._services.board.delivery(notice.city, str(notice.delivery))
        if line.state is not DeliveryState.ASKED:
            return None  # somebody has answered meanwhile
        lines = [build_question(number, line, say)[0]]
        if line.account_url:
            lines.append(f"{say(told.account_link)}: {line.account_url}")
        lines += [say(words.answer_in_slack), say(words.answer_in_shell, number, line.account, doubt_of(line))]
        return Paragraph(subject=say(words.subject_asked, number), text="\n".join(lines))

    def _held(self, mail: Mail, say: Voice) -> Paragraph | None:
        notice = mail.notice
        held = self._services.holding.find(notice.city, str(notice.delivery))
        if held is None or (held.is_in_force and not held.is_disaster_related):
            return None  # decided meanwhile; or a hold stops it, as it should, and nobody is asked yet
        _, line = self._services.board.delivery(notice.city, str(notice.delivery))
        lines = [build_held(held, say)[0], say(words.answer_in_slack)]
        lines.append(say(words.answer_in_shell, held.number, line.account, "held"))
        return Paragraph(subject=say(words.subject_asked, held.number), text="\n".join(lines))

    def _sign_off(self, notice: Notice, say: Voice) -> Paragraph | None:
        if not self._services.board.card(notice.city, str(notice.number)).sign_off_open:
            return None
        managers = self._services.people.with_role(notice.city, "manager")
        names = say(words.names, [one.shown for one in managers])
        text = say(told.sign_off, str(notice.number), names)
        return Paragraph(
            subject=say(words.subject_sign_off, str(notice.number)), text=f"{text}\n{say(words.sign_in_slack)}"
        )


def build_message(
    paragraphs: Sequence[Paragraph], *, mail: Mail, greeting: str, sender: str, at: datetime, say: Voice
) -> EmailMessage:
    """Put one reader's paragraphs into a message.

    Args:
        paragraphs: At least one.
        mail: The first mail: its id makes the message's, so that one that is handed over twice is known as the same.
        greeting: The first line.
        sender: From whom.
        at: The message's date.
        say: The reader's language.
    """
    count = len(paragraphs)
    subject = paragraphs[0].subject if count == 1 else say(words.subject_several, count)
    # Those who look after the machine hear by mail alone.
    body = [greeting, "", *([] if mail.person == ADMINS else [say(words.why_by_mail), ""])]
    for one in paragraphs:
        body += [*(["―" * 20] if count > 1 else []), one.text, ""]
    body += ["-- ", say(words.signature)]
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=say(words.sender_name), addr_spec=sender)
    message["To"] = [Address(addr_spec=one) for one in mail.address.split(",")]
    message["Subject"] = _NO_LINE.sub(" ", say(words.subject, subject))[:SUBJECT_CHARS]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(body) + "\n", charset="utf-8", cte="base64")
    return message


def _first_sentence(text: str) -> str:
    first = text.splitlines()[0] if text else ""
    return first if len(first) <= SUBJECT_CHARS // 2 else first[: SUBJECT_CHARS // 2] + "…"
