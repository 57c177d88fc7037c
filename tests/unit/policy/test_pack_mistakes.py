from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import policy.packs
from policy import judge
from policy.errors import UnknownPackError
from policy.packs import PackError, PackMistake, load_pack, parse_pack
from policy.wire import action_from_json

SHIPPED = Path(policy.packs.__file__).parent / "neutral.yaml"


OWN_CHOICE = """
own_choices:
  rules:
    - id: festive
      kind: words
      own_choice: {words: [お祭り]}
      effect: warn
      message: {ja: "{found}が多すぎないか確認してください。", en: "Too much of {found}?"}
"""


def _mistakes(old: str, new: str) -> tuple[PackMistake, ...]:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(PackError) as caught:
        parse_pack(text.replace(old, new, 1), "city.yaml")
    return caught.value.mistakes


def _line(old: str) -> int:
    text = SHIPPED.read_text(encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "code", "meant"),
    [
        ("edition: 製品付属", "editon: 製品付属", "unknown_key", "edition"),
        ("kind: words", "kind: word", "unknown_value", "words"),
        ("effect: warn", "effect: wran", "unknown_value", "warn"),
        ("role: approver", "role: aprover", "unknown_value", "approver"),
        ("actions: [publish, repost, reply", "actions: [publsh, repost, reply", "unknown_value", "publish"),
        ("seek: [mobile, my_number]", "seek: [mobil, my_number]", "unknown_value", "mobile"),
        ("own_choice: {days: 30,", "own_choice: {days: thirty,", "wrong_type", None),
        ("own_choice: {days: 30,", "own_choice: {days: -1,", "unknown_value", None),
        ("own_choice: {days: 30,", "own_choice: {day: 30,", "unknown_key", "days"),
        ("id: private_numbers", "id: security", "duplicate", None),
        ("platforms: [x, line, facebook, youtube]", "platforms: [x, lien]", "unknown_value", "line"),
        ("に投稿を依頼してください。", "に{sectoin}を依頼してください。", "unknown_placeholder", "section"),
        ("に投稿を依頼してください。", "に{section.x}を依頼してください。", "unknown_placeholder", "section"),
    ],
)
def test_a_mistake_has_its_line_and_what_was_meant(old: Any, new: Any, code: Any, meant: Any) -> None:
    """Each mistake in a pack is named with its line, its kind and the word that was probably meant."""
    mistakes = _mistakes(old, new)

    assert (code, meant) in {(one.code, one.meant) for one in mistakes}
    assert _line(old) in {one.line for one in mistakes}


def test_all_mistakes_are_told_at_once() -> None:
    """A second mistake does not hide behind the first."""
    mistakes = _mistakes("edition: 製品付属\nplatforms: [x, line", "editon: 製品付属\nplatforms: [y, line")

    assert [one.code for one in mistakes] == ["unknown_key", "unknown_value"]


def test_a_clause_that_does_not_exist_cannot_be_cited() -> None:
    """A rule that cites a clause which the pack does not have is a mistake."""
    text = "effect: warn\n        message:\n          ja: 同じ内容"
    mistakes = _mistakes(text, text.replace("effect: warn", "effect: warn\n        clauses: [neutral-99]"))

    assert [(one.code, one.params) for one in mistakes] == [("unknown_clause", {"value": "neutral-99"})]


@pytest.mark.parametrize(("text", "line"), [("a: [1", 1), ("pack: x\npack: y\n", 2), ("a: b\n  c: d\n", 2)])
def test_what_is_no_yaml_is_a_mistake_with_a_line(text: Any, line: Any) -> None:
    """A file that cannot be parsed is refused with the line of the parser."""
    with pytest.raises(PackError) as caught:
        parse_pack(text, "city.yaml")

    assert [("syntax", line)] == [(one.code, one.line) for one in caught.value.mistakes]


def test_a_day_that_no_calendar_has_is_a_mistake_with_its_line() -> None:
    """YAML reads 2023-02-30 as a date and gives no place; the line is found all the same."""
    with pytest.raises(PackError) as caught:
        parse_pack("pack: own\ndocument:\n  in_force: 2023-02-30\n", "city.yaml")

    assert [3] == [one.line for one in caught.value.mistakes]


@pytest.mark.parametrize("text", ["", "- a\n", "just words"])
def test_what_is_no_pack_is_refused(text: Any) -> None:
    """An empty file, a list and a sentence are no packs."""
    with pytest.raises(PackError):
        parse_pack(text, "city.yaml")


def test_a_citys_own_pack_is_loaded_by_its_path(tmp_path: Any) -> None:
    """A city copies a pack, changes it, and gives its path."""
    own = tmp_path / "our city.yaml"
    own.write_text(SHIPPED.read_text(encoding="utf-8").replace("{days: 30}", "{days: 7}"), encoding="utf-8")

    assert load_pack(own).name == "neutral"


def test_an_unknown_name_lists_the_known_ones() -> None:
    """Who asks for a pack that is not there is told which are."""
    with pytest.raises(UnknownPackError, match=r"known packs are .*kashiwa.*neutral"):
        load_pack("kasiwa")


def test_a_path_without_a_file_is_an_unknown_pack(tmp_path: Any) -> None:
    """A path that leads nowhere is said to lead nowhere."""
    with pytest.raises(UnknownPackError):
        load_pack(tmp_path / "nowhere.yaml")


def test_a_citys_own_choice_cites_no_clause(tmp_path: Path) -> None:
    """A rule below own_choices stands without a clause: no document orders it."""
    own = tmp_path / "own.yaml"
    own.write_text(SHIPPED.read_text(encoding="utf-8") + OWN_CHOICE, encoding="utf-8")
    line = {**load_pack("neutral").example, "pack": str(own), "text": "お祭り、お祭り、またお祭りです。"}
    _, action, facts = action_from_json(line)
    (finding,) = judge(load_pack(own), action, facts).findings

    assert (finding.rule, finding.effect, finding.clauses) == ("festive", "warn", ())
