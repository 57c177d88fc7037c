"""The stand-in X without HTTP: posts, media, reposts, and what X refuses."""

from __future__ import annotations

import hashlib
import html
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from platforms.links import find_links
from platforms.sandbox.core import Item, Picture, Timeline
from platforms.sandbox.x_media import XMedia, XRefusal, invalid, not_found
from platforms.weighted import MAX_WEIGHTED_CHARS, has_invalid_characters, weighted_length

if TYPE_CHECKING:
    from platforms.sandbox.core import Account, Document, World

DUPLICATE_WINDOW = timedelta(hours=24)
"""How far back the stand-in compares; X doesn't say how far it does (assumption)."""
POSTS_PER_WINDOW = 100
RATE_WINDOW = timedelta(minutes=15)
MAX_MEDIA = 4
TCO_CHARS = 23


class XModel:
    """What X keeps, and its verbs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.media = XMedia(world)

    def publish(self, account: Account, body: Document) -> Document:
        """Make a post.

        Raises:
            XRefusal: As X refuses.
        """
        text = unicodedata.normalize("NFC", str(body.get("text") or ""))
        media_ids = [str(each) for each in (body.get("media") or {}).get("media_ids", [])]
        with self._world.lock:
            self._check(account, text, media_ids)
            return self._keep(account, text=text, media=media_ids)

    def delete(self, account: Account, post_id: str) -> bool:
        """Take a post down, and every repost of it; True also where it was gone already."""
        with self._world.lock:
            post = self._world.get("x", "post", post_id)
            if post is None:
                return True
            if post["author"] != account.key:
                raise XRefusal(403, "Forbidden", "You are not allowed to delete this Tweet.")
            for repost in self._reposts_of(post_id):
                self._world.remove("x", "post", repost["id"])
            return self._world.remove("x", "post", post_id)

    def look_up(self, post_ids: list[str]) -> tuple[list[Document], list[Document]]:
        """Find posts by their ids: those that are there, and a problem for each that is not."""
        found = [self._world.get("x", "post", post_id) for post_id in post_ids]
        missing = [not_found("ids", each) for each, post in zip(post_ids, found, strict=True) if post is None]
        return [post for post in found if post is not None], [missed.problem for missed in missing]

    def figures(self, post: Document, *, is_older: bool) -> Document:
        """Count a post's reposts; what readers did else is what was put down as its `figures`, or nothing.

        The *older* API calls reposts retweets.
        """
        put_down = self._world.get("x", "figures", post["id"]) or {}
        names = ("reply_count", "like_count", "quote_count", "bookmark_count", "impression_count")
        reposts = {"retweet_count" if is_older else "repost_count": len(self._reposts_of(post["id"]))}
        return reposts | {name: put_down.get(name, 0) for name in names}

    def repost(self, account: Account, source_id: str) -> Document:
        """Repost, once; a second time changes nothing."""
        source = self._world.get("x", "post", source_id)
        if source is None:
            raise not_found("tweet_id", source_id)
        with self._world.lock:
            for post in self.posts(account):
                if post["repost_of"] == source_id:
                    return post
            return self._keep(account, text="", media=[], repost_of=source_id)

    def unrepost(self, account: Account, source_id: str) -> None:
        """Take a repost back."""
        for post in self.posts(account):
            if post["repost_of"] == source_id:
                self._world.remove("x", "post", post["id"])

    def posts(self, account: Account) -> list[Document]:
        """List an account's posts and reposts, newest first."""
        return self._world.newest("x", "post", account.key)

    def posts_left(self, account: Account) -> int:
        """Count how many posts the quarter of an hour still has room for."""
        if not self._world.has_own_limits:
            return POSTS_PER_WINDOW
        since = (self._world.now() - RATE_WINDOW).isoformat()
        newest = self._world.newest("x", "post", account.key, POSTS_PER_WINDOW)
        return POSTS_PER_WINDOW - len([post for post in newest if post["at"] > since])

    def _check(self, account: Account, text: str, media_ids: list[str]) -> None:
        if not text.strip() and not media_ids:
            raise invalid("Requires either text or media")
        if has_invalid_characters(text) or weighted_length(text) > MAX_WEIGHTED_CHARS:
            raise invalid("Your Tweet text is too long or holds characters that are not allowed.")
        if len(media_ids) > MAX_MEDIA:
            raise invalid(f"$.media.media_ids: there must be a maximum of {MAX_MEDIA} items in the array")
        for media_id in media_ids:
            medium = self._world.get("x", "media", media_id)
            if medium is None or medium["author"] != account.key or medium["state"] != "succeeded":
                raise invalid("Your media IDs are invalid.")
        if self._world.refuse_duplicates and not media_ids and self._is_duplicate(account, text):
            raise XRefusal(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")

    def _is_duplicate(self, account: Account, text: str) -> bool:
        """Compare with posts without media: a picture's own link makes texts differ (assumption)."""
        since = (self._world.now() - DUPLICATE_WINDOW).isoformat()
        return any(
            post["text"].strip() == text.strip() and not post["media"] and post["at"] >= since
            for post in self.posts(account)
            if post["repost_of"] is None
        )

    def _keep(self, account: Account, *, text: str, media: list[str], repost_of: str | None = None) -> Document:
        post: Document = {
            "id": self._world.next_id(),
            "author": account.key,
            "text": text,
            "media": media,
            "repost_of": repost_of,
            "at": self._world.now().astimezone(UTC).isoformat(),
        }
        self._world.put("x", "post", post["id"], post)
        return post

    def author(self, post: Document) -> Account | None:
        """Find whose post it is."""
        return next((a for a in self._world.accounts("x") if a.key == post["author"]), None)

    def rendered(self, post: Document) -> Document:
        """Show a post as the API does: links shortened, `&<>` escaped, a trailing link for the media."""
        account = self.author(post)
        handle = account.handle if account else "unknown"
        text, entities = _shortened(post["text"])
        if post["repost_of"]:
            text = self._repost_text(post["repost_of"])
        if post["media"]:
            link = _tco(f"{post['id']}/media")
            start = len(text) + bool(text)
            text = f"{text} {link}".strip()
            expanded = f"https://x.com/{handle}/status/{post['id']}/photo/1"
            entities.append({"start": start, "end": start + TCO_CHARS, "url": link, "expanded_url": expanded})
        created = datetime.fromisoformat(post["at"]).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        shown: Document = {
            "id": post["id"],
            "text": html.escape(text, quote=False),
            "edit_history_tweet_ids": [post["id"]],
            "author_id": post["author"],
            "created_at": created,
        }
        if entities:
            shown["entities"] = {"urls": entities}
        if post["repost_of"]:
            shown["referenced_tweets"] = [{"type": "retweeted", "id": post["repost_of"]}]
        return shown

    def _reposts_of(self, source_id: str) -> list[Document]:
        return [post for post in self._world.all("x", "post") if post["repost_of"] == source_id]

    def _repost_text(self, source_id: str) -> str:
        source = self._world.get("x", "post", source_id)
        author = self.author(source) if source else None
        return f"RT @{author.handle if author else 'unknown'}: {source['text'] if source else ''}"

    def item(self, post: Document) -> Item:
        """Show a post as a citizen sees it."""
        source = self._world.get("x", "post", post["repost_of"]) if post["repost_of"] else None
        seen = source or post
        account, author = self.author(post), self.author(seen)
        return Item(
            external_id=post["id"],
            text=seen["text"],
            at=post["at"],
            author_handle=author.handle if author else "",
            media=tuple(self._picture(media_id) for media_id in seen["media"]),
            is_repost_of=post["repost_of"],
            url=f"/x/{account.handle if account else 'i'}/status/{post['id']}",
        )

    def timelines(self) -> list[Timeline]:
        """Show every account's timeline, newest first."""
        return [
            Timeline(
                vendor="x",
                handle=account.handle,
                name=account.name,
                items=tuple(self.item(post) for post in self.posts(account)),
            )
            for account in self._world.accounts("x")
        ]

    def _picture(self, media_id: str) -> Picture:
        medium = self._world.get("x", "media", media_id) or {"kind": "image", "alt": ""}
        return Picture(kind=medium["kind"], url=f"/_sandbox/media/x-{media_id}", alt=medium["alt"])


def _tco(seed: str) -> str:
    return "https://t.co/" + hashlib.sha256(seed.encode()).hexdigest()[:10]


def _shortened(text: str) -> tuple[str, list[Document]]:
    """Replace each link by a t.co address; tell where they are."""
    shown, entities, at = "", [], 0
    for link in find_links(text):
        shown += text[at : link.start]
        short = _tco(link.url)
        expanded = link.url if link.url.lower().startswith("http") else f"http://{link.url}"
        entities.append({"start": len(shown), "end": len(shown) + len(short), "url": short, "expanded_url": expanded})
        shown += short
        at = link.end
    return shown + text[at:], entities
