"""What the operating guide says, in both languages, and `deploy/`, is what the product reads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

from chatops.messages.ja import events, form, hold, notices, pack_changes
from platforms.port import Endpoints
from platforms.registry import build_platforms
from publisher.city.folder import load_folder
from publisher.city.keys import known_keys
from publisher.clock import RealClock
from publisher.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, JAPANESE = "docs/operating.md", "docs/operating.ja.md"
PAGES = {name: (ROOT / name).read_text("utf-8") for name in (ENGLISH, JAPANESE)}
BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```\n", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{2,}) (.+)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
OUTSIDE = re.compile(r"https://[^\s)>`、]+")
REFERENCES = (
    re.compile(r"(?P<page>docs/operating\S*\.md) の「(?P<heading>[^」]+)」"),
    re.compile(r"“(?P<heading>[^”]+)” in (?P<page>docs/operating\S*\.md)"),
)
"""How a sentence for people names a part of the guide."""
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


class Part(NamedTuple):
    """What stands below one heading, up to the next."""

    level: int
    heading: str
    text: str
    """Without blocks of code."""
    commands: tuple[str, ...]
    """The lines of its blocks of code, without comments."""

    @property
    def rows(self) -> list[list[str]]:
        """Return the cells of its tables' rows."""
        return [line.strip("|").split("|") for line in self.text.splitlines() if line.startswith("|")]


def parts_of(page: str) -> list[Part]:
    """Return the parts of a page in their order."""
    text = PAGES[page]
    # A comment in a block is no heading.
    found = list(HEADING.finditer(BLOCK.sub(lambda block: " " * len(block.group()), text)))
    ends = [one.start() for one in found[1:]] + [len(text)]
    parts = []
    for one, end in zip(found, ends, strict=True):
        below = text[one.end() : end]
        lines = [line.partition(" # ")[0].strip() for block in BLOCK.findall(below) for line in block.splitlines()]
        kept = tuple(line for line in lines if line and not line.startswith("#"))
        parts.append(Part(len(one.group(1)), one.group(2), BLOCK.sub("", below), kept))
    return parts


PARTS = {page: parts_of(page) for page in PAGES}
PAIRS = list(zip(PARTS[ENGLISH], PARTS[JAPANESE], strict=False))
of_each_page = pytest.mark.parametrize("page", PAGES)
of_each_pair = pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=[ours.heading for ours, _ in PAIRS])


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_example_is_a_city_without_a_mistake(tmp_path: Path) -> None:
    """`deploy/city.example.yaml` loads as it is, under the name that it gives itself."""
    (tmp_path / "yamabuki.yaml").write_text((ROOT / "deploy/city.example.yaml").read_text("utf-8"), "utf-8")

    assert set(load_folder(tmp_path, PLATFORMS).cities) == {"yamabuki"}


@pytest.mark.parametrize("place", EVERY_PLACE, ids=".".join)
def test_the_example_has_every_key(place: tuple[str, ...]) -> None:
    """Whoever looks for a key finds it there with its meaning."""
    example = YAML(typ="safe").load((ROOT / "deploy/city.example.yaml").read_text("utf-8"))

    assert set(known_keys(*place)) - keys_at(example, place) == set()


@of_each_page
def test_every_setting_is_in_the_table_with_its_default(page: str) -> None:
    """The table has all settings and no other; an address stands with its default."""
    rows = dict(re.findall(r"^\| `(SNS_\w+)` \| .* \| (.*) \|$", PAGES[page], re.MULTILINE))
    plain = load_settings({})
    addresses = {f"{PREFIX}{name}".upper(): value for name, value in plain.model_dump().items() if "api_url" in name}

    assert set(rows) == {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    assert {name: rows[name].strip("`") for name in addresses} == addresses
    assert rows["SNS_GOOGLE_TOKEN_URL"] == f"`{plain.google_token_url}`"
    assert rows["SNS_HOME"] == f"`{plain.home}`"
    assert rows["SNS_LOOK_AT_LINKS"] == f"`{plain.look_at_links}`"
    assert rows["SNS_LOG_LEVEL"] == f"`{plain.log_level}`"


@pytest.mark.parametrize("file", [*PAGES, "deploy/kairan.env.example", "deploy/kairan.service"])
def test_every_setting_that_is_named_anywhere_exists(file: str) -> None:
    """The pages, the examples and the unit name no setting that would be refused."""
    named = set(re.findall(r"\bSNS_[A-Z_]+\b", (ROOT / file).read_text("utf-8")))

    assert named - {f"{PREFIX}{name}".upper() for name in Settings.model_fields} == set()


@of_each_page
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_field_of_a_platform_is_named(page: str, platform: str) -> None:
    """What `sns credentials set` wants stands in the table."""
    assert [field for field in PLATFORMS[platform].secret_fields if f"`{field}`" not in PAGES[page]] == []


@of_each_page
def test_the_buttons_of_a_question_are_called_as_in_slack(page: str) -> None:
    """What the table tells people to press is what stands on the buttons."""
    labels = {
        *(notices.is_there(), notices.is_not_there(), events.not_there(), notices.do_not_send()),
        *(notices.send_anyway(), notices.send_again(), notices.send_now(), notices.wait_for_opening()),
        *(notices.is_gone(), notices.delete_again(), notices.delete_it(), notices.do_not_delete()),
        *(events.send(), events.replace(), form.edit()),
    }

    assert labels == {label.strip() for row in PARTS[page][-1].rows[2:] for label in row[-1].split(" / ")}


@of_each_page
def test_other_buttons_are_called_as_in_slack(page: str) -> None:
    """The buttons that the text names stand in Slack under these words."""
    labels = (pack_changes.confirm_button(), hold.send(), hold.do_not_send(), hold.later())

    assert [label for label in labels if label not in PAGES[page]] == []


@of_each_page
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    """Nothing points at a file that is not there."""
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", PAGES[page]) if "://" not in link]

    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    assert len(links) > 3


@of_each_page
def test_each_page_leads_to_the_other(page: str) -> None:
    """Whoever opened the wrong language finds the right one at the top."""
    (other,) = set(PAGES) - {page}

    assert f"]({Path(other).name})" in PAGES[page].partition("\n- ")[0]


@of_each_page
def test_the_contents_lead_to_every_section(page: str) -> None:
    """The list at the top has all sections in their order, and every link inside the page leads to a heading."""
    top = PAGES[page].partition("\n## ")[0]
    anchors = {anchor_of(one.heading) for one in PARTS[page]}

    assert [one.heading for one in PARTS[page] if one.level == 2] == re.findall(r"^- \[(.+)\]\(#", top, re.MULTILINE)
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGES[page])) - anchors == set()


def test_both_pages_have_the_same_sections() -> None:
    """What one page tells, the other tells in the same place."""
    assert [one.level for one in PARTS[ENGLISH]] == [one.level for one in PARTS[JAPANESE]]
    assert len(PAIRS) > 20


@of_each_pair
def test_both_pages_have_the_same_commands(ours: Part, theirs: Part) -> None:
    """Every line of a block of code stands in the other page's section too, in the same order."""
    assert ours.commands == theirs.commands


@of_each_pair
def test_both_pages_name_the_same(ours: Part, theirs: Part) -> None:
    """Settings, keys, options, files and addresses of a section stand in the other page's section too."""
    assert set(CODE.findall(ours.text)) == set(CODE.findall(theirs.text))
    assert set(OUTSIDE.findall(ours.text)) == set(OUTSIDE.findall(theirs.text))


@of_each_pair
def test_both_pages_have_the_same_tables(ours: Part, theirs: Part) -> None:
    """Row by row and cell by cell the tables name the same."""
    assert [[sorted(CODE.findall(cell)) for cell in row] for row in ours.rows] == [
        [sorted(CODE.findall(cell)) for cell in row] for row in theirs.rows
    ]


def test_sentences_name_parts_of_the_guide_that_are_there() -> None:
    """Whoever is sent to a part of the guide finds it there, in his or her language."""
    sentences = {one: one.read_text("utf-8") for one in (ROOT / "chatops/messages").rglob("*.py")}
    found = [
        (file.parent.name, match["page"], match["heading"])
        for file, text in sentences.items()
        for pattern in REFERENCES
        for match in pattern.finditer(text)
    ]

    assert {(language, page) for language, page, _ in found} == {("en", ENGLISH), ("ja", JAPANESE)}
    assert [one for one in found if one[2] not in {part.heading for part in PARTS[one[1]]}] == []
