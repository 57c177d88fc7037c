"""The page behind a post's link: what a citizen would see, self-contained, without any vendor's logo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Response

if TYPE_CHECKING:
    from platforms.sandbox.core import Item, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A vendor's general look."""

    name: str
    accent: str
    background: str
    font_px: int = 17


def post_page(look: Look, item: Item, *, account_name: str) -> Response:
    """Show one post."""
    title = f"<h1>{escape(item.title)}</h1>" if item.title else ""
    name, repost = f"<b>{escape(account_name)}</b>", ""
    if item.is_repost_of:
        name, repost = "", f'<p class="re">{escape(account_name)} がリポストしました</p>'
    body = (
        f"<article><header>{name} <span>@{escape(item.author_handle)}</span></header>"
        f"{repost}{title}<p class=text>{escape(item.text)}</p>{''.join(_medium(m) for m in item.media)}"
        f'<footer><time datetime="{escape(item.at)}">{_when(item.at)}</time> · {escape(item.external_id)}</footer>'
        f"</article><p class=note>{escape(look.name)} の代役（練習用）です。本物の投稿ではありません。</p>"
    )
    return Response(_PAGE.format(name=escape(look.name), style=_style(look), body=body), mimetype="text/html")


def missing_page(look: Look) -> Response:
    """Say that there is no such post."""
    body = "<article><p class=text>この投稿はありません（削除されたか、まだ投稿されていません）。</p></article>"
    page = _PAGE.format(name=escape(look.name), style=_style(look), body=body)
    return Response(page, status=404, mimetype="text/html")


_TOKYO = ZoneInfo("Asia/Tokyo")
_PAGE = (
    '<!doctype html><html lang="ja"><meta charset="utf-8"><title>{name}（練習用）</title>'
    '<meta name="viewport" content="width=device-width"><style>{style}</style><body>{body}</body></html>'
)


def _style(look: Look) -> str:
    return (
        f"body{{margin:0;padding:2rem;background:{look.background};color:#111}}"
        f"body{{font:{look.font_px}px/1.6 sans-serif}}"
        "article{max-width:36rem;margin:auto;background:#fff;border-radius:12px}"
        f"article{{padding:1rem 1.25rem;border-top:4px solid {look.accent}}}"
        "header span,footer,.re,.note{color:#666;font-size:.85em}"
        ".text{white-space:pre-wrap;overflow-wrap:anywhere}img,video{max-width:100%;border-radius:8px;display:block}"
        ".note{text-align:center}h1{font-size:1.2em}figure{margin:.5rem 0}figcaption{color:#666;font-size:.8em}"
    )


def _when(at: str) -> str:
    """Say a time as the product says it: 12月1日(火) 9:00, in Japan."""
    local = datetime.fromisoformat(at).astimezone(_TOKYO)
    return f"{local.month}月{local.day}日({'月火水木金土日'[local.weekday()]}) {local.hour}:{local.minute:02}"


def _medium(picture: Picture) -> str:
    if picture.url is None:
        return "<p class=note>（画像を取得できませんでした）</p>"
    url, alt = escape(picture.url), escape(picture.alt)
    if picture.kind == "video":
        return f'<video controls src="{url}" aria-label="{alt}"></video>'
    caption = f"<figcaption>ALT: {alt}</figcaption>" if alt else ""
    return f'<figure><img src="{url}" alt="{alt}">{caption}</figure>'
