"""`docs/guide.ja.md` tells staff to press and to type what is really there."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from paper_heart import PaperHeart, PaperPost
from slack_sdk import WebClient

from chatops.features.approve.card import build_card
from chatops.features.ask.views import Doubt, build_question, doubt_of
from chatops.locales import Locales
from chatops.messages import Voice
from chatops.office import Office
from chatops.register import register_features
from chatops.slack_files import SlackFiles
from chatops.slack_link import SlackLink
from publisher.api import DeliveryKind, DeliveryState, DraftForm, Newer, PostState, Remark

if TYPE_CHECKING:
    from chatops.registry import Registry

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = (ROOT / "docs/guide.ja.md").read_text("utf-8")
BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
CODE: Final = re.compile(r"`([^`]+)`")
QUOTED: Final = re.compile(r"「([^「」]+)」")
MAX_PICTURE_BYTES: Final = 200_000
SAY: Final = Voice(now=datetime(2026, 12, 1, 0, 0, tzinfo=UTC))
QUESTIONS: Final[dict[Doubt, dict[str, Any]]] = {
    Doubt.IS_IT_THERE: {"problem": Remark(code="no_answer")},
    Doubt.REPLACED: {"problem": Remark(code="no_answer"), "newer": Newer(number="K-2", because="report", n=2)},
    Doubt.SEND_ANYWAY: {"problem": Remark(code="late"), "objection": "late", "is_doubtful": False},
    Doubt.NOW_OR_LATER: {"problem": Remark(code="hours_missed"), "objection": "hours", "is_doubtful": False},
    Doubt.STILL_VALID: {
        "problem": Remark(code="late"),
        "objection": "late",
        "is_doubtful": False,
        "is_emergency": True,
    },
    Doubt.MENDED: {"problem": Remark(code="token_refused"), "who": "it", "is_doubtful": False},
    Doubt.REWRITTEN: {"problem": Remark(code="refused"), "who": "author", "is_doubtful": False},
    Doubt.IS_IT_GONE: {"problem": Remark(code="no_answer"), "kind": DeliveryKind.DELETE},
    Doubt.STILL_DELETE: {
        "problem": Remark(code="correction_withdrawn"),
        "objection": "policy",
        "kind": DeliveryKind.DELETE,
    },
}
"""A delivery for each question that staff may be asked."""


def texts_of_the_product() -> set[str]:
    """Return every text of the Japanese messages, whole, with … where something is filled in."""
    found: set[str] = set()
    for path in (ROOT / "chatops/messages/ja").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | told:
                found.add(re.sub(r"\{\w+\}", "…", node.value))
    return found


TEXTS: Final = texts_of_the_product()


def registry_of(folder: Path) -> Registry:
    """Tie all features, as the product does; nothing is called."""
    client = WebClient(token="")
    return register_features(
        None,
        Office(
            services=PaperHeart().services,
            link=SlackLink(client),
            locales=Locales(client),
            files=SlackFiles(client, folder),
            now=lambda: datetime(2026, 12, 1, tzinfo=UTC),
        ),
    )


def rows_of(heading: str) -> list[str]:
    """Return the lines of the tables below a heading."""
    chapter = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in chapter.splitlines() if line.startswith("|")]


def buttons(blocks: list[dict[str, Any]]) -> list[str]:
    """Return the words on the buttons."""
    return [element["text"]["text"] for block in blocks if block["type"] == "actions" for element in block["elements"]]


def test_what_stands_in_bold_is_a_whole_text_of_the_product() -> None:
    """A button or a field that staff look for bears exactly this name."""
    named = set(BOLD.findall(PAGE))

    assert sorted(named - TEXTS) == []
    assert len(named) > 40


def test_what_stands_in_quotation_marks_is_said_by_the_product() -> None:
    """A sentence or a state that the page quotes is one that staff will see."""
    quoted = set(QUOTED.findall(BOLD.sub("", PAGE)))

    assert sorted(words for words in quoted if not any(words in text for text in TEXTS)) == []
    assert len(quoted) > 15


def test_a_state_in_a_table_is_named_as_it_is_shown() -> None:
    """A state that a row explains bears exactly the name that staff see: a part of a sentence is none."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| 「")]
    named = {name for row in rows for name in QUOTED.findall(row.split("|")[1])}

    assert sorted(named - TEXTS) == []
    assert len(named) >= len(rows) > 6


def test_every_command_is_known_and_none_is_left_out(tmp_path: Path) -> None:
    """What the page tells staff to type is listened to, and whatever is listened to stands on the page."""
    registry = registry_of(tmp_path)
    typed = [words for words in CODE.findall(PAGE) if words.startswith("/sns ")]
    listeners = [path.read_text("utf-8") for path in (ROOT / "chatops/features").glob("*/listeners.py")]
    listened = {name for text in listeners for name in re.findall(r'registry\.command\(\("(\w+)"', text)}
    features = {words: registry.find(words.removeprefix("/sns "))[0].__name__ for words in typed}

    assert [words for words, name in features.items() if name == "<lambda>"] == []
    assert sorted(listened - {words.split()[1] for words in typed}) == []
    assert len(listened) > 10
    assert registry.find("nosuchword")[0].__name__ == "<lambda>"


def test_code_is_a_command() -> None:
    """Nothing else is set as what is typed: `tests/repo/test_readme_commands.py` looks after `sns`."""
    assert [words for words in CODE.findall(PAGE) if words.split()[0] not in {"/sns", "sns"}] == []


@pytest.mark.parametrize("doubt", Doubt)
def test_each_question_stands_in_the_table_with_its_buttons(doubt: Doubt) -> None:
    """Whoever is asked finds the question's buttons in one row, in their order, and no other."""
    heart = PaperHeart()
    form = DraftForm(section="koen", text="あ", accounts=(), category=None)
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=form)
    line = heart.deliver("K-1", DeliveryState.ASKED, **QUESTIONS[doubt])
    _, blocks = build_question("K-1", line, SAY)
    rows = [BOLD.findall(row) for row in rows_of("「確認が必要です」と尋ねられたとき")]

    assert doubt is doubt_of(line)
    assert buttons(blocks) in rows
    assert len(Doubt) == sum(1 for row in rows if row)


def test_the_buttons_of_a_card_are_explained() -> None:
    """Each button of a card that waits for a decision has its row."""
    heart = PaperHeart()
    form = DraftForm(section="koen", text="あ", accounts=("koen",), category="event")
    heart.posts["K-1"] = PaperPost(number="K-1", author="tanaka", form=form, state=PostState.SUBMITTED)
    explained = {name for row in rows_of("決裁する") for name in BOLD.findall(row.split("|")[1])}

    assert {*buttons(build_card(heart.card("K-1"), SAY)), "承認"} == explained


def test_every_link_and_picture_leads_somewhere() -> None:
    """Files are there, chapters are there, and no picture is heavy."""
    links = re.findall(r"(?<=\]\()[^)]+|(?<=<img src=\")[^\"]+", PAGE)
    heads = {re.sub(r"[^\w\- ]", "", head).replace(" ", "-") for head in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)}
    pictures = {ROOT / "docs" / link for link in links if link.startswith("images/")}

    assert [link for link in links if link.startswith("#") and link[1:] not in heads] == []
    assert set((ROOT / "docs/images").glob("guide-*.png")) == pictures
    assert [path.name for path in pictures if path.stat().st_size > MAX_PICTURE_BYTES] == []
