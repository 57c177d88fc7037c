"""What a city hall announces on an ordinary day, made up: each post another, as a clerk's are.

Most name a day, a number of people, a place; one in four only gives advice. So most state facts that few others state,
and some are told apart by their words alone. (How long a search for repeats takes among a year of posts, near repeats
and true ones among them, is measured apart: `tests.bench.policy`.)
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.town_news import ADVICE, DANGERS, EVENTS, PLACES, SEASONS

if TYPE_CHECKING:
    import random

FIRST_DAY = date(2026, 12, 10)
"""From when on what is announced takes place."""
_DAYS = 100
_EVENTS = (
    "{event}を{day}に{place}で開きます。定員は{count}人です。申込みは{section}へお電話でどうぞ。持ち物は{thing}です。",
    "{day}の{event}で、{thing}を使います。{place}の窓口で{count}個まで貸し出します。担当は{section}です。",
    "{section}では、{event}を手伝う方を{count}人募集しています。説明会は{day}に{place}で開きます。",
    "{place}で{day}から{event}の作品を展示します。{thing}もご覧ください。会場では{section}の職員がご案内します。",
)
_ADVICE = (
    "{season}の{danger}にご注意ください。{advice}{other}{thing}の用意もお忘れなく。お問い合わせは{section}へどうぞ。",
    "{section}から{danger}についてのお知らせです。{advice}{place}では{thing}を配っています。",
)
_SECTIONS = [
    "広報広聴課",
    "健康増進課",
    "生涯学習課",
    "公園緑地課",
    "環境政策課",
    "防災安全課",
    "子育て支援課",
    "高齢者支援課",
    "商工振興課",
    "市民税課",
    "保険年金課",
    "道路保全課",
    "文化課",
    "スポーツ課",
    "農政課",
    "住宅政策課",
    "福祉政策課",
    "学校教育課",
    "図書館総務課",
    "消費生活センター",
]
_THINGS = [
    "筆記用具",
    "飲み物",
    "上履き",
    "雨具",
    "タオル",
    "手袋",
    "懐中電灯",
    "エプロン",
    "双眼鏡",
    "電卓",
    "案内図",
    "パンフレット",
    "記念切手",
    "古い写真",
    "木の実の飾り",
    "手作りの絵本",
    "水筒",
    "レジャーシート",
    "軍手",
    "ゼッケン",
    "楽譜",
    "園芸ばさみ",
    "色鉛筆",
    "将棋盤",
    "折り紙",
    "反射材",
    "体温計",
    "加湿器",
    "非常食",
    "ホイッスル",
]
_WEEK = "月火水木金土日"


def write_post(dice: random.Random) -> str:
    """Return one post."""
    advice, other = dice.sample(ADVICE, 2)
    day = FIRST_DAY + timedelta(days=dice.randrange(_DAYS))
    return dice.choice(_ADVICE if dice.random() < 1 / 4 else _EVENTS).format(
        event=dice.choice(EVENTS),
        place=dice.choice(PLACES),
        season=dice.choice(SEASONS),
        danger=dice.choice(DANGERS),
        section=dice.choice(_SECTIONS),
        thing=dice.choice(_THINGS),
        day=f"{day.month}月{day.day}日({_WEEK[day.weekday()]})",
        count=dice.randint(2, 12) * 5,
        advice=advice,
        other=other,
    )
