"""Google's client, made to send once and to one host.

This module imports the SDK (0.2 s): import it inside functions only, so that `sns --help` stays quick.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
from base64 import b64encode
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
from platforms.http import connection_failure, proxy_for, scrub
from platforms.youtube.errors import failure_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from platforms.port import Endpoints


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
    """An account's consent, from which access tokens are made before a call is sent."""

    def refresh(self, request: Any) -> None:  # noqa: ANN401
        """Make a new access token.

        Raises:
            GoogleAuthError: Whatever else went wrong too: the call itself was not sent.
        """
        try:
            super().refresh(request)  # type: ignore[no-untyped-call]  # google-auth has few types
        except GoogleAuthError:
            raise
        except Exception as error:
            # google-auth trips over an answer that it can't read in ways of its own.
            reason = f"{type(error).__name__}: {error}"
            raise TransportError(reason) from error  # type: ignore[no-untyped-call]  # as above


def open_service(
    endpoints: Endpoints, secrets: Mapping[str, str], *, ca_file: str | None, timeout_seconds: float
) -> tuple[Any, Any]:
    """Build the SDK's `youtube` service for one account, and the authorised HTTP under it. Does no I/O.

    The installed discovery document is used, with our address in it: the SDK's own `api_endpoint`
    would leave uploads at the vendor's scheme.
    """
    credentials = Consent(  # type: ignore[no-untyped-call]  # google-auth has few types
        token=None,
        refresh_token=secrets["refresh_token"],
        token_uri=endpoints.google_token,
        client_id=secrets["client_id"],
        client_secret=secrets["client_secret"],
    )
    plain = OnceHttp(
        timeout=timeout_seconds, proxy_info=None, ca_certs=ca_file or ssl.get_default_verify_paths().cafile
    )
    # 308 is YouTube's "go on", no redirection; and a token follows nobody to another host.
    plain.redirect_codes = frozenset()
    plain.follow_redirects = False
    # A token is renewed before it ends. Renewing it on a 401 would send the call again, and with a chunk
    # whose stream is already read to its end.
    authorized = google_auth_httplib2.AuthorizedHttp(credentials, http=plain, max_refresh_attempts=0)
    document = json.loads(get_static_doc("youtube", "v3"))
    document["rootUrl"] = document["baseUrl"] = endpoints.youtube + "/"
    return build_from_document(document, http=authorized), authorized


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
    if isinstance(error, RefreshError) and not error.retryable:
        # `invalid_grant`: consent withdrawn, password changed, or a test app's seven days are over.
        return NeedsPerson("token_refused", who=Who.IT, params=params, detail=detail)
    if isinstance(error, (NeverConnectedError, TransportError)):
        return NotSent("unreachable", params=params, detail=detail)
    return NotSent("vendor_error", params=params, detail=detail)
