"""Asks whether there is a page at an address, and asks nothing else of anybody.

Whoever writes a post chooses the address, so that it must lead to nobody but the public: never to this machine or
its network, whatever a name resolves to and wherever a redirect leads. The address that was checked is the one that
is connected to. In the world of the stand-ins it is the other way round: this machine's own pages, and no others.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urljoin, urlsplit

import httpcore

from platforms.http import proxy_for, tls_context
from publisher.store.links import LinkSight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LIMIT_SECONDS: Final = 5.0
"""For one address, all its redirects together; looking a name up is the system's own affair."""
LIMIT_BYTES: Final = 64 * 1024
MAX_REDIRECTS: Final = 5
USER_AGENT: Final = "Kairan/1 (looks whether linked pages exist)"
_GONE: Final = frozenset({404, 410})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_FAILED: Final = 400
_HEADERS: Final[Mapping[bytes | str, bytes | str]] = {"User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}
_PORTS: Final = {"http": 80, "https": 443}
_NO_SUCH_NAME: Final = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)
)
_INSIDE: Final = (".localhost", ".local", ".localdomain", ".internal", ".lan", ".intranet", ".home.arpa")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = IPv6Network("::/96")
"""IPv4 addresses in a form that nobody uses any more (RFC 4291, 2.5.5.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What one look showed: `OK`, `MISSING` or `UNCLEAR`, and why."""

    sight: LinkSight
    detail: str


class _NotLookedAtError(Exception):
    """The address is none that may be looked at."""


class _NoSuchNameError(Exception):
    """There is no such name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    location: str


class PageProbe:
    """Looks at addresses.

    Args:
        is_stand_in_world: True where every vendor is a stand-in on this machine: its pages alone are looked at.
        ca_file: Authorities to trust in place of the machine's.
    """

    def __init__(self, *, is_stand_in_world: bool, ca_file: str | None = None) -> None:
        self._is_allowed = _is_loopback if is_stand_in_world else is_public
        self._is_stand_in_world = is_stand_in_world
        self._ca_file = ca_file

    def look(self, url: str) -> Glance:
        """Look at an address; never raises, and takes a few seconds at most."""
        deadline = time.monotonic() + LIMIT_SECONDS
        try:
            for _ in range(MAX_REDIRECTS + 1):
                answer = self._ask(url, deadline)
                if answer.status not in _REDIRECTS or not answer.location:
                    return _judge(answer.status)
                url = urljoin(url, answer.location)
        except _NoSuchNameError:
            return Glance(sight=LinkSight.MISSING, detail="no_such_name")
        except _NotLookedAtError:
            return Glance(sight=LinkSight.UNCLEAR, detail="not_looked_at")
        except (OSError, ssl.SSLError, ValueError, httpcore.NetworkError, httpcore.TimeoutException) as error:
            return Glance(sight=LinkSight.UNCLEAR, detail=type(error).__name__)
        except (httpcore.ProtocolError, httpcore.ProxyError, httpcore.UnsupportedProtocol) as error:
            return Glance(sight=LinkSight.UNCLEAR, detail=type(error).__name__)
        return Glance(sight=LinkSight.UNCLEAR, detail="too_many_redirects")

    def _ask(self, url: str, deadline: float) -> _Answer:
        """Ask with HEAD; what a server says to that against a page, it must say to GET too."""
        answer = self._call("HEAD", url, deadline)
        return answer if answer.status < _FAILED else self._call("GET", url, deadline)

    def _call(self, method: str, url: str, deadline: float) -> _Answer:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise _NotLookedAtError
        host = parts.hostname.encode("idna").decode("ascii") if not parts.hostname.isascii() else parts.hostname
        port = parts.port or _PORTS[parts.scheme]
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asked = httpcore.URL(scheme=parts.scheme.encode(), host=host.encode(), port=parts.port, target=_quoted(target))
        with (
            self._way_to(url, host, port, deadline) as way,
            way.stream(method, asked, headers=_HEADERS, extensions=_time_left(deadline)) as response,
        ):
            named = {name.lower(): value for name, value in response.headers}
            return _Answer(status=response.status, location=named.get(b"location", b"").decode("latin-1"))

    def _way_to(self, url: str, host: str, port: int, deadline: float) -> httpcore.ConnectionPool:
        """Return the way out: through the proxy that the environment names, or straight to a checked address."""
        context = tls_context(self._ca_file)
        proxy = None if self._is_stand_in_world else proxy_for(url)
        if proxy is None:
            straight = _Backend(deadline, self._checked)
            return httpcore.ConnectionPool(ssl_context=context, network_backend=straight)
        self._check_before_proxy(host, port)
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        auth = None if parts.username is None else (unquote(parts.username), unquote(parts.password or ""))
        return httpcore.HTTPProxy(
            proxy_url=f"{parts.scheme}://{parts.hostname}:{parts.port or _PORTS.get(parts.scheme, 80)}",
            proxy_auth=auth,
            ssl_context=context,
            network_backend=_Backend(deadline, lambda host, _port: [host]),
        )

    def _checked(self, host: str, port: int) -> list[str]:
        """Return the addresses behind a name, all of which may be looked at.

        Raises:
            _NoSuchNameError: There is no such name.
            _NotLookedAtError: One of them may not.
            OSError: The name could not be looked up.
        """
        addresses = _resolve(host, port)
        if not all(map(self._is_allowed, addresses)):
            raise _NotLookedAtError
        return addresses

    def _check_before_proxy(self, host: str, port: int) -> None:
        """Send nobody through the proxy to what is not public, as far as it is known on this side of it.

        Behind a proxy the names of the internet often resolve on its other side alone: then nothing follows from that.
        """
        if _address(host) is None and ("." not in host or host.lower().rstrip(".").endswith(_INSIDE)):
            raise _NotLookedAtError
        with suppress(_NoSuchNameError, OSError):
            self._checked(host, port)


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the public internet, also where it wraps one of the older kind."""
    found = _address(address)
    if found is None or found.is_multicast or not found.is_global or found in _COMPATIBLE:
        return False
    wrapped = _wrapped(found)
    return all(inner.is_global and not inner.is_multicast for inner in wrapped)


def _wrapped(address: IPv4Address | IPv6Address) -> Iterable[IPv4Address]:
    if isinstance(address, IPv4Address):
        return ()
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    teredo = address.teredo or ()
    return [one for one in (address.ipv4_mapped, address.sixtofour, nat64, *teredo) if one is not None]


def _is_loopback(address: str) -> bool:
    found = _address(address)
    return found is not None and found.is_loopback


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _NO_SUCH_NAME:
            raise _NoSuchNameError from None
        raise
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _quoted(target: str) -> bytes:
    # A redirect may name what no request line can hold.
    return "".join(sign if "!" <= sign <= "~" else "%20" for sign in target).encode("ascii")


def _judge(status: int) -> Glance:
    if status in _GONE:
        return Glance(sight=LinkSight.MISSING, detail=str(status))
    return Glance(sight=LinkSight.OK if status < _FAILED else LinkSight.UNCLEAR, detail=str(status))


def _time_left(deadline: float) -> dict[str, Any]:
    left = max(deadline - time.monotonic(), 0.001)
    return {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), left)}


class _Backend(httpcore.NetworkBackend):
    """Connects to the addresses it is told, and to nothing else."""

    def __init__(self, deadline: float, find: Callable[[str, int], list[str]]) -> None:
        self._deadline = deadline
        self._find = find
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - one deadline for all
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers."""
        failure: Exception = httpcore.ConnectTimeout()
        for address in self._find(host, port):
            try:
                stream = self._plain.connect_tcp(
                    address, port, _left(self._deadline), local_address=local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure


class _Stream(httpcore.NetworkStream):
    """A stream that ends at a deadline and after a number of bytes, however slowly they come."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline
        self._room = LIMIT_BYTES

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - as above
        """Read on."""
        if self._room <= 0:
            raise httpcore.ReadError("the answer is too long")
        got = self._stream.read(min(max_bytes, self._room), _left(self._deadline))
        self._room -= len(got)
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - as above
        """Write on."""
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        """Close it."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.NetworkStream:
        """Go on under TLS, by the name that was asked for."""
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's signature
        """Tell what the plain stream tells."""
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
