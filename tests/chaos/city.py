"""The city whose posts are sent: many accounts on every platform, and nobody who has to sign."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

CITY: Final = "arashi"
PERSON: Final = "suzuki"
SECTION: Final = "koho"
X_ACCOUNTS, LINE_ACCOUNTS, FACEBOOK_ACCOUNTS, YOUTUBE_ACCOUNTS = 10, 8, 8, 2
OFFICIAL: Final = "x00"
MIRRORED: Final = ("x01", "x02", "x03", "x04")
"""Accounts whose posts `OFFICIAL` reposts."""


def accounts() -> dict[str, dict[str, Any]]:
    """Return the accounts as a city file has them, by key."""
    counts = {"x": X_ACCOUNTS, "line": LINE_ACCOUNTS, "facebook": FACEBOOK_ACCOUNTS, "youtube": YOUTUBE_ACCOUNTS}
    made: dict[str, dict[str, Any]] = {}
    for number, (platform, count) in enumerate(counts.items()):
        prefix = {"x": "x", "line": "line", "facebook": "fb", "youtube": "yt"}[platform]
        for index in range(count):
            key = f"{prefix}{index:02d}"
            made[key] = {
                "platform": platform,
                "kind": "official" if index == 0 else "section",
                "section": SECTION,
                "name": f"嵐市 {key}",
                "handle": f"arashi_{key}",
                "id": f"UCarashi{key:0>16}" if platform == "youtube" else str(1000 * (number + 1) + index),
                "settings": {"approval": "not_required"},
                "budget": {"calls": []},  # as the stand-ins' own quotas are off
            }
    made[OFFICIAL]["mirrors"] = list(MIRRORED)
    return made


def write_city(folder: Path) -> None:
    """Write the city's file; JSON is YAML."""
    city = {
        "city": CITY,
        "name": {"ja": "嵐市", "en": "Arashi City"},
        "slack": {"team": "T0ARASHI", "channels": {"drafts": "C0DRAFTS", "approvals": "C0APPROVE"}},
        "packs": dict.fromkeys(("x", "line", "facebook", "youtube"), "neutral"),
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
        "accounts": accounts(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{CITY}.yaml").write_text(json.dumps(city, ensure_ascii=False, indent=1), "utf-8")


def make_secrets(seed: int) -> dict[str, dict[str, str]]:
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

    return {key: shape(account["platform"], account["id"]) for key, account in accounts().items()}
