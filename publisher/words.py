"""The names of what every city has: categories of posts and kinds of disasters, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.model import Category, EmergencyKind
from publisher.api import Category as CategoryView
from publisher.api import KindChoice, Said

if TYPE_CHECKING:
    from collections.abc import Mapping

CATEGORY_NAMES: Final[Mapping[Category, Said]] = {
    Category.ADMINISTRATION: Said(ja="市政", en="City administration"),
    Category.WEBSITE: Said(ja="ホームページの更新", en="Website updates"),
    Category.LIVING: Said(ja="暮らし", en="Everyday life"),
    Category.PUBLICITY: Said(ja="広報紙", en="City newsletter"),
    Category.DISASTER: Said(ja="災害・緊急", en="Disasters and emergencies"),
    Category.PROMOTION: Said(ja="市の魅力のPR", en="Promotion of the city"),
    Category.EVENT: Said(ja="イベント", en="Events"),
    Category.TOURISM: Said(ja="観光", en="Tourism"),
    Category.MAYOR: Said(ja="市長の動静", en="The mayor"),
    Category.OTHER: Said(ja="その他", en="Other"),
}

EMERGENCY_NAMES: Final[Mapping[EmergencyKind, Said]] = {
    EmergencyKind.EARTHQUAKE: Said(ja="地震・津波", en="Earthquake or tsunami"),
    EmergencyKind.STORM_FLOOD: Said(ja="風水害", en="Storm or flood"),
    EmergencyKind.EVACUATION: Said(ja="避難情報", en="Evacuation"),
    EmergencyKind.WEATHER_WARNING: Said(ja="気象警報", en="Weather warning"),
    EmergencyKind.J_ALERT: Said(ja="Jアラート", en="J-Alert"),
    EmergencyKind.FIRE: Said(ja="火災", en="Fire"),
    EmergencyKind.ARMED_ATTACK: Said(ja="武力攻撃・国民保護", en="Armed attack"),
    EmergencyKind.EPIDEMIC: Said(ja="感染症", en="Epidemic"),
    EmergencyKind.LIFELINE: Said(ja="ライフライン", en="Utilities and transport"),
    EmergencyKind.EVENT_CANCELLATION: Said(ja="行事の中止", en="Cancelled event"),
    EmergencyKind.WEBSITE_OUTAGE: Said(ja="ホームページの障害", en="Website outage"),
    EmergencyKind.MISSING_PERSON: Said(ja="行方不明者", en="Missing person"),
    EmergencyKind.OTHER: Said(ja="その他", en="Other"),
}


def category_view(key: str | None) -> CategoryView | None:
    """Return a category with its name, or None where there is none of this key."""
    if key not in set(Category):
        return None
    return CategoryView(key=key, name=CATEGORY_NAMES[Category(key)])


def kind_choice(key: str | None) -> KindChoice | None:
    """Return a kind of disaster with its name, or None where there is none of this key."""
    if key not in set(EmergencyKind):
        return None
    kind = EmergencyKind(key)
    return KindChoice(key=kind, name=EMERGENCY_NAMES[kind], is_disaster=kind.is_disaster)
