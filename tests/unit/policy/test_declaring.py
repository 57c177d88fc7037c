"""What the sender of `/sns now` may declare to be the city's own, as the screen asks for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import policy.packs
from policy import judge
from policy.declaring import find_own_contacts
from policy.packs import load_pack
from policy.wire import action_from_json

NOW = {"emergency": {"kind": "earthquake"}, "category": "disaster", "actor": {"roles": ["operator", "emergency"]}}
HOME = "救援物資は〒277-0005 柏市柏五丁目10番1号の柏太郎さん方へ。（市災害対策本部）"


def asked(text: str, pack: str = "kashiwa", **changes: Any) -> Any:
    """Return a pack, an action of `/sns now` and its facts."""
    _, action, facts = action_from_json({**load_pack(pack).example, "pack": pack, "text": text, **NOW, **changes})
    return load_pack(pack), action, facts


def written(text: str, **changes: Any) -> list[str]:
    """Return the contacts as they stand in the text."""
    return [one.written for one in find_own_contacts(*asked(text, **changes))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("避難所は柏第一小学校、電話は04-7100-0000です。（市災害対策本部）", ["04-7100-0000"]),
        ("電話は（０４）７１００－０００１です。（市災害対策本部）", ["（０４）７１００－０００１"]),
        ("連絡はkoho@example.jpへ。（市災害対策本部）", ["koho@example.jp"]),
        ("電話は04-7100-0000、04(7100)0000、koho@example.jpです。", ["04-7100-0000", "koho@example.jp"]),
        ("避難所を開設しました。（市災害対策本部）", []),
    ],
    ids=["landline", "full width", "e-mail", "twice the same", "none"],
)
def test_each_contact_stands_there_once_as_it_is_written(text: str, found: list[str]) -> None:
    """A landline and an e-mail address are offered in the text's own spelling, in their order, each once."""
    assert found == written(text)


@pytest.mark.parametrize("text", ["連絡は090-1234-5678へ。", "番号は1234 5678 9018です。", "義援金は普通 1234567へ。"])
def test_no_mobile_no_individual_number_and_no_bank_account_is_offered(text: str) -> None:
    """What cannot be declared has no box."""
    assert [] == written(text + "（市災害対策本部）")


def test_what_is_published_needs_no_declaration() -> None:
    """A number that the city's file publishes is no finding."""
    text = "電話は04-7100-0000です。（市災害対策本部）"

    assert [] == written(text, facts={"published_contacts": ["04-7100-0000"]})


def test_an_ordinary_post_declares_nothing() -> None:
    """Only `/sns now` has declarations."""
    assert [] == written("電話は04-7100-0000です。", emergency=None)


def test_a_pack_that_holds_landlines_back_in_any_case_offers_none(tmp_path: Path) -> None:
    """Where the rule is no guess a declaration would change nothing."""
    own = tmp_path / "own.yaml"
    text = (Path(policy.packs.__file__).parent / "neutral.yaml").read_text(encoding="utf-8")
    own.write_text(text.replace("        guess: true\n", ""), encoding="utf-8")
    line = {**load_pack("neutral").example, "pack": str(own), "text": "電話は04-7100-0000です。", **NOW}
    _, action, facts = action_from_json(line)

    assert () == find_own_contacts(load_pack(own), action, facts)


@pytest.mark.parametrize(
    "text",
    [HOME, "電話は（０４）７１００－０００１です。", "連絡はtaro[at]example.comへ。", "電話は+81-4-7100-0000です。"],
)
@pytest.mark.parametrize("pack", ["kashiwa", "chikuma", "komae", "neutral"])
def test_what_is_offered_is_set_aside_when_it_is_declared(text: str, pack: str) -> None:
    """No box without an effect: declared as it is named, the place is no objection, in each pack that guesses."""
    own, action, facts = asked(text, pack)
    (contact,) = find_own_contacts(own, action, facts)
    assert contact.written in text

    declared = replace(action, declared_contacts=frozenset({contact.contact}))
    objecting = [one for one in judge(own, declared, facts).findings if one.effect.value != "allow"]

    assert contact.written not in [text[span.start : span.end].strip() for one in objecting for span in one.spans]
