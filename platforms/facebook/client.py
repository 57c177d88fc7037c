"""Graph over HTTP: where the token goes, what is sent once, and what an answer means."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from platforms.errors import NotSent, PerhapsSent
from platforms.facebook.errors import failure_from
from platforms.http import connection_failure, scrub

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import httpx

    from platforms.facebook.wire import KeptHttp

GRAPH_VERSION = "v26.0"
"""The one place that names it. https://developers.facebook.com/docs/graph-api/changelog (read 2026-11)."""

Answer = dict[str, Any]


class GraphClient:
    """Calls Graph in the name of one Page. Nothing is ever sent a second time from here.

    Args:
        base: Graph's address, without a version.
        token: The Page's access token; it travels in a header, so that no log of addresses holds it.
        app_secret: The app's secret, or empty. With it each call proves that it comes from the app:
            https://developers.facebook.com/docs/graph-api/guides/secure-requests (read 2026-11).
        now: The time (aware UTC).
        http: The way out, shared with other Pages.
    """

    def __init__(
        self,
        base: str,
        *,
        token: str,
        app_secret: str,
        now: Callable[[], datetime],
        http: KeptHttp,
    ) -> None:
        self._base = f"{base}/{GRAPH_VERSION}"
        self._token = token
        self._now = now
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}
        self._proof = (
            {"appsecret_proof": hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()}
            if app_secret
            else {}
        )

    def read(self, path: str, **params: str) -> Answer:
        """Ask for *path*.

        Raises:
            PlatformError: Anything but `PerhapsSent`.
        """
        query = params | self._proof
        return self._answered(
            lambda: self._http.request("GET", f"{self._base}/{path}", params=query, headers=self._headers),
            is_harmless=True,
            is_repeat=False,
        )

    def write(
        self,
        path: str,
        fields: Mapping[str, str],
        *,
        file: tuple[str, str, Any, str] | None = None,
        is_harmless: bool = False,
        is_repeat: bool = False,
    ) -> Answer:
        """Post *fields* to *path*, once.

        Args:
            path: Below the version: `<page>/feed`.
            fields: The parameters.
            file: A file to go with them: its field, name, bytes or stream, and type.
            is_harmless: See `failure_from`.
            is_repeat: See `failure_from`.

        Raises:
            PlatformError: `PerhapsSent` only where the call is not harmless.
        """
        data = {**fields, **self._proof}
        files = {file[0]: file[1:]} if file else None
        return self._answered(
            lambda: self._http.request("POST", f"{self._base}/{path}", data=data, files=files, headers=self._headers),
            is_harmless=is_harmless,
            is_repeat=is_repeat,
        )

    def delete(self, path: str) -> Answer:
        """Delete the object at *path*; it may be repeated.

        Raises:
            PlatformError: Anything but `PerhapsSent`.
        """
        return self._answered(
            lambda: self._http.request("DELETE", f"{self._base}/{path}", params=self._proof, headers=self._headers),
            is_harmless=True,
            is_repeat=False,
        )

    def _answered(self, call: Callable[[], httpx.Response], *, is_harmless: bool, is_repeat: bool) -> Answer:
        import httpx  # noqa: PLC0415 - 0.1 s that `sns --help` need not pay

        try:
            response = call()
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise connection_failure(error, platform="facebook", is_harmless=is_harmless) from error
        body = response.content
        if response.is_success:
            try:
                answer = json.loads(body)
            except ValueError:
                answer = None
            if isinstance(answer, dict) and "error" not in answer:
                return answer
            if answer is None or not isinstance(answer, dict):
                raise self._unexpected(body, is_harmless=is_harmless)
        raise failure_from(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body,
            now=self._now(),
            is_harmless=is_harmless,
            is_repeat=is_repeat,
            secrets=(self._token,),
        )

    def _unexpected(self, body: bytes, *, is_harmless: bool) -> NotSent | PerhapsSent:
        kind = NotSent if is_harmless else PerhapsSent
        detail = scrub(body.decode("utf-8", "replace"), secrets=(self._token,))
        return kind("answer_unreadable", params={"platform": "facebook"}, detail=detail)
