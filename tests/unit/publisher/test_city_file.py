"""City files: what is read, and each mistake with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from publisher.city import CityFileError, load_cities, load_city
from publisher.city.model import Role
from publisher.errors import ConfigurationError

KASHIWA = Path(__file__).resolve().parents[3] / "chatops/sandbox/cities/kashiwa.yaml"


def _changed(tmp_path: Path, old: str, new: str) -> tuple[Path, int]:
    """Write Kashiwa's file with one change; return it and the line of the change."""
    text = KASHIWA.read_text("utf-8")
    assert old in text, "the example's file has changed"
    path = tmp_path / "kashiwa.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path, text[: text.index(old)].count("\n") + 1


def test_the_demo_city_has_no_mistake() -> None:
    """What `make run` lays down loads, with the five people of the page and its five accounts."""
    city = load_city(KASHIWA)

    assert set(city.accounts) == {
        *("kashiwa_shi", "kashiwa_koen", "kashiwa_line", "kashiwa_facebook", "kashiwa_youtube")
    }
    assert city.mirrors_of("kashiwa_koen") == ("kashiwa_shi",)
    assert city.packs["x"] == "kashiwa"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("emergency: true", "emergancy: true", "is no key here; did you mean emergency?"),
        ("drafts: C0DRAFTS", "draft: C0DRAFTS", "is no key here; did you mean drafts?"),
        ("from: 2024-04-01", "form: 2024-04-01", "is no key here; did you mean from?"),
        ("latest_minutes: 180", "latest_hours: 3", "is no key here; did you mean latest_minutes?"),
        ("latest_minutes: 180", "latest_minutes: soon", "input should be a valid integer"),
        ("team: T0KASHIWA", "team: kashiwa", "'kashiwa' is not written as"),
        ("kind: section", "kind: sections", "input should be 'official', 'section', 'field' or 'related'"),
        ("section: koen\n    roles: [author]", "section: kouen\n    roles: [author]", "did you mean koen?"),
        ("roles: [approver]", "roles: [aprover]", "input should be 'author', 'operator', 'approver'"),
        ("{position: koen_chief, from", "{position: koen_cheif, from", "there is no position koen_cheif; did you mean"),
        (
            "{position: koen_clerk, from: 2024-04-01}",
            "{position: koen_clerk, from: 2024-04-01, to: 2023-03-31}",
            "ends",
        ),
        ("slack: U01KOHOSUZ", "slack: U01KOENTAN", "U01KOENTAN is used by more than one person"),
        ("mirrors: [kashiwa_koen]", "mirrors: [kashiwa_kouen]", "there is no account kashiwa_kouen; did you mean"),
        ("mirrors: [kashiwa_koen]", "mirrors: [kashiwa_line]", "no repost across platforms"),
        ("mirrors: [kashiwa_koen]", "mirrors: [kashiwa_shi]", "does not repost itself"),
        ("platform: line", "platform: lime", "no pack is named for lime"),
        ("accounts: [kashiwa_shi]", "accounts: [kashiwa_city]", "there is no account kashiwa_city"),
        (
            "- {position: koen_chief, name",
            "- {position: koen_clerk, name",
            "the last step is the 決裁: koen_clerk is neither approver nor manager",
        ),
        ("section: author, role: approver", "section: author, position: koho_chief", "a step names a position, or"),
        ("roles: [approver, manager]", "roles: [approver]", "nobody holds a position with the role manager"),
        ("city: kashiwa", "city: chikuma", "the file of chikuma is called chikuma.yaml"),
        ("    name: 柏市公式LINE\n", "", "is missing"),
        ("  koen_clerk:\n", "  koen_chief:\n", 'no YAML: found duplicate key "koen_chief"'),
        ("kind: section", "kind: [section", "no YAML: "),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A mistake is named in words, with what was meant where something is near."""
    path, _ = _changed(tmp_path, old, new)

    with pytest.raises(CityFileError) as caught:
        load_city(path)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("emergency: true", "emergancy: true"),
        ("slack: U01KOHOSUZ", "slack: U01KOENTAN"),
        ("- {position: koen_chief, name", "- {position: nobody, name"),
        ("handle: kashiwa_koen", "hundle: kashiwa_koen"),
        ("platform: line", "platform: lime"),
        ("mirrors: [kashiwa_koen]", "mirrors: [kashiwa_line]"),
    ],
)
def test_a_mistake_has_the_line_where_it_stands(tmp_path: Path, old: str, new: str) -> None:
    """The place reads as editors and terminals make a link of it: file:line."""
    path, line = _changed(tmp_path, old, new)

    with pytest.raises(CityFileError) as caught:
        load_city(path)

    assert line in {mistake.line for mistake in caught.value.mistakes}
    assert str(caught.value).startswith(f"{path}:")


def test_all_mistakes_are_listed_at_once(tmp_path: Path) -> None:
    """One start shows everything that one look can find, in the file's order."""
    path, _ = _changed(tmp_path, "platform: line", "platform: lime")
    path.write_text(path.read_text("utf-8").replace("mirrors: [kashiwa_koen]", "mirrors: [none]"), "utf-8")

    with pytest.raises(CityFileError) as caught:
        load_city(path)

    places = [mistake.place for mistake in caught.value.mistakes]
    assert places == ["accounts.kashiwa_shi.mirrors.0", "accounts.kashiwa_line.platform"]


def test_the_same_position_held_twice_at_once_is_a_mistake(tmp_path: Path) -> None:
    """A period that overlaps another of the same position is a slip of the pen."""
    held = "- {position: koen_clerk, from: 2024-04-01}"
    path, line = _changed(tmp_path, held, f"{held}\n      - {{position: koen_clerk, from: 2025-04-01}}")

    with pytest.raises(CityFileError, match="the periods overlap") as caught:
        load_city(path)

    assert caught.value.mistakes[0].line == line + 1


def test_two_positions_at_once_are_no_mistake(tmp_path: Path) -> None:
    """兼務: a person can hold positions in two sections, and has the roles of both."""
    held = "- {position: koen_chief, from: 2025-04-01}"
    path, _ = _changed(tmp_path, held, f"{held}\n      - {{position: bosai_chief, from: 2025-04-01}}")
    city = load_city(path)
    day = date(2026, 12, 1)

    assert city.sections_of("koen_sato", day) == ("koen", "bosai")
    assert city.roles_of("koen_sato", day) == {Role.APPROVER, Role.EMERGENCY}
    assert city.roles_of("koen_sato", day, "koen") == {Role.APPROVER}


def test_a_period_includes_both_its_days(tmp_path: Path) -> None:
    """On March 31 the predecessor still decides, on April 1 the successor."""
    held = "- {position: koen_chief, from: 2025-04-01}"
    path, _ = _changed(tmp_path, held, "- {position: koen_chief, from: 2025-04-01, to: 2027-03-31}")
    successor = (
        "  koen_mori:\n    name: 森 明\n    positions: [{position: koen_chief, from: 2027-04-01}]\n\naccounts:\n"
    )
    path.write_text(path.read_text("utf-8").replace("accounts:\n", successor, 1), "utf-8")
    city = load_city(path)

    assert city.holders("koen_chief", date(2027, 3, 31)) == ("koen_sato",)
    assert city.holders("koen_chief", date(2027, 4, 1)) == ("koen_mori",)


def test_two_cities_cannot_share_a_workspace(tmp_path: Path) -> None:
    """A Slack workspace belongs to one city: else nobody knows whose post it is."""
    text = KASHIWA.read_text("utf-8")
    (tmp_path / "kashiwa.yaml").write_text(text, "utf-8")
    (tmp_path / "nagareyama.yaml").write_text(text.replace("city: kashiwa", "city: nagareyama"), "utf-8")

    with pytest.raises(CityFileError, match="nagareyama.yaml:6: slack.team: T0KASHIWA is the workspace of kashiwa"):  # noqa: RUF043 - dots match dots
        load_cities(tmp_path)


def test_a_folder_without_a_city_stops_the_start(tmp_path: Path) -> None:
    """Nothing starts for nobody."""
    with pytest.raises(ConfigurationError, match="holds no city file"):
        load_cities(tmp_path / "nowhere")
