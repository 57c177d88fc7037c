"""The page of states."""

from __future__ import annotations

from pathlib import Path

from publisher.delivery import TRANSITIONS, DeliveryEvent, DeliveryState
from publisher.states_page import build_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "states.md"


def test_the_page_in_the_documents_is_the_one_the_tables_print() -> None:
    """`docs/states.md` is printed anew with every change of a table."""
    assert PAGE.read_text(encoding="utf-8") == build_page()


def test_the_page_draws_every_transition_and_explains_every_word() -> None:
    """Each transition is an arrow, and each state and event of a delivery has its sentence."""
    page = build_page()
    assert [
        f"    {a} --> {b}: {e}\n" for (a, e), b in TRANSITIONS.items() if f"    {a} --> {b}: {e}\n" not in page
    ] == []
    assert [word for word in (*DeliveryState, *DeliveryEvent) if f"| `{word}` |  |" in page] == []
