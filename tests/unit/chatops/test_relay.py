"""The way to the mail relay: encrypted where it says so, verified, and with an error that says what to do."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from mail_server import MailServer, make_certificate

from chatops.courier.relay import AddressRefusedError, Relay, RelayError, build_relay
from publisher.errors import ConfigurationError
from publisher.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SENDER = "sns@city.kashiwa.example"
READER = "sato.makoto@city.kashiwa.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A relay inside the city's network."""
    made = MailServer()
    yield made
    made.close()


def mail() -> EmailMessage:
    """Write a mail."""
    message = EmailMessage()
    message["Subject"] = "確認"
    message.set_content("柏市")
    return message


def send(relay: Relay, reader: str = READER) -> None:
    """Send one mail."""
    with relay.connected() as client:
        relay.send(client, mail(), [reader])


def test_a_mail_goes_to_its_reader_and_from_our_sender(server: MailServer) -> None:
    """The envelope names the sender of the settings and the one reader."""
    send(Relay(url=server.url(), sender=SENDER))

    assert [(SENDER, (READER,))] == [(one.sender, one.readers) for one in server.taken]


@pytest.mark.parametrize(("scheme", "at_once"), [("smtps", True), ("smtp+starttls", False)])
def test_an_encrypted_relay_is_verified(tmp_path: Path, scheme: str, at_once: bool) -> None:  # noqa: FBT001 - a parameter
    """With its authority trusted the mail goes encrypted; with a certificate of nobody's nothing is handed over."""
    ca_file, tls = make_certificate(tmp_path)
    server = MailServer(tls=tls, is_tls_at_once=at_once)

    with pytest.raises(RelayError, match="certificate"):
        send(Relay(url=server.url(scheme), sender=SENDER))
    assert server.taken == []
    send(Relay(url=server.url(scheme), sender=SENDER, ca_file=str(ca_file)))
    server.close()

    assert [one.is_encrypted for one in server.taken] == [True]


def test_a_relay_without_starttls_gets_nothing_where_it_is_asked_for(server: MailServer) -> None:
    """Nobody in between can take the encryption away."""
    with pytest.raises(RelayError, match="starttls_missing"):
        send(Relay(url=server.url("smtp+starttls"), sender=SENDER))

    assert server.taken == []


def test_the_log_in_is_made_and_its_refusal_never_shows_the_password(server: MailServer) -> None:
    """A wrong password is named as such by its code alone."""
    server.orders.login = ("sns", "hidden-phrase")
    send(Relay(url=server.url(), sender=SENDER, user="sns", password="hidden-phrase"))
    with pytest.raises(RelayError, match="login_refused 535") as caught:
        send(Relay(url=server.url(), sender=SENDER, user="sns", password="wrong-phrase"))

    assert len(server.taken) == 1
    assert "phrase" not in str(caught.value)
    assert "phrase" not in repr(caught.value)


def test_an_address_that_is_refused_for_good_is_told_from_a_relay_that_is_busy(server: MailServer) -> None:
    """550 means that trying again won't help, 451 that it may (RFC 5321, 4.2.1)."""
    relay = Relay(url=server.url(), sender=SENDER)
    server.orders.refused_readers = {"left@city.kashiwa.example"}
    with pytest.raises(AddressRefusedError, match="550"):
        send(relay, "left@city.kashiwa.example")
    server.orders.is_busy = True
    with pytest.raises(RelayError, match="refused 451"):
        send(relay)


def test_a_silent_relay_is_left_after_the_time_out(server: MailServer) -> None:
    """A relay that takes the connection and says nothing is an error, not a wait for ever."""
    server.orders.is_silent = True
    with pytest.raises(RelayError, match="timeout"):
        send(Relay(url=server.url(), sender=SENDER, timeout_seconds=0.2))


def test_a_relay_that_is_away_is_unreachable(server: MailServer) -> None:
    """Nothing listens there any more."""
    server.close()
    with pytest.raises(RelayError, match="unreachable ConnectionRefusedError"):
        Relay(url=server.url(), sender=SENDER).check()


def test_a_check_sends_nothing(server: MailServer) -> None:
    """What `sns doctor` does reaches nobody."""
    Relay(url=server.url(), sender=SENDER).check()

    assert (server.connections, server.taken) == (1, [])


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"SNS_SMTP_URL": "relay.city.example"}, "smtp_form"),
        ({"SNS_SMTP_URL": "https://relay.city.example"}, "smtp_form"),
        ({"SNS_SMTP_URL": "smtp://relay.city.example:25/inbox"}, "smtp_form"),
        ({"SNS_SMTP_URL": "smtps://sns:word@relay.city.example"}, "smtp_secret"),
        ({"SNS_SMTP_URL": "smtp://relay.city.example"}, "mail_from_missing"),
        ({"SNS_MAIL_FROM": "no address"}, "mail_form"),
        ({"SNS_MAIL_FROM": "a@city.example\r\nBcc: b@city.example"}, "mail_form"),
        ({"SNS_MAIL_ADMINS": "it@city.example, nobody"}, "mail_form"),
        ({"SNS_SMTP_URL": "smtps://relay.city.example", "SNS_SMTP_USER": "sns"}, "smtp_user_and_password"),
        (
            {"SNS_SMTP_URL": "smtp://relay.city.example", "SNS_SMTP_USER": "sns", "SNS_SMTP_PASSWORD": "word"},
            "smtp_plain_password",
        ),
    ],
)
def test_what_cannot_work_is_refused_at_the_start(settings: dict[str, str], code: str) -> None:
    """A mistake in the settings of the mail is named, and no password is repeated."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"SNS_MAIL_FROM": SENDER, **settings} if code != "mail_from_missing" else settings)

    assert [mistake.code for mistake in caught.value.mistakes] == [code]
    assert "word" not in str(caught.value).replace("smtp_plain_password", "").replace("smtp_user_and_password", "")


def test_the_relay_is_built_as_the_settings_say() -> None:
    """Without an address there is none; a password may go to a relay on this machine or over TLS."""
    more = {"SNS_SMTP_USER": "sns", "SNS_SMTP_PASSWORD": "word", "SNS_MAIL_FROM": SENDER}

    assert build_relay(load_settings({})) is None
    relay = build_relay(load_settings({"SNS_SMTP_URL": "smtps://relay.city.example", **more}))
    assert relay == Relay(url="smtps://relay.city.example", sender=SENDER, user="sns", password="word")
