"""Connections to the vendors outlive a delivery, and by that nothing is sent twice, lost, or doubted for nothing."""

from __future__ import annotations

import functools
import ssl
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from platforms.errors import NeedsPerson, NotSent, PerhapsSent
from platforms.http import tls_context
from platforms.port import AccountRef, KeepsConnections, Media, MediaKind, Message, Receipt
from platforms.registry import build_platforms
from platforms.sandbox.app import build_server, endpoints_at
from platforms.sandbox.core import Fault, FaultKind, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from platforms.sandbox.serving import KeptServer

SECRETS = {
    "x": {
        "consumer_key": "app",
        "consumer_secret": "app-secret",
        "access_token": "1-token",
        "access_token_secret": "1-secret",
    },
    "line": {"channel_access_token": "line-token"},
    "facebook": {"page_token": "page-token", "app_secret": "app-secret"},
    "youtube": {"client_id": "client", "client_secret": "client-secret", "refresh_token": "refresh"},
}
NAMES = tuple(SECRETS)
IDLE_LIMITS = ("platforms.kept", "platforms.facebook.wire", "platforms.youtube.sdk")
"""The modules that go by `KEEP_IDLE_SECONDS`."""


@dataclass(kw_only=True)
class Office:
    """The stand-ins' server, and a process of ours that publishes there."""

    world: World
    server: KeptServer
    film: Media
    base: str
    ca_file: str | None = None
    connections: int = 0
    platforms: Any = field(init=False)

    def __post_init__(self) -> None:
        self.platforms = build_platforms(
            endpoints_at(self.base), now=self.world.now, ca_file=self.ca_file, timeout_seconds=2
        )

    def session(self, name: str, secrets: dict[str, str] | None = None) -> Any:
        """Bind the account anew, as each delivery does."""
        account = AccountRef(key=name, handle="kashiwa", external_id="1")
        return self.platforms[name].connect(account, secrets or SECRETS[name])

    def publish(self, name: str, text: str) -> Receipt:
        """Publish as one delivery."""
        media = (self.film,) if name == "youtube" else ()
        plan = self.platforms[name].plan(Message(text=text, title="題" if media else "", media=media))
        key = str(uuid.uuid4())
        receipt = self.session(name).publish(plan, key=key, resume=None, checkpoint=lambda _: None)
        assert isinstance(receipt, Receipt)
        return receipt

    def posted(self, name: str) -> list[str]:
        """List the requests that published, by how the stand-in took them."""
        return [entry["outcome"] for entry in self.world.journal(name, "publish")]


@pytest.fixture
def film(tmp_path: Path) -> Media:
    """Make a file that stands for a video."""
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(1000))
    return Media(
        kind=MediaKind.VIDEO,
        path=path,
        sha256="0" * 64,
        mime="video/mp4",
        size_bytes=1000,
        width_px=64,
        height_px=48,
        duration_seconds=1.0,
    )


@pytest.fixture
def open_office(film: Media) -> Iterator[Callable[..., Office]]:
    """Serve the stand-ins, over TLS where a context is given, and count the connections."""
    opened: list[tuple[Office, threading.Thread]] = []

    def open_at(tls: ssl.SSLContext | None = None, ca_file: str | None = None) -> Office:
        world = World(lambda: datetime.now(UTC))
        for name, secrets in SECRETS.items():
            world.add_account(name, "kashiwa", external_id="1", secrets=secrets)
        server = build_server(world)
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
            server.ssl_context = tls
        scheme = "http" if tls is None else "https"
        base = f"{scheme}://127.0.0.1:{server.server_port}"
        office = Office(world=world, server=server, film=film, base=base, ca_file=ca_file)
        take = server.process_request

        def counting(request: Any, client_address: Any) -> None:
            office.connections += 1
            take(request, client_address)

        server.process_request = counting  # type: ignore[method-assign]
        thread = threading.Thread(target=functools.partial(server.serve_forever, poll_interval=0.02), daemon=True)
        thread.start()
        opened.append((office, thread))
        return office

    yield open_at
    for office, thread in opened:
        for platform in office.platforms.values():
            platform.close()
        office.world.closing.set()
        office.server.shutdown()
        thread.join()
        office.server.server_close()
        office.world.close()


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    """Serve without TLS."""
    return open_office()


@pytest.mark.parametrize("name", NAMES)
def test_deliveries_in_a_row_share_one_connection(office: Office, name: str) -> None:
    """A new connection costs two journeys and the handshake's arithmetic; only the first delivery pays."""
    for number in range(3):
        office.publish(name, f"続けて {number}")
    assert office.posted(name) == ["accepted"] * 3
    assert office.connections == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_that_the_vendor_closed_while_idle_is_not_written_to(office: Office, name: str) -> None:
    """The next delivery goes out once, over a new connection, and nobody is left in doubt."""
    office.publish(name, "最初")
    office.server.close_connections()
    receipt = office.publish(name, "次")
    assert not receipt.is_repeat
    assert office.posted(name) == ["accepted"] * 2
    assert office.connections == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_that_was_idle_for_long_is_not_trusted(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may close just as we write, and then nobody knows: long before, a new connection is taken."""
    for module in IDLE_LIMITS:
        monkeypatch.setattr(f"{module}.KEEP_IDLE_SECONDS", 0.0)
    office.publish(name, "最初")
    before = office.connections
    office.publish(name, "次")
    assert office.posted(name) == ["accepted"] * 2
    assert office.connections > before


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER])
def test_a_request_that_was_lost_on_a_kept_connection_is_not_sent_again(
    office: Office, name: str, kind: FaultKind
) -> None:
    """The vendor read it and closed without a word: one request on the wire, and in doubt, whatever it did."""
    office.publish(name, "最初")
    office.world.order(Fault(vendor=name, verb="publish", kind=kind))
    with pytest.raises(PerhapsSent):
        office.publish(name, "次")
    assert len(office.posted(name)) == 2
    assert office.connections == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_vendor_that_came_back_elsewhere_is_reached(office: Office, name: str) -> None:
    """After a connection broke in a call, the next call takes a new one."""
    office.publish(name, "最初")
    office.world.order(Fault(vendor=name, verb="publish", kind=FaultKind.DROP_AFTER))
    with pytest.raises(PerhapsSent):
        office.publish(name, "次")
    office.publish(name, "その次")
    assert office.posted(name) == ["accepted"] * 3


@pytest.mark.parametrize("name", NAMES)
def test_many_threads_share_the_connections_and_each_gets_its_own_answer(office: Office, name: str) -> None:
    """A lane calls from several threads; no answer goes to another's delivery."""
    texts = [f"市からのお知らせ {number}" for number in range(24)]
    office.world.refuse_duplicates = False
    with ThreadPoolExecutor(4) as threads:
        receipts = list(threads.map(functools.partial(office.publish, name), texts))
    kinds = {"x": "post", "line": "broadcast", "facebook": "post", "youtube": "video"}
    stored = {each["id"]: str(each) for each in office.world.all(name, kinds[name])}
    assert len(stored) == len(texts)
    assert all(text in stored[receipt.external_id] for text, receipt in zip(texts, receipts, strict=True))
    assert office.connections <= 8


@pytest.mark.parametrize("name", NAMES)
def test_changed_secrets_hold_from_the_next_delivery_on(office: Office, name: str) -> None:
    """Connections belong to the host; who is asking stands in each request. Nothing of the old consent is left."""
    office.publish(name, "前の鍵")
    wrong = SECRETS[name] | {key: f"{value}-wrong" for key, value in SECRETS[name].items() if "token" in key}
    media = (office.film,) if name == "youtube" else ()
    plan = office.platforms[name].plan(Message(text="次の鍵", title="題" if media else "", media=media))
    with pytest.raises(NeedsPerson) as caught:
        office.session(name, wrong).publish(plan, key=str(uuid.uuid4()), resume=None, checkpoint=lambda _: None)
    assert (caught.value.code, caught.value.who) == ("token_refused", "it")
    assert office.posted(name).count("accepted") == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_process_that_ends_closes_its_connections(office: Office, name: str) -> None:
    """And one that goes on afterwards opens new ones."""
    office.publish(name, "最初")
    platform = office.platforms[name]
    assert isinstance(platform, KeepsConnections)
    platform.close()
    office.publish(name, "次")
    assert office.connections == 2


# Access tokens, which only YouTube has


def test_an_access_token_is_asked_for_once(office: Office) -> None:
    """It lasts an hour; every delivery used to ask for its own."""
    for number in range(3):
        office.publish("youtube", f"動画 {number}")
    assert len(office.world.journal("youtube", "token")) == 1


def test_an_access_token_that_ended_early_is_renewed_without_asking_anybody(office: Office) -> None:
    """YouTube's 401 did nothing, and what it means shows by the new token: the repeat goes through."""
    office.publish("youtube", "最初")
    for token in tokens_of(office.world):
        office.world.remove("youtube", "token", token)
    with pytest.raises(NotSent) as caught:
        office.publish("youtube", "次")
    assert caught.value.code == "token_renewed"
    office.publish("youtube", "次")
    assert office.posted("youtube") == ["accepted"] * 2


def test_consent_that_was_withdrawn_needs_the_it_division_whatever_token_was_kept(office: Office) -> None:
    """The kept token is refused, and no new one is given."""
    office.publish("youtube", "最初")
    for token in tokens_of(office.world):
        office.world.remove("youtube", "token", token)
    office.world.add_account("youtube", "kashiwa", external_id="1", secrets=SECRETS["youtube"] | {"refresh_token": ""})
    with pytest.raises(NotSent):
        office.publish("youtube", "次")
    with pytest.raises(NeedsPerson) as caught:
        office.publish("youtube", "次")
    assert (caught.value.code, caught.value.who) == ("token_refused", "it")


def tokens_of(world: World) -> list[str]:
    """List the access tokens that YouTube gave."""
    rows = world._db.execute("SELECT id FROM document WHERE vendor = 'youtube' AND kind = 'token'").fetchall()
    return [row[0] for row in rows]


# TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """Make an authority of our own, and a server's context for this machine under it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-ins")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return folder / "ca.pem", context


def test_one_process_makes_one_tls_context(
    open_office: Callable[..., Office], authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading the authorities takes 20 ms of processor time: once, and not for each connection."""
    ca_file, context = authority
    office = open_office(context, str(ca_file))
    loads: list[str] = []
    real = ssl.SSLContext.load_verify_locations

    def counting(self: ssl.SSLContext, *args: Any, **kwargs: Any) -> None:
        loads.append("load")
        real(self, *args, **kwargs)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counting)
    tls_context.cache_clear()
    for name in NAMES:
        office.publish(name, "最初")
        office.server.close_connections()
        office.publish(name, "次")
        office.publish(name, "その次")
        assert office.posted(name) == ["accepted"] * 3
    assert loads == ["load"]
    assert office.connections == 2 * len(NAMES)
    tls_context.cache_clear()


@pytest.mark.parametrize("name", NAMES)
def test_a_certificate_that_nobody_vouches_for_gets_no_request(
    open_office: Callable[..., Office], authority: tuple[Path, ssl.SSLContext], name: str
) -> None:
    """Without the authority's file the server is a stranger: not one byte of a request is written."""
    _, context = authority
    office = open_office(context)
    with pytest.raises(NotSent, match="unreachable"):
        office.publish(name, "届かない")
    assert office.world.journal() == []


# Cookies


def test_no_cookie_goes_from_one_page_to_another(film: Media) -> None:
    """The Pages share their connections; what a vendor keeps with one of them must not follow the others."""
    cookies: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            cookies.append(self.headers.get("Cookie"))
            self.send_response(200)
            self.send_header("Set-Cookie", "datr=one; Path=/")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    platforms: Any = build_platforms(endpoints_at(base), now=lambda: datetime.now(UTC), timeout_seconds=2)
    for key in ("one", "other"):
        account = AccountRef(key=key, handle=key, external_id=key)
        platforms["facebook"].connect(account, SECRETS["facebook"]).measure("1_1")
        platforms["x"].connect(account, SECRETS["x"] | {"access_token": "t"}).find(
            platforms["x"].plan(Message(text="a")), key="", resume=None, since=datetime.now(UTC)
        )
    server.shutdown()
    server.server_close()
    assert cookies == [None] * 4
