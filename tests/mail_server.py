"""A small SMTP server on loopback: it takes mails (RFC 5321), and misbehaves on order."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the server accepted."""

    sender: str
    readers: tuple[str, ...]
    raw: bytes
    is_encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """The mail as a reader's program opens it."""
        return message_from_bytes(self.raw, policy=default)  # type: ignore[return-value]  # the policy's own class

    @property
    def text(self) -> str:
        """The body."""
        return str(self.message.get_content())


@dataclass
class Orders:
    """How it misbehaves."""

    refused_readers: set[str] = field(default_factory=set)
    """550 for these."""
    is_busy: bool = False
    """451 to every reader."""
    is_silent: bool = False
    """It takes the connection and never says a word."""
    login: tuple[str, str] | None = None
    """It wants this user and password first."""


class MailServer:
    """A threaded server; `taken` is what arrived."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, is_tls_at_once: bool = False) -> None:
        self.taken: list[Taken] = []
        self.connections = 0
        self.orders = Orders()
        self.ended = threading.Event()
        self.tls = tls
        self.is_tls_at_once = is_tls_at_once
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError, ssl.SSLError):
                    _Talk(outer, self.request).run()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def url(self, scheme: str = "smtp") -> str:
        """Return its address."""
        return f"{scheme}://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop, and refuse connections from now on."""
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Talk:
    """One connection."""

    def __init__(self, server: MailServer, connection: object) -> None:
        self.server = server
        self.connection = connection
        self.is_encrypted = False
        if server.is_tls_at_once:
            self._encrypt()
        else:
            self._open()
        self.is_logged_in = False
        self.sender = ""
        self.readers: list[str] = []

    def _open(self) -> None:
        self.file = self.connection.makefile("rb")  # type: ignore[attr-defined]  # a socket

    def _encrypt(self) -> None:
        assert self.server.tls is not None
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)  # type: ignore[arg-type]  # a socket
        self.is_encrypted = True
        self._open()

    def say(self, line: str) -> None:
        """Answer."""
        self.connection.sendall(f"{line}\r\n".encode())  # type: ignore[attr-defined]  # a socket

    def run(self) -> None:
        """Talk until the other side ends it."""
        self.server.connections += 1
        if self.server.orders.is_silent:
            self.server.ended.wait(30)
            return
        self.say("220 relay.test ESMTP")
        while line := self.file.readline():
            word, _, rest = line.decode("ascii").strip().partition(" ")
            if word.upper() == "QUIT":
                self.say("221 bye")
                return
            self.answer(word.upper(), rest)

    def answer(self, word: str, rest: str) -> None:
        """Answer one command."""
        orders = self.server.orders
        if word == "EHLO":
            self.say("250-relay.test")
            if self.server.tls is not None and not self.is_encrypted:
                self.say("250-STARTTLS")
            if orders.login is not None:
                self.say("250-AUTH PLAIN")
            self.say("250 8BITMIME")
        elif word == "STARTTLS":
            self.say("220 go on")
            self._encrypt()
        elif word == "AUTH":
            user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")[1:]
            self.is_logged_in = (user, password) == orders.login
            self.say("235 welcome" if self.is_logged_in else "535 wrong user or password")
        elif word == "MAIL":
            self.sender, self.readers = _address(rest), []
            self.say("250 ok" if orders.login is None or self.is_logged_in else "530 log in first")
        elif word == "RCPT":
            self._take_reader(_address(rest))
        elif word == "DATA":
            self._take_data()
        else:
            self.say("250 ok")

    def _take_reader(self, reader: str) -> None:
        if self.server.orders.is_busy:
            self.say("451 try again later")
        elif reader in self.server.orders.refused_readers:
            self.say("550 no such user here")
        else:
            self.readers.append(reader)
            self.say("250 ok")

    def _take_data(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.server.taken.append(Taken(self.sender, tuple(self.readers), b"".join(lines), self.is_encrypted))
        self.say("250 accepted")


def _address(rest: str) -> str:
    return rest[rest.index("<") + 1 : rest.index(">")]


def make_certificate(folder: Path, *, host: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for *host* that is its own authority; return its file and the server's side of TLS."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    both = folder / "relay.pem"
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(secret + pem)
    alone = folder / "ca.pem"
    alone.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return alone, context
