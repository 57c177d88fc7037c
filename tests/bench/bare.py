"""The calls that a delivery makes, through the vendors' own SDKs alone, in a loop: one client an account."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import uuid
from collections.abc import Callable  # noqa: TC003 - a dataclass's field
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import google_auth_httplib2
import httplib2
import httpx
import linebot.v3.messaging as linebot
import requests
import tweepy
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.http import MediaIoBaseUpload

from platforms.facebook.client import GRAPH_VERSION
from platforms.youtube.session import CATEGORY, STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from platforms.port import Endpoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One account's client."""

    call: Callable[[str], None]
    """Publishes a text."""
    hang_up: Callable[[], None]
    """Closes its connection, and keeps what else it has."""


class _Elsewhere(requests.Session):
    """tweepy knows no base address: its requests are turned round before they are signed."""

    base = ""

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Send to our address."""
        return super().request(method, str(url).replace("https://api.twitter.com", self.base, 1), *args, **kwargs)


def call_x(endpoints: Endpoints, secrets: Mapping[str, str], external_id: str) -> Client:
    """Post with tweepy, signed by OAuth 1.0a."""
    del external_id
    client = tweepy.Client(**secrets, return_type=requests.Response)
    client.session = _Elsewhere()
    client.session.base = endpoints.x

    def call(text: str) -> None:
        client.create_tweet(text=text)

    return Client(call=call, hang_up=client.session.close)


def call_line(endpoints: Endpoints, secrets: Mapping[str, str], external_id: str) -> Client:
    """Broadcast with line-bot-sdk."""
    del external_id
    configuration = linebot.Configuration(host=endpoints.line, access_token=secrets["channel_access_token"])
    client = linebot.ApiClient(configuration)
    api = linebot.MessagingApi(client)

    def call(text: str) -> None:
        body = linebot.BroadcastRequest(messages=[linebot.TextMessage(text=text)])
        api.broadcast_with_http_info(body, x_line_retry_key=str(uuid.uuid4()))

    return Client(call=call, hang_up=client.rest_client.pool_manager.clear)


def call_facebook(endpoints: Endpoints, secrets: Mapping[str, str], external_id: str) -> Client:
    """Post and read the address back with httpx."""
    token = secrets["page_token"]
    proof = hmac.new(secrets["app_secret"].encode(), token.encode(), hashlib.sha256).hexdigest()
    base = f"{endpoints.facebook}/{GRAPH_VERSION}"
    wire = httpx.HTTPTransport()
    client = httpx.Client(headers={"Authorization": f"Bearer {token}"}, transport=wire)

    def call(text: str) -> None:
        answer = client.post(f"{base}/{external_id}/feed", data={"message": text, "appsecret_proof": proof})
        post_id = answer.raise_for_status().json()["id"]
        fields = {"fields": "permalink_url", "appsecret_proof": proof}
        client.get(f"{base}/{post_id}", params=fields).raise_for_status().json()

    return Client(call=call, hang_up=wire.close)


def call_youtube(endpoints: Endpoints, secrets: Mapping[str, str], external_id: str, film: Path) -> Client:
    """Upload privately and make public with Google's client."""
    del external_id
    credentials = Credentials(token=None, token_uri=endpoints.google_token, **secrets)  # type: ignore[no-untyped-call]
    plain = httplib2.Http()
    plain.redirect_codes = frozenset()
    http = google_auth_httplib2.AuthorizedHttp(credentials, http=plain)
    videos = _videos(endpoints)
    content = film.read_bytes()

    def call(text: str) -> None:
        media = MediaIoBaseUpload(io.BytesIO(content), mimetype="video/mp4", resumable=True)
        snippet = {"title": "会見", "description": text, "categoryId": CATEGORY, "defaultLanguage": "ja"}
        body = {"snippet": snippet, "status": {"privacyStatus": "private", **STATUS}}
        request = videos.insert(part="snippet,status", body=body, media_body=media)
        video = None
        while video is None:
            _, video = request.next_chunk(http=http)
        public = {"id": video["id"], "status": {"privacyStatus": "public", **STATUS}}
        videos.update(part="status", body=public).execute(http=http)

    return Client(call=call, hang_up=plain.close)


@cache
def _videos(endpoints: Endpoints) -> Any:
    """Build Google's service once: it is only read, and one an account would take a minute to build."""
    document = json.loads(get_static_doc("youtube", "v3"))
    document["rootUrl"] = document["baseUrl"] = endpoints.youtube + "/"
    return build_from_document(document, http=httplib2.Http()).videos()
