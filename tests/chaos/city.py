"""The cities whose posts are sent: several accounts on every platform, and nobody who has to sign."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PERSON: Final = "suzuki"
SECTION: Final = "koho"
COUNTS: Final[Mapping[str, int]] = {"x": 5, "line": 5, "facebook": 4, "youtube": 1}
"""How many accounts a city has on each platform."""
REPORTING: Final = ("x", "line", "facebook")
"""On which platforms its first account sends the reports of an event."""
MIRRORED: Final = frozenset({1, 2})
"""Which of its X accounts the first one reposts."""


def name_city(number: int) -> str:
    """Name a city."""
    return f"arashi{number:02d}"


def name_account(city: str, platform: str, index: int) -> str:
    """Name an account; no two cities have one of the same name."""
    return f"{city}_{platform}{index}"


def city_of(account: str) -> str:
    """Return whose account it is."""
    return account.partition("_")[0]


def accounts(cities: int) -> dict[str, dict[str, Any]]:
    """Return every account as a city file has it, by key."""
    return {key: account for number in range(cities) for key, account in _accounts(number).items()}


def _accounts(number: int) -> dict[str, dict[str, Any]]:
    city, made = name_city(number), dict[str, dict[str, Any]]()
    for place, (platform, count) in enumerate(COUNTS.items()):
        for index in range(count):
            key = name_account(city, platform, index)
            made[key] = {
                "platform": platform,
                "kind": "official" if index == 0 else "section",
                "section": SECTION,
                "emergency": index == 0 and platform in REPORTING,
                "name": key,
                "handle": f"h_{key}",
                "id": f"UC{key:0>22}" if platform == "youtube" else str(10_000 * (place + 1) + 10 * number + index),
                "settings": {"approval": "not_required"},
                "budget": {"calls": []},  # more than a vendor allows in half an hour
            }
    made[name_account(city, "x", 0)]["mirrors"] = [name_account(city, "x", index) for index in sorted(MIRRORED)]
    return made


def write_cities(folder: Path, cities: int) -> None:
    """Write the cities' files; JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(cities):
        text = json.dumps(_city(number), ensure_ascii=False, indent=1)
        (folder / f"{name_city(number)}.yaml").write_text(text, "utf-8")


def _city(number: int) -> dict[str, Any]:
    return {
        "city": name_city(number),
        "name": {"ja": "嵐市", "en": "Arashi City"},
        "slack": {"team": f"T0ARASHI{number}", "channels": {"drafts": "C0DRAFTS", "approvals": "C0APPROVE"}},
        "packs": dict.fromkeys(COUNTS, "neutral"),
        "sections": {SECTION: {"name": {"ja": "広報課", "en": "Public Relations"}}},
        "positions": {
            "clerk": {
                "title": {"ja": "主事", "en": "Clerk"},
                "section": SECTION,
                "roles": ["author", "operator", "approver", "manager"],
            }
        },
        "people": {
            PERSON: {"name": "鈴木 花", "slack": "U0SUZUKI", "positions": [{"position": "clerk", "from": "2024-04-01"}]}
        },
        "accounts": _accounts(number),
    }


def make_secrets(seed: int, cities: int) -> dict[str, dict[str, str]]:
    """Make each account's secrets in the shape that its vendor gives them, good for the stand-ins alone."""
    draw = random.Random(f"{seed}:secrets")  # noqa: S311 - nothing to protect

    def word() -> str:
        return f"{draw.getrandbits(160):040x}"

    def shape(platform: str, external_id: str) -> dict[str, str]:
        match platform:
            case "x":
                return {
                    "consumer_key": word(),
                    "consumer_secret": word(),
                    "access_token": f"{external_id}-{word()}",
                    "access_token_secret": word(),
                }
            case "line":
                return {"channel_access_token": word()}
            case "facebook":
                return {"page_token": f"EAA{word()}", "app_secret": word()}
            case _:
                return {"client_id": word(), "client_secret": word(), "refresh_token": f"1//{word()}"}

    return {key: shape(account["platform"], account["id"]) for key, account in accounts(cities).items()}
