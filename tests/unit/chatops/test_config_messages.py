"""What the person who installs it reads when a setting, a city file or a pack is wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatops.cli._errors import said_mistake
from chatops.messages import Voice
from chatops.messages.en import config as english
from chatops.messages.ja import config as japanese
from publisher.city.folder import load_folder
from publisher.errors import ConfigurationError, ConfigurationMistake

ROOT = Path(__file__).resolve().parents[3]
KASHIWA = ROOT / "chatops/sandbox/cities/kashiwa.yaml"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
JA, EN = Voice(now=NOW), Voice(locale="en", now=NOW)
CODES = re.compile(
    r"""(?:ConfigurationMistake\(\s*code=|PydanticCustomError\(|_wrong\(|"""
    r"""\bwrong\((?:\(.*?\)|place), |_unreadable\(path, |"""
    r"""\.mistake\(|PackMistake\([^)]*?code=|re\.compile\(.*\), )\s*"([a-z_]+)\""""
)


def source() -> str:
    """Read the code that finds such mistakes."""
    files = [*(ROOT / "publisher").rglob("*.py"), *(ROOT / "policy/packs").rglob("*.py")]
    return "\n".join(path.read_text("utf-8") for path in sorted(files))


def params_of(template: str) -> set[str]:
    """Return the params that a sentence uses."""
    return set(re.findall(r"(?<!{){(\w+)}(?!})", template))


def test_every_code_has_a_sentence_in_both_languages() -> None:
    """Whatever the readers find, nobody reads a code; both languages use the same params."""
    codes = set(CODES.findall(source()))

    assert {"unknown_setting", "tab", "mirrors_itself", "key_form", "unknown_clause", "token_form"} <= codes
    assert codes - set(japanese.MISTAKES) == set()
    assert {code: params_of(text) for code, text in japanese.MISTAKES.items()} == {
        code: params_of(text) for code, text in english.MISTAKES.items()
    }


def test_every_kind_of_value_has_its_words() -> None:
    """What a value should have been is said in the person's language."""
    expected = set(re.findall(r'expected="([^"]+)"', source())) | set(
        re.findall(r'_get\(name, [^"]+, "([^"]+)"', source())
    )

    assert {"text", "mapping"} <= expected
    assert expected - set(japanese.EXPECTED) == set()
    assert set(japanese.EXPECTED) == set(english.EXPECTED)


def test_a_misspelt_key_is_said_with_its_place_and_what_was_meant(tmp_path: Path) -> None:
    """The line stands in front, as editors make a link of it; the sentence is the reader's language."""
    text = KASHIWA.read_text("utf-8")
    path = tmp_path / "kashiwa.yaml"
    path.write_text(text.replace("emergency: true", "emergancy: true", 1), "utf-8")
    line = text[: text.index("emergency: true")].count("\n") + 1

    with pytest.raises(ConfigurationError) as caught:
        load_folder(tmp_path, ("x", "line", "facebook", "youtube"))
    (mistake,) = caught.value.mistakes

    assert said_mistake(mistake, JA) == (
        f"{path}:{line}: 「emergancy」という項目はありません。「emergency」のことですか。"
        "（accounts.kashiwa_shi.emergancy）"
    )
    assert said_mistake(mistake, EN) == (
        f"{path}:{line}: There is no key “emergancy” here. Did you mean “emergency”? (accounts.kashiwa_shi.emergancy)"
    )


def test_a_mistake_of_form_has_its_column() -> None:
    """A tab or an indentation is hard to see: line and column are named."""
    mistake = ConfigurationMistake(code="tab", path="kashiwa.yaml", line=3, column=1)

    assert said_mistake(mistake, JA) == "kashiwa.yaml:3:1: 行頭にタブがあります。字下げは半角スペースにしてください。"


def test_a_value_of_another_kind_is_shown() -> None:
    """The sentence names what is wanted, and what is there."""
    params = {"expected": "a whole number", "value": "soon"}
    mistake = ConfigurationMistake(code="wrong_type", params=params)

    assert said_mistake(mistake, JA) == "整数を書いてください。今の値は「soon」です。"
    assert said_mistake(mistake, EN) == "This must be a whole number. It is “soon”."


def test_a_setting_that_is_none_is_said_with_the_nearest_or_with_all() -> None:
    """Near ones are offered; where none is near, all are listed."""
    params = {"name": "SNS_HOEM", "known": "SNS_HOME, SNS_CLOCK"}

    near = ConfigurationMistake(code="unknown_setting", params=params, meant="SNS_HOME")
    far = ConfigurationMistake(code="unknown_setting", params=params)

    assert said_mistake(near, JA) == "SNS_HOEM という設定はありません。「SNS_HOME」のことですか。"
    assert said_mistake(far, JA) == "SNS_HOEM という設定はありません。使えるのは SNS_HOME, SNS_CLOCK です。"


def test_an_unknown_code_is_said_honestly() -> None:
    """A code without a sentence is named, so that somebody can help."""
    for voice in (JA, EN):
        assert "brand_new" in said_mistake(ConfigurationMistake(code="brand_new"), voice)
