"""City files: what is read, and each mistake with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from publisher.city import CityFileError, load_cities, load_city
from publisher.city.folder import load_folder
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
    ("old", "new", "code", "meant"),
    [
        ("emergency: true", "emergancy: true", "unknown_key", "emergency"),
        ("drafts: C0DRAFTS", "draft: C0DRAFTS", "unknown_key", "drafts"),
        ("from: 2024-04-01", "form: 2024-04-01", "unknown_key", "from"),
        ("latest_minutes: 180", "latest_hours: 3", "unknown_key", "latest_minutes"),
        ("latest_minutes: 180", "latest_minutes: soon", "wrong_type", None),
        ("latest_minutes: 180", "latest_minutes: 0", "too_small", None),
        ("latest_minutes: 180", "latest_minutes: 99999", "too_large", None),
        ("latest_minutes: 180", "emergency_latest_minutes: 0", "too_small", None),
        ("latest_minutes: 180", "emergency_latest_minutes: 1441", "too_large", None),
        ("from: 2024-04-01", "from: 2024-02-30", "wrong_type", None),
        ("from: 2024-04-01", "from: 令和6年4月1日", "wrong_type", None),
        ("emergency: true", "emergency: はい", "wrong_type", None),
        ("emergency: true", "budget: {reserve: 20}", "unknown_key", "reserve_percent"),
        ("emergency: true", "budget: {calls: [{call: 10, per: day}]}", "unknown_key", "calls"),
        ("emergency: true", "budget: {calls: [{calls: 10}]}", "limit_names_one", None),
        ("emergency: true", "budget: {calls: [{calls: 10, minutes: 15, per: day}]}", "limit_names_one", None),
        ("emergency: true", "budget: {calls: [{calls: 10, per: week}]}", "unknown_value", None),
        ("emergency: true", "budget: {calls: [{calls: 10, per: day, zone: Asia/Tokio}]}", "zone_unknown", None),
        ("emergency: true", "budget: {calls: [{calls: 1, per: day}]}", "reserve_takes_all", None),
        ("emergency: true", "budget: {reserve_percent: 100}", "too_large", None),
        ("emergency: true", "budget: {month_usd: fifty}", "wrong_type", None),
        ("emergency: true", "budget: {month_usd: 0}", "too_small", None),
        ("roles: [author]", "roles: author", "wrong_type", None),
        ("team: T0KASHIWA", "team: kashiwa", "slack_team_form", None),
        ("drafts: C0DRAFTS", 'drafts: "#sns-下書き"', "slack_channel_form", None),
        ("slack: U01KOENTAN", 'slack: "@tanaka"', "slack_user_form", None),
        ("email: tanaka.hana@city.kashiwa.example", "email: tanaka.hana", "email_form", None),
        ("  koen_tanaka:", "  田中:", "key_form_wrong", None),
        ("kind: section", "kind: sections", "unknown_value", "section"),
        ("section: koen\n    roles: [author]", "section: kouen\n    roles: [author]", "unknown_section", "koen"),
        ("roles: [approver]", "roles: [aprover]", "unknown_value", "approver"),
        ("{position: koen_chief, from", "{position: koen_cheif, from", "unknown_position", "koen_chief"),
        (
            "{position: koen_clerk, from: 2024-04-01}",
            "{position: koen_clerk, from: 2024-04-01, to: 2023-03-31}",
            "period_backwards",
            None,
        ),
        ("slack: U01KOHOSUZ", "slack: U01KOENTAN", "slack_user_shared", None),
        ("mirrors: [kashiwa_koen]", "mirrors: [kashiwa_kouen]", "unknown_account", "kashiwa_koen"),
        ("mirrors: [kashiwa_koen]", "mirrors: [kashiwa_line]", "mirrors_elsewhere", None),
        ("mirrors: [kashiwa_koen]", "mirrors: [kashiwa_shi]", "mirrors_itself", None),
        ("on_emergency: repost", "mirrors: [kashiwa_shi]", "mirrors_in_circle", None),
        ("platform: line", "platform: lime", "no_pack", None),
        ("accounts: [kashiwa_shi]", "accounts: [kashiwa_city]", "unknown_account", "kashiwa_shi"),
        ("- {position: koen_chief, name", "- {position: koen_clerk, name", "last_step_position", None),
        ("section: author, role: approver", "section: author, position: koho_chief", "step_names_one", None),
        ("roles: [approver, manager]", "roles: [approver]", "nobody_manages", None),
        ("city: kashiwa", "city: chikuma", "file_name", None),
        ("    name: 柏市公式LINE\n", "", "missing_key", None),
        ("name: 柏市公式LINE", "name: ''", "empty_value", None),
        ("  koen_clerk:\n", "  koen_chief:\n", "duplicate_key", None),
        ("kind: section", "kind: [section", "unclosed", None),
        ("    kind: section", "\tkind: section", "tab", None),
        ("    kind: section", "   kind: section", "indentation", None),
        ("    kind: section", "      kind: section", "colon", None),
        ("kind: section", "kind:section", "colon", None),
        ("kind: section", "kind：section", "full_width", None),
        ("kind: section", "kind:　section", "full_width", None),
        ('handle: "@kashiwa"', "handle: @kashiwa", "special_character", None),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, old: str, new: str, code: str, meant: str | None) -> None:
    """A mistake has a code, its file, a line, and what was meant where something is near."""
    path, _ = _changed(tmp_path, old, new)

    with pytest.raises(CityFileError) as caught:
        load_city(path)

    mistakes = caught.value.mistakes
    assert (code, meant) in {(mistake.code, mistake.meant) for mistake in mistakes}
    assert {(mistake.path, mistake.line > 0) for mistake in mistakes} == {(str(path), True)}


@pytest.mark.parametrize(
    ("given", "code", "line"),
    [
        (b"", "no_mapping", 1),
        ("city：kashiwa".encode(), "full_width", 1),
        (b"- city\n", "no_mapping", 1),
        ("city: kashiwa\nname: 柏市\n".encode("cp932"), "encoding", 2),
        (b"city: kashiwa\nname: \x07\n", "syntax", 2),
    ],
)
def test_a_file_that_is_no_city_file_is_named(tmp_path: Path, given: bytes, code: str, line: int) -> None:
    """An empty file, another encoding, a control character: one mistake, with its line."""
    path = tmp_path / "kashiwa.yaml"
    path.write_bytes(given)

    with pytest.raises(CityFileError) as caught:
        load_city(path)

    assert [(mistake.code, mistake.line) for mistake in caught.value.mistakes] == [(code, line)]


@pytest.mark.parametrize("new", ["kind：section", "kind:　section", "kind： section"])
def test_a_full_width_sign_is_named_in_its_own_line(tmp_path: Path, new: str) -> None:
    """The reader stumbles in the line below."""
    path, line = _changed(tmp_path, "kind: section", new)

    with pytest.raises(CityFileError) as caught:
        load_city(path)

    assert [(mistake.code, mistake.line) for mistake in caught.value.mistakes] == [("full_width", line)]


def test_a_bracket_that_stays_open_is_named_where_it_opens(tmp_path: Path) -> None:
    """The reader only stumbles lines later, where all is well."""
    path, line = _changed(tmp_path, "kind: section", "kind: [section")

    with pytest.raises(CityFileError) as caught:
        load_city(path)

    assert [mistake.line for mistake in caught.value.mistakes] == [line]


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
    assert places == ["accounts.kashiwa_shi.mirrors.1", "accounts.kashiwa_line.platform"]


def test_the_same_position_held_twice_at_once_is_a_mistake(tmp_path: Path) -> None:
    """A period that overlaps another of the same position is a slip of the pen."""
    held = "- {position: koen_clerk, from: 2024-04-01}"
    path, line = _changed(tmp_path, held, f"{held}\n      - {{position: koen_clerk, from: 2025-04-01}}")

    with pytest.raises(CityFileError, match="periods_overlap") as caught:
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

    with pytest.raises(CityFileError, match=r"nagareyama\.yaml:6: slack\.team: team_taken .*city=kashiwa"):
        load_cities(tmp_path)


@pytest.mark.parametrize(("made", "code"), [(None, "no_cities_folder"), ("folder", "no_city_file")])
def test_a_folder_without_a_city_stops_the_start(tmp_path: Path, made: str | None, code: str) -> None:
    """Nothing starts for nobody; a folder that is missing and one that is empty are told apart."""
    if made:
        (tmp_path / "cities").mkdir()

    with pytest.raises(ConfigurationError, match=code):
        load_cities(tmp_path / "cities")


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    """`SNS_CITIES` names a folder: a file's path there is a slip."""
    path, _ = _changed(tmp_path, "city: kashiwa", "city: kashiwa")

    with pytest.raises(ConfigurationError, match="cities_folder_unreadable"):
        load_cities(path)


def test_a_file_with_the_other_ending_is_not_ignored_in_silence(tmp_path: Path) -> None:
    """`kashiwa.yml` would otherwise be a city that never starts."""
    path, _ = _changed(tmp_path, "city: kashiwa", "city: kashiwa")
    path.rename(tmp_path / "kashiwa.yml")

    with pytest.raises(CityFileError, match="file_suffix"):
        load_cities(tmp_path)


PLATFORMS = ("x", "line", "facebook", "youtube")


def test_mistakes_of_two_files_and_of_a_pack_are_told_together(tmp_path: Path) -> None:
    """One look finds a slip in one city's file, another's missing pack, and a pack's own mistakes."""
    text = KASHIWA.read_text("utf-8")
    (tmp_path / "kashiwa.yaml").write_text(text.replace("line: neutral", "line: own"), "utf-8")
    (tmp_path / "own.pack.yaml").write_text("pack: own\nplatfroms: [line]\n", "utf-8")
    other = text.replace("city: kashiwa", "city: abiko").replace("T0KASHIWA", "T0ABIKO")
    (tmp_path / "abiko.yaml").write_text(other.replace("x: kashiwa", "x: kasiwa"), "utf-8")
    (tmp_path / "inzai.yaml").write_text("city: inzai\nqqq: 1\n", "utf-8")

    with pytest.raises(CityFileError) as caught:
        load_folder(tmp_path, PLATFORMS)

    found = {(Path(one.path).name, one.code, one.meant) for one in caught.value.mistakes}
    assert {
        ("abiko.yaml", "unknown_pack", "kashiwa"),
        ("inzai.yaml", "unknown_key", None),
        ("own.pack.yaml", "unknown_key", "platforms"),
        ("own.pack.yaml", "missing_key", None),
    } <= found


def test_a_platform_that_is_none_is_not_asked_for_a_pack(tmp_path: Path) -> None:
    """One slip, one sentence: who wrote `lime` needs no pack for it."""
    _changed(tmp_path, "platform: line", "platform: lime")

    with pytest.raises(CityFileError) as caught:
        load_folder(tmp_path, PLATFORMS)

    assert [one.code for one in caught.value.mistakes] == ["unknown_platform"]


def test_a_list_whose_item_is_wrong_is_not_called_empty(tmp_path: Path) -> None:
    """A day that no calendar has is one mistake, not also an empty list of positions."""
    path, line = _changed(tmp_path, "from: 2024-04-01", "from: 2024-04-31")

    with pytest.raises(CityFileError) as caught:
        load_city(path)

    assert [(one.code, one.line) for one in caught.value.mistakes] == [("wrong_type", line)]


def test_an_unknown_platform_is_named_where_it_stands(tmp_path: Path) -> None:
    """Also where a pack is named for it: the pack's line and the account's are both told."""
    path, _ = _changed(tmp_path, "  line: neutral", "  lime: neutral")
    path.write_text(path.read_text("utf-8").replace("platform: line", "platform: lime"), "utf-8")

    with pytest.raises(CityFileError) as caught:
        load_folder(tmp_path, PLATFORMS)

    told = {(one.place, one.code, one.meant) for one in caught.value.mistakes}
    assert told == {
        ("packs.lime", "unknown_platform", "line"),
        ("accounts.kashiwa_line.platform", "unknown_platform", "line"),
    }
