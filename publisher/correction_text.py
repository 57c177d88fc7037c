"""The first words of a correcting post, which its author goes on from. Pure; in the language of the city's readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.city.model import JST

if TYPE_CHECKING:
    from datetime import datetime


def naming(text: str, *, sent_at: datetime, url: str | None) -> str:
    """Name a post that stays, by its address or, where the platform has none, by its time; the old words follow."""
    about = f"の投稿（{url}）" if url else "に配信した内容"
    return f"【訂正】{_moment(sent_at)}{about}に誤りがありました。正しくは次のとおりです。\n\n{text}"


def in_place_of(text: str, *, sent_at: datetime) -> str:
    """Take the place of a post that is deleted: its address would lead nowhere."""
    return f"【訂正】{_moment(sent_at)}の投稿は、誤りがあったため削除しました。正しくは次のとおりです。\n\n{text}"


def apology(*, sent_at: datetime) -> str:
    """Apologise for what should not have gone out and cannot be taken back; nothing of it is said again."""
    return (
        f"【お詫び】{_moment(sent_at)}に配信した内容は、誤って配信したものです。"
        "ご迷惑をおかけし、お詫びいたします。内容の転載や共有はお控えくださいますようお願いいたします。"
    )


def _moment(at: datetime) -> str:
    local = at.astimezone(JST)
    return f"{local.month}月{local.day}日{local.hour}時{local.minute}分"
