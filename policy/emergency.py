"""The kind of disaster that `/sns now` pre-chooses from the text, its alert level, and 解除; a person confirms them.

The words stand in a table, the surest first: an order to evacuate in a text about a flood is an evacuation.
"""

from __future__ import annotations

import re

from policy.model import EmergencyKind

_WORDS: tuple[tuple[EmergencyKind, str], ...] = (
    # The words of the law for an order to leave (Basic Act on Disaster Management, articles 56 and 60).
    (EmergencyKind.EVACUATION, r"避難指示|緊急安全確保|高齢者等避難"),
    # A cancelled festival in a storm is no disaster, so its words need the event beside them.
    (
        EmergencyKind.EVENT_CANCELLATION,
        (
            r"(?:祭|まつり|イベント|大会|教室|講座|説明会|式典|花火|コンサート|マラソン|行事|公演|講演)[^。\n]{0,30}(?:中止|延期)"
            r"|(?:中止|延期)(?:します|いたします|になりました|となりました|のお知らせ)"
        ),
    ),
    (EmergencyKind.MISSING_PERSON, r"行方不明|迷い人|尋ね人|徘徊|捜しています"),
    (
        EmergencyKind.WEBSITE_OUTAGE,
        r"(?:ホームページ|ウェブサイト|サイト|HP)[^。\n]{0,20}(?:障害|閲覧でき|つながら|繋がら|表示され(?:ない|ません)|見られない|停止)",
    ),
    (EmergencyKind.ARMED_ATTACK, r"武力攻撃|国民保護|テロ|弾道ミサイル攻撃"),
    (EmergencyKind.J_ALERT, r"[Jj]アラート|[Jj]-?ALERT|全国瞬時警報|弾道ミサイル|ミサイル発射"),
    (EmergencyKind.EVACUATION, r"避難所|避難場所|避難情報|避難してください|避難を"),
    (EmergencyKind.EARTHQUAKE, r"地震|震度|津波|余震|マグニチュード"),
    (EmergencyKind.WEATHER_WARNING, r"特別警報|警報|土砂災害警戒情報|竜巻注意情報|記録的短時間大雨"),
    (
        EmergencyKind.STORM_FLOOD,
        r"大雨|豪雨|氾濫|洪水|浸水|冠水|増水|河川|水位|台風|暴風|土砂|がけ崩れ|崖崩れ|高潮|大雪",
    ),
    (EmergencyKind.FIRE, r"火災|火事|延焼|山火事|爆発"),
    (EmergencyKind.LIFELINE, r"断水|停電|ガス漏れ|ガスの供給|通信障害|水道管|給水|通行止め|運転見合わせ"),
    (EmergencyKind.EPIDEMIC, r"感染症|新型|インフルエンザ|食中毒|ノロウイルス|コロナ|集団感染|鳥インフル"),
)
_TABLE = tuple((kind, re.compile(pattern)) for kind, pattern in _WORDS)


def guess_kind(text: str) -> EmergencyKind | None:
    """Return the kind that the words of a text suggest, or None where they suggest nothing.

    It only fills in a form: the sender confirms or changes it, and a wrong guess lifts nothing by itself.
    """
    return next((kind for kind, pattern in _TABLE if pattern.search(text)), None)


_LEVEL = re.compile(r"(?:警戒)?レベル\s*([1-5１-５])")
_LEVEL_WORDS: tuple[tuple[int, str], ...] = ((5, r"緊急安全確保"), (4, r"避難指示"), (3, r"高齢者等避難"))
"""避難情報 and their 警戒レベル (Cabinet Office, 避難情報に関するガイドライン of May 2021)."""
_ALL_CLEAR = re.compile(
    r"解除(?:しました|いたしました|します|いたします|されました|となりました|になりました|のお知らせ)"
)
_GOES_ON = re.compile(r"継続|引き続き|一部|除き|除く|以外")

_WEATHER = frozenset({EmergencyKind.STORM_FLOOD, EmergencyKind.WEATHER_WARNING})
_LEADS_TO_EVACUATION = _WEATHER | {EmergencyKind.EARTHQUAKE, EmergencyKind.FIRE}


def can_be_one(kind: EmergencyKind, other: EmergencyKind) -> bool:
    """Tell whether posts of two kinds are likely about one disaster: a flood's next news is an order to evacuate."""
    if EmergencyKind.EVACUATION in {kind, other}:
        return {kind, other} - {EmergencyKind.EVACUATION} <= _LEADS_TO_EVACUATION
    return kind is other or {kind, other} <= _WEATHER


def guess_level(text: str) -> int | None:
    """Return the alert level (警戒レベル, 1–5) that a text names or its words stand for; the highest of several."""
    named = [int(one) for one in _LEVEL.findall(text)]
    if named:
        return max(named)
    return next((level for level, pattern in _LEVEL_WORDS if re.search(pattern, text)), None)


def says_all_clear(text: str) -> bool:
    """Tell whether a text says that a disaster's measures are lifted (解除), and not that some of them go on."""
    return _ALL_CLEAR.search(text) is not None and _GOES_ON.search(text) is None
