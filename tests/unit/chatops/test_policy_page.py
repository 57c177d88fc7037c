"""The page of a pack that a section chief reads and signs: nothing on it is a word of the program."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from chatops.cli.policy_page import entries, text_page
from chatops.messages import Voice
from chatops.messages.en import clause_params as clause_params_en
from chatops.messages.en import policy_page as page_en
from chatops.messages.en import policy_params as params_en
from chatops.messages.ja import clause_params as clause_params_ja
from chatops.messages.ja import policy_page as page_ja
from chatops.messages.ja import policy_params as params_ja
from policy.model import Role
from policy.packs import load_pack, shipped_packs
from policy.rules import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = [
    pytest.param(page_ja, params_ja, clause_params_ja, id="ja"),
    pytest.param(page_en, params_en, clause_params_en, id="en"),
]
NOON = datetime(2026, 12, 1, 3, tzinfo=UTC)
KEY = re.compile(r"[a-z]+(?:_[a-z]+)*")
AS_WRITTEN = {"kashiwa_", "kashiwa_shi", "kisarazu_city"}
"""Values that a document gives in Latin letters: the beginning of a handle, and handles."""


def _values(name: str) -> Iterator[tuple[str, Any]]:
    """Yield every parameter of a pack with its value, also those that stand in another's value."""
    pack = load_pack(name)
    held = [clause.params for clause in pack.clauses.values()]
    held += [clause.own_choice for clause in pack.clauses.values()]
    held += [values for rule in pack.rules for values in (rule.params, rule.own_choice)]
    for values in held:
        yield from _inside(values)


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key, one
            yield from _inside(one)
    elif isinstance(value, list):
        for one in value:
            yield from _inside(one)


def _keys(value: Any) -> Iterator[str]:
    """Yield what a value holds that looks like a word of the program."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and KEY.fullmatch(one):
            yield one


@pytest.mark.parametrize(("page", "params", "clause_params"), LANGUAGES)
@pytest.mark.parametrize("name", shipped_packs())
def test_every_parameter_of_a_shipped_pack_has_a_name(name: Any, page: Any, params: Any, clause_params: Any) -> None:
    """What stands in `params` and `own_choice`, of clauses and of rules, is named in the reader's language."""
    assert page.VALUES
    assert [] == sorted({key for key, _ in _values(name)} - {*params.PARAMS, *clause_params.CLAUSE_PARAMS})


@pytest.mark.parametrize(("page", "params", "clause_params"), LANGUAGES)
@pytest.mark.parametrize("name", shipped_packs())
def test_every_enumerated_value_of_a_shipped_pack_has_a_name(
    name: Any, page: Any, params: Any, clause_params: Any
) -> None:
    """A value in Latin letters is one of ours, so that it has a name; a role has the city's own title."""
    assert params.PARAMS
    assert clause_params.CLAUSE_PARAMS
    used = {key for _, value in _values(name) for key in _keys(value)}
    roles = {role.value for role in Role}

    assert [] == sorted(used - roles - AS_WRITTEN - {*page.VALUES})


@pytest.mark.parametrize("page", [page_ja, page_en], ids=["ja", "en"])
def test_every_kind_of_rule_and_every_outcome_has_a_name(page: Any) -> None:
    """Whatever a city's own pack uses, the page can name it."""
    outcomes = {(name, outcome) for name, kind in KINDS.items() for outcome in {*kind.outcomes, *kind.allows}}

    assert [] == sorted({*KINDS} - {*page.KINDS})
    assert [] == sorted((kind, one) for kind, one in outcomes if not {one, f"{kind}.{one}"} & {*page.OUTCOMES})


def test_both_languages_name_the_same() -> None:
    """No name stands in one language alone, and no Japanese one is left in Latin letters."""
    assert {*params_ja.PARAMS} == {*params_en.PARAMS}
    assert {*clause_params_ja.CLAUSE_PARAMS} == {*clause_params_en.CLAUSE_PARAMS}
    assert {*page_ja.VALUES} == {*page_en.VALUES}
    names = {**params_ja.PARAMS, **clause_params_ja.CLAUSE_PARAMS}
    assert ["url"] == [key for key, name in names.items() if name.isascii()]


@pytest.mark.parametrize("name", shipped_packs())
def test_the_page_holds_no_word_of_the_program(name: Any) -> None:
    """No line of the Japanese page names a clause by its id, or a thing by a key with an underscore."""
    lines = [line for entry in entries(load_pack(name), Voice(now=NOON)) for line in entry.lines]
    clauses = {clause for one in shipped_packs() for clause in load_pack(one).clauses}
    words = re.compile(r"(?<![\w.@/{^*-])[a-z]+(?:[_-][a-z0-9]+)+(?![\w.@/])")

    found = {word for line in lines for word in words.findall(line)}
    assert set() == found & clauses
    assert [] == sorted(word for word in found if "_" in word and word not in AS_WRITTEN)


def test_a_chief_reads_the_titles_and_places_of_the_own_document() -> None:
    """A role is the city's own title, and a clause of a list is named by its place."""
    page = text_page(load_pack("kashiwa"), "0", Voice(now=NOON))

    assert "役割 広報広聴課長；職名 広報広聴課長" in page
    assert "（条項 2(4)カ・2；相手 共催・後援の団体；条件 市に関するもの）" in page


def test_a_rule_that_always_speaks_names_no_condition() -> None:
    """A mobile number is refused whatever the sender of /sns now declared, so that no case is named beside it."""
    page = text_page(load_pack("kashiwa"), "0", Voice(now=NOON))

    assert "   → 【不可】 個人の携帯電話番号又はマイナンバーとみられる" in page
    assert "申告したとき → 【不可】" not in page


def test_two_questions_in_the_same_words_say_what_each_is_about() -> None:
    """Komae asks the same of pictures and of videos; the page tells which is which."""
    page = text_page(load_pack("komae"), "0", Voice(now=NOON))
    asked = [line for line in page.splitlines() if line.startswith("  確認事項")]

    assert len(asked) == len(set(asked))
