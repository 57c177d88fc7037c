from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from shared_material import SHARED, needs_shared

from policy.packs import load_pack, shipped_packs

CITIES = [name for name in shipped_packs() if name != "neutral"]


def _squeezed(text: str) -> str:
    """Return a text without the spaces, line ends and list marks that only lay it out."""
    return re.sub(r"[\s・<>（）()|-]", "", text)


def _listed(city: str) -> dict[str, dict[str, str]]:
    clauses = yaml.safe_load((SHARED / "guidelines" / "clauses.yaml").read_text(encoding="utf-8"))
    return {one["id"]: one for one in clauses if one["city"] == city}


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_a_pack_has_the_clauses_of_its_document_in_order(city: Any) -> None:
    """Every clause stands in the pack with its section, kind and words, in the order of the list."""
    pack = load_pack(city)
    expected = [(one["id"], str(one["section"]), one["kind"], one["quote"]) for one in _listed(city).values()]

    assert expected == [(one.id, one.section, one.kind, one.quote) for one in pack.clauses.values()]


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_a_citation_is_the_documents_own_words(city: Any) -> None:
    """What a pack quotes can be read in the document, but for the line breaks of the source."""
    document = _squeezed((SHARED / "guidelines" / f"{city}.txt").read_text(encoding="utf-8"))
    strange = [one.id for one in load_pack(city).clauses.values() if _squeezed(one.quote) not in document]

    assert strange == []


@pytest.mark.parametrize("name", shipped_packs())
def test_every_gate_and_checklist_clause_is_carried(name: Any) -> None:
    """A clause that asks for a gate or a question has a rule, a question, a route, or a word on what carries it."""
    pack = load_pack(name)
    carriers = {clause for rule in pack.rules for one in rule.outcomes.values() for clause in one.clauses}
    carriers |= {one.clause for one in (*pack.questions, *pack.routes, *pack.tasks) if one.clause}
    bare = [
        one.id
        for one in pack.clauses.values()
        if one.kind in {"gate", "checklist"} and one.id not in carriers and not one.carried
    ]

    assert bare == []


@pytest.mark.parametrize("name", shipped_packs())
def test_sentences_are_polite_and_in_both_languages(name: Any) -> None:
    """A finding's Japanese sentence ends politely, and its English one says something too."""
    pack = load_pack(name)
    messages = [one.message for rule in pack.rules for one in rule.outcomes.values()]
    messages += [one.refused.message for one in pack.questions]

    assert [one.ja for one in messages if not re.search(r"(ます|ません|です|ください)[^。]*。$", one.ja)] == []
    assert [one.ja for one in messages if not one.en] == []
