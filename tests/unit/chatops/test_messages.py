"""Every sentence exists in both languages, for every code that the product can say."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest

from chatops.features.ask.views import Doubt
from chatops.messages import Voice, ja
from chatops.messages.en import acts as acts_en
from chatops.messages.en import mail as mail_en
from chatops.messages.en import problems as problems_en
from chatops.messages.en import watch as watch_en
from chatops.messages.ja import acts, form, labels, mail, problems, watch
from platforms.port import Remark
from publisher.api import Outcome
from publisher.errors import Refusal

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 21, tzinfo=UTC)
MODULES = sorted(found.name for found in iter_modules(ja.__path__))
REMARK_CODES = re.compile(
    r"""(?:Remark\(\s*code=|Remark\(|Rejected\(|NeedsPerson\(|Throttled\(|NotSent\(|PerhapsSent\(|"""
    r"""(?:Rule|GraphError|YouTubeError)\([^)]*?code=)\s*"([a-z_]+)\""""
)


def functions_of(module: ModuleType) -> dict[str, inspect.Signature]:
    """Return the public functions that a module defines."""
    return {
        name: inspect.signature(function)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def source(package: str) -> str:
    """Read the code of a package, without its stand-ins."""
    files = [path for path in (ROOT / package).rglob("*.py") if "sandbox" not in path.parts]
    return "\n".join(path.read_text("utf-8") for path in sorted(files))


@pytest.mark.parametrize("name", MODULES)
def test_each_sentence_has_the_same_signature_in_both_languages(name: str) -> None:
    """English has the names and signatures of Japanese, no more and no less."""
    japanese = functions_of(import_module(f"chatops.messages.ja.{name}"))
    english = functions_of(import_module(f"chatops.messages.en.{name}"))

    assert japanese == english
    assert japanese


@pytest.mark.parametrize("table", ["REFUSALS", "MISTAKES", "OUTCOMES", "HISTORY"])
def test_each_code_is_known_in_both_languages(table: str) -> None:
    """The tables of codes hold the same codes, and sentences use the same params."""
    japanese, english = getattr(acts, table), getattr(acts_en, table)

    assert set(japanese) == set(english)
    assert {code: params_of(text) for code, text in japanese.items()} == {
        code: params_of(text) for code, text in english.items()
    }


def params_of(template: str) -> set[str]:
    """Return the params that a sentence uses."""
    return set(re.findall(r"{(\w+)}", template))


def test_every_code_of_a_platform_has_a_sentence_in_both_languages() -> None:
    """Whatever an adapter remarks or raises, people read a sentence and no code."""
    codes = set(REMARK_CODES.findall(source("platforms")))

    assert len(codes) > 30
    assert codes - set(problems.REMARKS) == set()
    assert codes - set(problems_en.REMARKS) == set()
    assert set(problems.REMARKS) == set(problems_en.REMARKS)


def test_every_code_of_the_heart_has_a_sentence() -> None:
    """Refusals, outcomes, mistakes and the ledger's reasons are all said in words."""
    code = source("publisher")
    refusals = set(re.findall(r'(?:Refusal|MediaRefused)\(\s*"([a-z_]+)"', code))
    outcomes = set(re.findall(r'Outcome\(\s*code="([a-z_]+)"', code))
    mistakes = set(re.findall(r'(?<!Configuration)Mistake\([^)]*code="([a-z_]+)"', code))
    reasons = set(re.findall(r'(?:Problem|Remark)\(\s*code="([a-z_]+)"', code))

    assert refusals - set(acts.REFUSALS) == set()
    assert outcomes - set(acts.OUTCOMES) == set()
    assert mistakes - set(acts.MISTAKES) == set()
    assert reasons - set(problems.REMARKS) == set()


def test_every_code_that_the_contract_names_has_a_sentence() -> None:
    """The services' docstrings in `publisher.api` name codes; each is known."""
    text = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "publisher/api").glob("*.py")))
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text))
    known = {*acts.REFUSALS, *acts.MISTAKES, *acts.OUTCOMES, *acts.HISTORY, *labels.DECISIONS}
    fields = {"publish_at", "waiting_for", "under_way", "is_repeat", "is_closing", "closed_event"}
    fields |= {"cannot_recall", "left_to", "stop_from", "goes_on", "tasks_ja", "tasks_en"}

    assert {name for name in named - fields if name not in known} == set()


@pytest.mark.parametrize("doubt", Doubt)
def test_a_mail_offers_the_answers_of_its_own_question(doubt: Doubt) -> None:
    """Asked about a deletion nobody reads of sending again; nor about what a newer post took the place of."""
    said = [one.answer_in_shell("K-1", "kashiwa_koen", doubt) for one in (mail, mail_en)]

    assert (doubt is Doubt.IS_IT_GONE) == ("もう一度削除する" in said[0]) == ("delete again" in said[1])
    is_sent_again = doubt in {Doubt.IS_IT_THERE, Doubt.MENDED, Doubt.REWRITTEN}
    assert is_sent_again == ("もう一度送る" in said[0]) == ("send it again" in said[1])


def test_whoever_may_post_by_hand_is_told_to_stop_the_post_first() -> None:
    """What waits goes out as soon as a worker is back: beside a post made by hand it would be there twice."""
    for one in (watch, watch_en):
        assert "/sns cancel" in one.nobody_sends("", "", 3)
        assert "/sns cancel" not in one.nobody_sends("", "", 0)


def test_an_unknown_code_is_said_honestly() -> None:
    """What we have no sentence for is named, so that somebody can help."""
    for locale in ("ja-JP", "en-US"):
        say = Voice(locale=locale, now=NOW)

        assert "brand_new" in say.refusal(Refusal("brand_new"))
        assert "brand_new" in say.remark(Remark(code="brand_new"))
        assert "brand_new" in say.outcome(Outcome(code="brand_new"))


def test_a_voice_speaks_the_persons_language() -> None:
    """An English locale reads English; everybody else Japanese."""
    assert Voice(locale="en-GB", now=NOW)(form.submit) == "Submit"
    assert Voice(locale="ja-JP", now=NOW)(form.submit) == "提出"
    assert Voice(locale="fr-FR", now=NOW)(form.submit) == "提出"


def test_codes_and_times_in_params_become_words() -> None:
    """A state is named, a time is shown in Japan's time, a platform by its name."""
    say = Voice(now=NOW)

    assert "承認待ち" in say.refusal(Refusal("not_submitted", state="submitted"))
    assert "12月1日(火) 9:00" in say.outcome(
        Outcome(code="approved", number="K-1", params={"publish_at": "2026-12-01T00:00:00+00:00"})
    )
    assert "YouTube" in say.remark(Remark(code="rate_limited", params={"platform": "youtube"}))


def test_what_people_typed_is_never_read_as_a_template() -> None:
    """Braces in a name stay braces."""
    said = Voice(now=NOW).refusal(Refusal("not_manager", who="{who} {0}"))

    assert "{who} {0}" in said


def test_a_missing_param_never_breaks_a_sentence() -> None:
    """A sentence whose param is missing is still said."""
    assert "…" in Voice(now=NOW).refusal(Refusal("not_manager"))


def test_a_vacant_step_is_said_and_says_whom_to_ask() -> None:
    """Nobody reads that "" comes next: a step that nobody holds today is named as such."""
    said = Voice(locale="ja-JP", now=NOW).outcome(Outcome(code="submitted", number="K-1", params={"waiting_for": ""}))

    assert "決裁できる方がいません" in said
    assert "情報担当" in said
