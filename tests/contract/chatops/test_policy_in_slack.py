"""`/sns policy` as people use it in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops.sandbox.hand import words_of

if TYPE_CHECKING:
    from paper_heart import PaperHeart

    from chatops.sandbox.hand import Hand

Serve = Any


def test_a_manager_reads_the_replay_and_presses_the_button(serve: Serve, heart: PaperHeart, chief: Hand) -> None:
    """Nothing is confirmed by the words alone: the button below the replay does it, and names that replay."""
    serve()
    assert chief.type("/sns policy confirm 3 試算を確かめた").is_acknowledged
    look = chief.wait_for_message(lambda m: "この内容で確認する" in m.text, "the replay")
    assert "K-7 公園緑地課X: 可 → 不可" in words_of(look.blocks)
    assert heart.packs.done == []

    assert chief.press(look, "この内容で確認する").is_acknowledged
    chief.wait_for_message(lambda m: "2027年1月4日(月) 0:00 から施行します" in m.text, "the answer")
    assert heart.packs.done == [("confirm", 3, "試算を確かめた", "c" * 64)]


def test_a_refusal_is_a_command_and_its_answer(serve: Serve, heart: PaperHeart, chief: Hand) -> None:
    """With its reason; without one the usage is shown and nothing is done."""
    serve()
    chief.type("/sns policy refuse 3")
    chief.wait_for_message(lambda m: "/sns policy refuse 3 理由" in m.text, "the usage")
    chief.type("/sns 運用方針 却下 3 時期尚早")
    chief.wait_for_message(lambda m: "認めないことにしました" in m.text, "the answer")

    assert heart.packs.done == [("refuse", 3, "時期尚早", "")]


def test_anybody_of_staff_reads_the_rules_in_force(serve: Serve, clerk: Hand) -> None:
    """The list, one change whole, and a number that there is not."""
    serve()
    clerk.type("/sns policy")
    listed = clerk.wait_for_message(lambda m: m.text == "運用方針", "the list")
    assert "第五版" in words_of(listed.blocks)
    clerk.type("/sns policy 3")
    whole = clerk.wait_for_message(lambda m: "第3号" in m.text, "the change")
    assert "+opens: 09:00" in words_of(whole.blocks)
    clerk.type("/sns policy 9")
    clerk.wait_for_message(lambda m: "第9号という運用方針の変更はありません" in m.text, "the refusal")
