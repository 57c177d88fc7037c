"""The city's SMTP relay: one message to one reader at a time, over a connection that is opened for a round.

Over `smtps://` and `smtp+starttls://` the relay's certificate is verified; `smtp://` is for a relay inside the city's
own network, and no password goes over it.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from publisher.settings import SMTP_PORTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from email.message import EmailMessage

    from publisher.settings import Settings

TIMEOUT_SECONDS: Final = 15.0
"""How long the relay may be silent."""
_PERMANENT: Final = 500
"""From here on an SMTP reply says that trying again won't help (RFC 5321, 4.2.1)."""


class RelayError(Exception):
    """The relay takes nothing now: try again later.

    Attributes:
        code: `unreachable`, `timeout`, `certificate`, `starttls_missing`, `login_refused`, `sender_refused`, `refused`.
        detail: The SMTP reply's number, or the exception's name; never what the relay said, and never a secret.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        """Say shortly what the matter is."""
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


class AddressRefusedError(Exception):
    """The relay refuses this reader's address for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Where mails go out, and as whom."""

    url: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None
    timeout_seconds: float = TIMEOUT_SECONDS

    @contextmanager
    def connected(self) -> Iterator[smtplib.SMTP]:
        """Open a connection, logged in where there is a user, for as long as a round lasts.

        Raises:
            RelayError: The relay can't be reached, proves not to be itself, or refuses the log-in.
        """
        with _translated():
            client = self._open()
        try:
            yield client
        finally:
            with suppress(OSError, smtplib.SMTPException):
                client.quit()
            client.close()

    def check(self) -> None:
        """See that the relay takes a connection, the log-in and a NOOP; nothing is sent.

        Raises:
            RelayError: It doesn't.
        """
        with self.connected() as client, _translated():
            code, _ = client.noop()
            if code >= _PERMANENT:
                raise RelayError("refused", str(code))

    def send(self, client: smtplib.SMTP, message: EmailMessage, readers: Sequence[str]) -> None:
        """Hand one message over.

        Raises:
            AddressRefusedError: The relay refuses every reader's address for good.
            RelayError: It takes nothing now.
        """
        with _translated():
            try:
                client.send_message(message, from_addr=self.sender, to_addrs=list(readers))
            except smtplib.SMTPRecipientsRefused as error:
                codes = [code for code, _ in error.recipients.values()]
                if all(code >= _PERMANENT for code in codes):
                    raise AddressRefusedError(str(codes[0])) from None
                raise RelayError("refused", str(codes[0])) from None
            except (smtplib.SMTPNotSupportedError, UnicodeEncodeError):
                raise AddressRefusedError("characters") from None

    def _open(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or SMTP_PORTS[parts.scheme]
        name = self.sender.rpartition("@")[2]  # our own name would otherwise be asked of DNS, which may hang
        if parts.scheme == "smtps":
            tls, timeout = self._tls(), self.timeout_seconds
            client: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=timeout, context=tls)
        else:
            client = smtplib.SMTP(host, port, name, timeout=self.timeout_seconds)
        try:
            client.ehlo_or_helo_if_needed()
            if parts.scheme == "smtp+starttls":
                client.starttls(context=self._tls())
                client.ehlo()
            if self.user:
                client.login(self.user, self.password)
        except BaseException:
            client.close()
            raise
        return client

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)


def build_relay(settings: Settings) -> Relay | None:
    """Return the relay that the settings name, or None."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return Relay(
        url=settings.smtp_url,
        sender=settings.mail_from,
        user=settings.smtp_user or "",
        password="" if settings.smtp_password is None else settings.smtp_password.get_secret_value(),
        ca_file=None if settings.ca_file is None else str(settings.ca_file),
    )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise RelayError("certificate", type(error).__name__) from None
    except TimeoutError as error:
        raise RelayError("timeout", type(error).__name__) from None
    except smtplib.SMTPAuthenticationError as error:
        raise RelayError("login_refused", str(error.smtp_code)) from None
    except smtplib.SMTPSenderRefused as error:
        raise RelayError("sender_refused", str(error.smtp_code)) from None
    except smtplib.SMTPNotSupportedError as error:
        raise RelayError("starttls_missing", type(error).__name__) from None
    except smtplib.SMTPResponseException as error:
        raise RelayError("refused", str(error.smtp_code)) from None
    except (OSError, smtplib.SMTPException) as error:
        # smtplib says of a relay that fell silent that it has hung up.
        code = "timeout" if isinstance(error.__context__, TimeoutError) else "unreachable"
        raise RelayError(code, type(error).__name__) from None
