"""A town's news over a year, made up: notices as a city hall posts them, and how clerks write the same one again."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from policy.model import PastPost

NOTICES = (
    "第{n}回{event}を{date}に{place}で開催します。定員は{count}人、参加費は{money}円です。",
    "{event}の参加者を募集しています。申込みは{date}までに{place}の窓口へ。",
    "{date}{time}から{place}で{event}を行います。お気軽にお越しください。",
    "{area}で停電が発生しています。復旧の見込みは{time}ごろです。（{time}現在）",
    "{area}{n}丁目付近で断水しています。給水車は{place}に向かいます。",
    "{road}は{area}付近で通行止めです。迂回をお願いします。",
    "{road}の通行止めは{time}に解除されました。",
    "{season}の{danger}にご注意ください。{advice}",
    "{danger}の被害が増えています。{advice}困ったときは{place}にご相談ください。",
    "{place}は{date}から臨時休館します。返却ポストは利用できます。",
    "{place}は{date}から再開します。",
    "{area}地区の{garbage}の収集日は{date}です。朝{time}までに出してください。",
    "{garbage}の出し方をご確認ください。{advice}",
    "広報{date}号を発行しました。特集は{event}です。",
    "{date}{time}現在、{area}の{place}に避難所を開設しています。",
    "大雨に関する情報第{n}号です。{area}では土砂災害に警戒してください。",
    "{advice}{advice}",
)
EVENTS = [
    "市民文化祭",
    "健康体操教室",
    "親子料理教室",
    "防災訓練",
    "星空観察会",
    "陶芸教室",
    "英会話講座",
    "フリーマーケット",
    "読み聞かせ会",
    "就職相談会",
]
PLACES = [
    "中央公民館",
    "東部公民館",
    "市民文化会館",
    "図書館本館",
    "保健センター",
    "市民体育館",
    "ひまわり保育園",
    "北部地域センター",
    "青少年会館",
    "市役所",
]
AREAS = ["豊四季", "布施", "高柳", "逆井", "増尾", "光ケ丘", "松葉町", "大室", "十余二", "南増尾"]
ROADS = ["国道6号", "国道16号", "県道守谷流山線", "市道3号線", "県道船橋我孫子線"]
DANGERS = [
    "熱中症",
    "食中毒",
    "特殊詐欺",
    "水道管の凍結",
    "火の取扱い",
    "インフルエンザ",
    "空き巣",
    "交通事故",
    "ヒートショック",
    "落雷",
]
SEASONS = ["夏", "冬", "年末", "梅雨時", "春先"]
GARBAGE = ["燃えるごみ", "燃えないごみ", "資源ごみ", "粗大ごみ", "剪定枝"]
ADVICE = (
    "こまめに水分を補給しましょう。",
    "手洗いと換気を心がけましょう。",
    "知らない番号からの電話には留守番電話で応じましょう。",
    "出かける前に必ず鍵をかけましょう。",
    "夕方は早めにライトを点灯しましょう。",
    "非常持ち出し袋の中身を見直しましょう。",
    "屋外では帽子をかぶりましょう。",
    "調理の前に手を洗い、十分に加熱しましょう。",
)
ACCOUNTS = ("shi", "koen", "bosai", "toshokan", "kosodate", "suido")
PLATFORMS = ("x", "line", "facebook")
YEAR_START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR_SECONDS = 365 * 24 * 3600

AGAIN = (
    lambda text: text,
    lambda text: f"【再掲】{text}",
    lambda text: text.replace("。", "！"),
    lambda text: f"{text} #柏市 #お知らせ",
    lambda text: text.replace("しています", "しております").replace("ください", "下さい"),
    lambda text: text.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)}),
    lambda text: f"{text}ぜひご確認ください。",
    lambda text: text.replace("、", " "),
)
"""Ways in which a clerk writes the same notice again."""


def throw(seed: int) -> random.Random:
    """Return dice that fall the same way every time."""
    return random.Random(seed)  # noqa: S311 - news, no secrets


def write_notice(dice: random.Random) -> str:
    """Return one notice."""
    date = f"{dice.randint(1, 12)}月{dice.randint(1, 28)}日"
    return dice.choice(NOTICES).format(
        n=dice.randint(1, 12),
        event=dice.choice(EVENTS),
        place=dice.choice(PLACES),
        area=dice.choice(AREAS),
        road=dice.choice(ROADS),
        danger=dice.choice(DANGERS),
        season=dice.choice(SEASONS),
        garbage=dice.choice(GARBAGE),
        advice=dice.choice(ADVICE),
        date=date,
        time=f"{dice.randint(0, 23)}時{dice.choice(('', '30分'))}",
        count=dice.choice((10, 15, 20, 30, 50)),
        money=dice.choice((100, 300, 500, 1000)),
    )


def write_year(posts: int, *, seed: int = 1, again: float = 0.2) -> list[PastPost]:
    """Return a year of posts, oldest first.

    Args:
        posts: How many.
        seed: Of the dice.
        again: The share of them that says what an earlier one said.
    """
    dice = throw(seed)
    instants = sorted(dice.randrange(YEAR_SECONDS) for _ in range(posts))
    return [
        PastPost(
            at=YEAR_START + timedelta(seconds=second),
            text=text,
            account=dice.choice(ACCOUNTS),
            platform=dice.choice(PLATFORMS),
        )
        for second, (text, _) in zip(instants, write_texts(posts, dice, again=again), strict=True)
    ]


def write_texts(posts: int, dice: random.Random, *, again: float = 0.2) -> list[tuple[str, str]]:
    """Return texts, each with the notice that it is.

    Args:
        posts: How many.
        dice: What decides.
        again: The share of them that says what an earlier one said.
    """
    texts: list[tuple[str, str]] = []
    for _ in range(posts):
        if texts and dice.random() < again:
            text, notice = dice.choice(texts[-2000:])
            texts.append((dice.choice(AGAIN)(text), notice))
        else:
            notice = write_notice(dice)
            texts.append((notice, notice))
    return texts
