"""The stand-in LINE without HTTP: broadcasts, retry keys, quotas, and pictures that are really fetched."""

from __future__ import annotations

import http.client
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from platforms.http import is_loopback
from platforms.sandbox.core import Item, Picture, Timeline

if TYPE_CHECKING:
    from platforms.sandbox.core import Account, Document, World

KEY_LIFE = timedelta(hours=24)
BROADCASTS_PER_HOUR = 60
MAX_MESSAGES, MAX_UTF16 = 5, 5000
MAX_ALT_CHARS = 1500
MAX_FETCHED_BYTES = 200 * 1024 * 1024
FETCH_TIMEOUT_SECONDS = 5.0


@dataclass
class LineRefusal(Exception):  # noqa: N818 - a refusal is an answer, no error
    """LINE says no."""

    status: int
    message: str
    details: list[dict[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


class LineModel:
    """What LINE keeps, and its verbs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._opener = build_opener(ProxyHandler({}))

    def broadcast(self, account: Account, body: Document, *, key: str | None, request_id: str) -> Document:
        """Send messages to all friends; the same *key* within 24 hours sends nothing.

        Raises:
            LineRefusal: As LINE refuses.
        """
        with self._world.lock:
            self._check_key(account, key)
            self.check_messages(body)
            self._check_limits(account)
            sent = {
                "id": request_id,
                "author": account.key,
                "messages": body["messages"],
                "at": self._world.now().astimezone(UTC).isoformat(),
                "key": key,
            }
            self._world.put("line", "broadcast", request_id, sent)
            if key:
                self._world.put("line", "key", f"{account.key}/{key}", {"id": request_id, "at": sent["at"]})
        return self._with_pictures(sent)

    def check_messages(self, body: Document) -> None:
        """Look at message objects as LINE does.

        Raises:
            LineRefusal: One of them is wrong; the details say where.
        """
        messages = body.get("messages")
        if not isinstance(messages, list) or not 1 <= len(messages) <= MAX_MESSAGES:
            raise _invalid([("messages", f"Size must be between 1 and {MAX_MESSAGES}")])
        wrong = [
            (f"messages[{index}].{where}", what)
            for index, message in enumerate(messages)
            for where, what in _mistakes(message)
        ]
        if wrong:
            raise _invalid(wrong)

    def usage(self, account: Account) -> int:
        """Count this month's messages, one friend each."""
        month = self._world.now().astimezone(UTC).strftime("%Y-%m")
        return sum(each["at"].startswith(month) for each in self.broadcasts(account))

    def broadcasts(self, account: Account) -> list[Document]:
        """List what was sent, newest first."""
        return self._world.newest("line", "broadcast", account.key)

    def timelines(self) -> list[Timeline]:
        """Show every account's talk as a friend sees it."""
        return [
            Timeline(
                vendor="line",
                handle=account.handle,
                name=account.name,
                items=tuple(_item(account, each) for each in self.broadcasts(account)),
            )
            for account in self._world.accounts("line")
        ]

    def _check_key(self, account: Account, key: str | None) -> None:
        if key is None:
            return
        try:
            uuid.UUID(key)
        except ValueError:
            raise LineRefusal(400, "The X-Line-Retry-Key is invalid") from None
        known = self._world.get("line", "key", f"{account.key}/{key}")
        if known and self._world.now() - datetime.fromisoformat(known["at"]) < KEY_LIFE:
            raise LineRefusal(
                409,
                "The retry key is already accepted",
                headers={"x-line-accepted-request-id": known["id"]},
            )

    def _check_limits(self, account: Account) -> None:
        if not self._world.has_own_limits:
            return
        since = (self._world.now().astimezone(UTC) - timedelta(hours=1)).isoformat()
        newest = self._world.newest("line", "broadcast", account.key, BROADCASTS_PER_HOUR)
        if sum(each["at"] > since for each in newest) >= BROADCASTS_PER_HOUR:
            raise LineRefusal(429, "The API rate limit has been exceeded. Try again later.")

    def _with_pictures(self, sent: Document) -> Document:
        """Fetch what the messages point at; a broadcast whose pictures fail is sent all the same."""
        pictures = []
        for index, message in enumerate(sent["messages"]):
            for name, url in _addresses(message):
                fetched = self._fetch(url)
                path = self._world.put_blob(f"line-{sent['id']}-{index}-{name}", *fetched) if fetched else None
                if name != "previewImageUrl":
                    pictures.append(
                        {"kind": _kind(message), "url": path, "alt": message.get("altText", ""), "from": url}
                    )
                elif path is None:
                    pictures[-1]["url"] = None
        sent = sent | {"pictures": pictures}
        self._world.put("line", "broadcast", sent["id"], sent)
        return sent

    def _fetch(self, url: str) -> tuple[str, bytes] | None:
        """Fetch from this machine only; None where there is nothing to see."""
        if not is_loopback(url):
            return None
        try:
            with self._opener.open(url, timeout=FETCH_TIMEOUT_SECONDS) as answer:
                return answer.headers.get_content_type(), answer.read(MAX_FETCHED_BYTES)
        except (URLError, OSError, ValueError, http.client.HTTPException):
            return None


def _item(account: Account, sent: Document) -> Item:
    texts = [message["text"] for message in sent["messages"] if message["type"] == "text"]
    pictures = sent.get("pictures", [])
    return Item(
        external_id=sent["id"],
        text="\n\n".join(texts),
        at=sent["at"],
        author_handle=account.handle,
        media=tuple(Picture(kind=each["kind"], url=each["url"], alt=each["alt"]) for each in pictures),
        extra={"media_fetched": is_all_fetched(sent)},
    )


def is_all_fetched(sent: Document) -> bool | None:
    """Tell whether every picture could be fetched; None where there are none."""
    pictures = sent.get("pictures", [])
    return all(each["url"] for each in pictures) if pictures else None


def _kind(message: Document) -> str:
    return "video" if message["type"] == "video" else "image"


def _addresses(message: Document) -> list[tuple[str, str]]:
    """List what a message makes LINE fetch."""
    if message["type"] in {"image", "video"}:
        return [(name, message[name]) for name in ("originalContentUrl", "previewImageUrl")]
    hero = message.get("contents", {}).get("hero", {}) if message["type"] == "flex" else {}
    return [("hero", hero["url"])] if hero.get("type") == "image" else []


def _mistakes(message: Document) -> list[tuple[str, str]]:
    kind = message.get("type")
    if kind == "text":
        return _text_mistakes("text", message.get("text"), MAX_UTF16)
    if kind in {"image", "video"}:
        names = ("originalContentUrl", "previewImageUrl")
        return [wrong for name in names for wrong in _url_mistakes(name, message.get(name))]
    if kind == "flex":
        wrong = _text_mistakes("altText", message.get("altText"), MAX_ALT_CHARS)
        if not isinstance(message.get("contents"), dict):
            return [*wrong, ("contents", "must be specified")]
        return wrong + [
            each for name, url in _addresses(message) for each in _url_mistakes(f"contents.{name}.url", url)
        ]
    return [("type", f"invalid type: {kind}")]


def _text_mistakes(where: str, text: object, limit: int) -> list[tuple[str, str]]:
    if not isinstance(text, str) or not text:
        return [(where, "May not be empty")]
    if len(text.encode("utf-16-le")) // 2 > limit:
        return [(where, f"Length must be between 0 and {limit}")]
    return []


def _url_mistakes(where: str, url: object) -> list[tuple[str, str]]:
    if not isinstance(url, str) or not urlsplit(url).hostname:
        return [(where, "May not be empty")]
    if urlsplit(url).scheme != "https" and not is_loopback(url):
        return [(where, "Invalid uri scheme")]
    return []


def _invalid(wrong: list[tuple[str, str]]) -> LineRefusal:
    details = [{"message": what, "property": where} for where, what in wrong]
    count = len(details)
    return LineRefusal(400, f"The request body has {count} error(s)", details)
