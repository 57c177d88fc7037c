"""Google's client, made to send once and to one host.

This module imports the SDK (0.2 s): import it inside functions only, so that `sns --help` stays quick.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from base64 import b64encode
from collections import OrderedDict, deque
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import google_auth_httplib2
import httplib2
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import Error, HttpError

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Who
from platforms.http import KEEP_IDLE_SECONDS, MAX_KEPT, connection_failure, has_something, proxy_for, scrub, tls_context
from platforms.youtube.errors import failure_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from platforms.port import Endpoints


MAX_CONSENTS = 1_000
"""How many channels' access tokens are kept in memory."""


class NeverConnectedError(Exception):
    """The connection could not be made: no byte of the request was written."""


class NoAnswerError(Exception):
    """The connection was closed without an answer."""


class OnceHttp(httplib2.Http):  # type: ignore[misc]  # httplib2 has no types
    """httplib2 without its second try, and with the machine's proxy.

    By itself it sends a request again when the connection closes without an answer, a POST as well,
    whatever its `RETRIES` say; and it passes a proxy over unless one more package is installed.
    """

    def _conn_request(self, conn: Any, *request: Any) -> Any:  # noqa: ANN401 - httplib2 has no types
        try:
            if conn.sock is not None and (
                time.monotonic() - conn.idle_since > KEEP_IDLE_SECONDS or has_something(conn.sock)
            ):
                conn.close()
            if conn.sock is None:
                _connect(conn)
        except (OSError, httplib2.HttpLib2Error) as error:
            conn.close()
            raise NeverConnectedError(str(error)) from error
        answer = conn.getresponse

        def once() -> Any:  # noqa: ANN401
            try:
                return answer()
            except (http.client.BadStatusLine, http.client.ResponseNotReady) as error:
                # An error that httplib2 doesn't know, and so can't take as an invitation.
                raise NoAnswerError(str(error)) from error

        conn.getresponse = once
        try:
            return super()._conn_request(conn, *request)
        except BaseException:
            conn.close()
            raise
        finally:
            del conn.getresponse
            conn.idle_since = time.monotonic()


class _TlsConnection(http.client.HTTPSConnection):
    """A connection under the one TLS context of the process; httplib2's own builds one for each (20 ms)."""

    ca_file: str | None = None

    def __init__(self, host: str, timeout: float, proxy_info: None) -> None:
        del proxy_info  # `_connect` asks the machine's
        super().__init__(host, timeout=timeout, context=tls_context(self.ca_file))


class KeptHttp:
    """httplib2 for many threads: each call takes a free one with the connections that it has kept.

    Args:
        ca_file: Authorities to trust in place of the machine's, or None.
        timeout_seconds: How long an answer may take.
    """

    def __init__(self, *, ca_file: str | None, timeout_seconds: float) -> None:
        self._tls: type = type("TlsConnection", (_TlsConnection,), {"ca_file": ca_file})
        self._timeout_seconds = timeout_seconds
        self._free: deque[OnceHttp] = deque(maxlen=MAX_KEPT)

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,  # noqa: ANN401 - httplib2 has no types
        headers: Any = None,  # noqa: ANN401
        **_: Any,
    ) -> tuple[Any, bytes]:
        """Make one call, as `httplib2.Http.request` does."""
        connection_type = self._tls if uri.startswith("https:") else None
        try:
            own = self._free.pop()
        except IndexError:
            own = self._build()
        try:
            answer: tuple[Any, bytes] = own.request(uri, method, body, headers, connection_type=connection_type)
            return answer
        finally:
            self._free.append(own)

    def close(self) -> None:
        """Close what is kept and not in use."""
        while self._free:
            self._free.pop().close()

    def _build(self) -> OnceHttp:
        own = OnceHttp(timeout=self._timeout_seconds, proxy_info=None)
        # 308 is YouTube's "go on", no redirection; and a token follows nobody to another host.
        own.redirect_codes = frozenset()
        own.follow_redirects = False
        return own


def _connect(conn: Any) -> None:  # noqa: ANN401
    """Connect, through a tunnel of the proxy that `HTTPS_PROXY` names."""
    is_tls = isinstance(conn, http.client.HTTPSConnection)
    proxy = proxy_for(f"https://{conn.host}:{conn.port}") if is_tls and not hasattr(conn, "tunnelled") else None
    if proxy is not None:
        parts = urlsplit(proxy)
        headers = {}
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Proxy-Authorization"] = "Basic " + b64encode(pair.encode()).decode()
        conn.set_tunnel(conn.host, conn.port, headers=headers)
        conn.host, conn.port = parts.hostname, parts.port or http.client.HTTP_PORT
        conn.tunnelled = True
    if hasattr(conn, "tunnelled"):
        http.client.HTTPSConnection.connect(conn)
    else:
        conn.connect()


class Consent(Credentials):
    """An account's consent, from which access tokens are made before a call is sent. For many threads."""

    def __init__(self, secrets: Mapping[str, str], token_uri: str) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # google-auth has few types
            token=None,
            refresh_token=secrets["refresh_token"],
            token_uri=token_uri,
            client_id=secrets["client_id"],
            client_secret=secrets["client_secret"],
        )
        self._turn = threading.Lock()

    def refresh(self, request: Any) -> None:  # noqa: ANN401
        """Make a new access token, once for all who wait for one.

        Raises:
            GoogleAuthError: Whatever else went wrong too: the call itself was not sent.
        """
        with self._turn:
            if self.valid:
                return
            try:
                super().refresh(request)  # type: ignore[no-untyped-call]  # as above
            except GoogleAuthError:
                raise
            except Exception as error:
                # google-auth trips over an answer that it can't read in ways of its own.
                reason = f"{type(error).__name__}: {error}"
                raise TransportError(reason) from error  # type: ignore[no-untyped-call]  # as above

    def forget(self, token: str) -> None:
        """Let nobody use the access token *token* any more: YouTube no longer takes it."""
        with self._turn:
            if self.token == token:
                self.token = None


class Sdk:
    """What every channel of the process shares: the service, the connections, and the access tokens that still last.

    May be used from many threads: each call names its own HTTP, and Google's service is only read.

    Args:
        endpoints: The vendors' addresses.
        ca_file: Authorities to trust in place of the machine's, or None.
        timeout_seconds: How long an answer may take.
    """

    def __init__(self, endpoints: Endpoints, *, ca_file: str | None, timeout_seconds: float) -> None:
        self._kept = KeptHttp(ca_file=ca_file, timeout_seconds=timeout_seconds)
        self._token_uri = endpoints.google_token
        self._consents: OrderedDict[tuple[str, ...], Consent] = OrderedDict()
        self._lock = threading.Lock()
        # The installed discovery document is used, with our address in it: the SDK's own `api_endpoint` would leave
        # uploads at the vendor's scheme.
        document = json.loads(get_static_doc("youtube", "v3"))
        document["rootUrl"] = document["baseUrl"] = endpoints.youtube + "/"
        service = build_from_document(document, http=self._kept)
        # Each of these takes the SDK 2 ms to make.
        self.videos, self.channels = service.videos(), service.channels()
        self.playlist_items = service.playlistItems()

    def consent_of(self, secrets: Mapping[str, str]) -> Consent:
        """Find the consent that *secrets* stand for, with its access token where it has one; others are others."""
        key = tuple(secrets[name] for name in ("client_id", "client_secret", "refresh_token"))
        with self._lock:
            consent = self._consents.pop(key, None) or Consent(secrets, self._token_uri)
            self._consents[key] = consent
            if len(self._consents) > MAX_CONSENTS:
                self._consents.popitem(last=False)
            return consent

    def http_of(self, consent: Consent) -> Any:  # noqa: ANN401 - google-auth-httplib2 has no types
        """Build the HTTP that calls in the name of *consent*."""
        # A token is renewed before it ends. Renewing it on a 401 would send the call again, and with a chunk
        # whose stream is already read to its end.
        return google_auth_httplib2.AuthorizedHttp(consent, http=self._kept, max_refresh_attempts=0)

    def close(self) -> None:
        """Close the connections that are kept, and forget the access tokens."""
        self._kept.close()
        with self._lock:
            self._consents.clear()


@contextlib.contextmanager
def calling(*, now: Callable[[], datetime], is_harmless: bool = False, secrets: tuple[str, ...] = ()) -> Iterator[None]:
    """Turn whatever the SDK raises in the block into one of the five failures.

    Args:
        now: The time (aware UTC).
        is_harmless: True where the block makes nothing that lasts.
        secrets: What must not get into the failure.

    Raises:
        PlatformError: One of its five kinds.
    """
    try:
        yield
    except PlatformError:
        raise
    except HttpError as error:
        raise failure_from(
            status=int(error.resp.status),
            body=error.content,
            now=now(),
            is_harmless=is_harmless,
            secrets=secrets,
        ) from error
    except (NeverConnectedError, GoogleAuthError) as error:
        raise _before_the_call(error, secrets) from error
    except (NoAnswerError, OSError, http.client.HTTPException, httplib2.HttpLib2Error) as error:
        raise connection_failure(error, platform="youtube", is_harmless=is_harmless) from error
    except (ValueError, LookupError, TypeError, Error) as error:
        kind = NotSent if is_harmless else PerhapsSent
        detail = scrub(f"{type(error).__name__}: {error}", secrets=secrets)
        raise kind("answer_unreadable", params={"platform": "youtube"}, detail=detail) from error


def _before_the_call(error: Exception, secrets: tuple[str, ...]) -> PlatformError:
    """Judge a failure on the way to the call: no connection, or no access token. Nothing was sent."""
    params = {"platform": "youtube"}
    detail = scrub(str(error), secrets=secrets)
    if isinstance(error, RefreshError) and _is_refused(error):
        return NeedsPerson("token_refused", who=Who.IT, params=params, detail=detail)
    if isinstance(error, (NeverConnectedError, TransportError)):
        return NotSent("unreachable", params=params, detail=detail)
    return NotSent("vendor_error", params=params, detail=detail)


def _is_refused(error: RefreshError) -> bool:
    """Tell whether the token's server said that it gives none: in OAuth's own form (RFC 6749, section 5.2), or by 401.

    `invalid_grant`: consent withdrawn, password changed, or a test app's seven days are over. Whatever else comes in
    place of a token (a page of a proxy, too many requests) is trouble that passes.
    """
    said = error.args[1] if len(error.args) > 1 else None
    code = said.get("error") if isinstance(said, dict) else None
    if isinstance(code, dict):  # as Google's other services say it
        return code.get("code") == HTTPStatus.UNAUTHORIZED
    return not error.retryable and isinstance(code, str) and code != "rate_limit_exceeded"
