"""What `docs/operating.md` and `deploy/` say is what the product reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from chatops.messages.ja import form, notices
from platforms.port import Endpoints
from platforms.registry import build_platforms
from publisher.city.folder import load_folder
from publisher.city.keys import known_keys
from publisher.clock import RealClock
from publisher.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/operating.md").read_text("utf-8")
PLATFORMS = build_platforms(Endpoints(), now=RealClock().now)
EVERY_PLACE = (
    ("slack",),
    ("slack", "channels"),
    ("positions", "*"),
    ("people", "*"),
    ("people", "*", "positions", "*"),
    ("accounts", "*"),
    ("accounts", "*", "settings"),
    ("accounts", "*", "settings", "hours"),
    ("accounts", "*", "budget"),
    ("accounts", "*", "budget", "calls", "*"),
    ("routes", "*"),
    ("routes", "*", "steps", "*"),
    ("defaults",),
    (),
)


def keys_at(node: object, place: tuple[str, ...]) -> set[str]:
    """Return the keys that stand at a place of a file, over all that is there."""
    if not place:
        return set(node) if isinstance(node, dict) else set()
    if not isinstance(node, (dict, list)):
        return set()
    step, *rest = place
    inner = (node.values() if isinstance(node, dict) else node) if step == "*" else [dict(node).get(step)]
    return {key for one in inner for key in keys_at(one, tuple(rest))}


def test_the_example_is_a_city_without_a_mistake(tmp_path: Path) -> None:
    """`deploy/city.example.yaml` loads as it is, under the name that it gives itself."""
    (tmp_path / "yamabuki.yaml").write_text((ROOT / "deploy/city.example.yaml").read_text("utf-8"), "utf-8")

    assert set(load_folder(tmp_path, PLATFORMS).cities) == {"yamabuki"}


@pytest.mark.parametrize("place", EVERY_PLACE, ids=".".join)
def test_the_example_has_every_key(place: tuple[str, ...]) -> None:
    """Whoever looks for a key finds it there with its meaning."""
    example = YAML(typ="safe").load((ROOT / "deploy/city.example.yaml").read_text("utf-8"))

    assert set(known_keys(*place)) - keys_at(example, place) == set()


def test_every_setting_is_in_the_table_with_its_default() -> None:
    """The table has all settings and no other; an address stands with its default."""
    rows = dict(re.findall(r"^\| `(SNS_\w+)` \| .* \| (.*) \|$", PAGE, re.MULTILINE))
    plain = load_settings({})
    addresses = {f"{PREFIX}{name}".upper(): value for name, value in plain.model_dump().items() if "api_url" in name}

    assert set(rows) == {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    assert {name: rows[name].strip("`") for name in addresses} == addresses
    assert rows["SNS_GOOGLE_TOKEN_URL"] == f"`{plain.google_token_url}`"
    assert rows["SNS_HOME"] == f"`{plain.home}`"
    assert rows["SNS_LOG_LEVEL"] == f"`{plain.log_level}`"


def test_every_setting_that_is_named_anywhere_exists() -> None:
    """The page, the examples and the unit name no setting that would be refused."""
    texts = [PAGE, *((ROOT / "deploy" / name).read_text("utf-8") for name in ("kairan.env.example", "kairan.service"))]
    named = {name for text in texts for name in re.findall(r"\bSNS_[A-Z_]+\b", text)}

    assert named - {f"{PREFIX}{name}".upper() for name in Settings.model_fields} == set()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_field_of_a_platform_is_named(platform: str) -> None:
    """What `sns credentials set` wants stands in the table."""
    assert [field for field in PLATFORMS[platform].secret_fields if f"`{field}`" not in PAGE] == []


def test_the_buttons_of_a_question_are_called_as_in_slack() -> None:
    """What the page tells people to press is what stands on the buttons."""
    labels = (
        notices.is_there(),
        notices.is_not_there(),
        notices.send_anyway(),
        notices.send_again(),
        notices.do_not_send(),
        form.edit(),
    )

    assert [label for label in labels if label not in PAGE] == []


def test_every_link_to_a_file_leads_somewhere() -> None:
    """Nothing points at a file that is not there."""
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", PAGE) if "://" not in link]

    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    assert len(links) > 3
