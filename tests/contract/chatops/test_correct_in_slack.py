"""`/sns correct` over the stand-in Slack: what the form says, and what it wants before anything is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paper_heart import PaperPost

from chatops.sandbox.hand import wait_until, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from paper_heart import PaperHeart

    from chatops.sandbox.hand import Hand
    from chatops.sandbox.records import OpenView

WHY, BOX, NOTE = "訂正・削除の理由", "削除の確認", "詳しい理由"


def open_form(heart: PaperHeart, hand: Hand) -> OpenView:
    """Type the command about a post."""
    heart.posts["K-12"] = PaperPost(number="K-12", author="clerk", form=None)  # type: ignore[arg-type]  # not looked at
    hand.type("/sns correct K-12")
    return hand.wait_for_form("K-12 の訂正・削除")


def test_the_form_says_where_it_went_and_which_way_holds_there(
    serve: Callable[..., object], heart: PaperHeart, chief: Hand
) -> None:
    """Each account with its link, its way and its clause; of LINE it says plainly that nothing can be taken back."""
    serve()
    said = words_of(open_form(heart, chief).payload["blocks"])

    assert "https://x.com/kashiwa_koen/status/1" in said
    assert "元の投稿を示した訂正の投稿を、新しく出します" in said
    assert "誤りのある投稿は、訂正の投稿で正しく伝えるのが基本です。" in said
    assert "4(1)" in said
    assert "LINEの配信は取り消せません" in said


def test_a_deletion_wants_a_tick_and_a_reason(serve: Callable[..., object], heart: PaperHeart, chief: Hand) -> None:
    """Personal data goes at once, and only after 「すぐに削除する」 was ticked; then every account is answered for."""
    serve()
    view = open_form(heart, chief)
    errors = chief.submit(view, {WHY: "personal_data"}).errors
    assert {"correct.at_once", "correct.note"} == set(errors)
    assert [] == heart.corrections

    assert {} == chief.submit(view, {WHY: "personal_data", BOX: ["confirmed"], NOTE: "氏名"}).errors
    wait_until(lambda: heart.corrections or None, "the order")
    [order] = heart.corrections
    assert ("K-12", "personal_data", "氏名", True) == (order.number, order.cause, order.note, order.is_at_once)
    answer = wait_until(lambda: _answer(chief), "the answer")
    for told in ("K-13", "削除します: 公園緑地課X", "LINEの配信は取り消せません", "□ お詫びの投稿を作る"):
        assert told in answer


def test_a_correction_wants_neither(serve: Callable[..., object], heart: PaperHeart, chief: Hand) -> None:
    """A typing error opens a draft, and deletes nothing."""
    serve()
    view = open_form(heart, chief)
    assert {} == chief.submit(view, {WHY: "typo"}).errors
    wait_until(lambda: heart.corrections or None, "the order")
    assert ("typo", False) == (heart.corrections[0].cause, heart.corrections[0].is_at_once)


def test_who_may_not_delete_reads_who_may(serve: Callable[..., object], heart: PaperHeart, clerk: Hand) -> None:
    """No box to tick, the names of those who can, and an urgent reason is answered with them."""
    serve()
    view = open_form(heart, clerk)
    said = words_of(view.payload["blocks"])
    errors = clerk.submit(view, {WHY: "personal_data", NOTE: "氏名"}).errors

    assert "すぐに削除できる方: 課長 佐藤 誠" in said
    assert BOX not in said
    assert ["correct.cause"] == list(errors)
    assert [] == heart.corrections


def _answer(hand: Hand) -> str | None:
    said = words_of(hand.wait_for_form("K-12 の訂正・削除").payload["blocks"])
    return said if "K-13" in said else None
