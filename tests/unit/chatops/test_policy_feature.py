"""`/sns policy`: what is typed, what is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from paper_packs import DIFFERENCE, OPEN_CHANGE, PACK, REPLAY, PaperPacks

from chatops.block_kit import fits_message, texts_of
from chatops.features.policy.listeners import Order, read_order
from chatops.features.policy.views import build_change, build_last_look, build_list
from chatops.messages import Voice
from chatops.pack_words import difference_lines, replay_line
from publisher.api import Change

SAY = Voice(now=OPEN_CHANGE.proposed_at)
TEXTS = PaperPacks().texts("kashiwa", 3)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Order(word="list")),
        ("3", Order(word="show", number=3)),
        ("第３号", Order(word="show", number=3)),
        ("confirm 3 試算を確かめた", Order(word="confirm", number=3, reason="試算を確かめた")),
        ("確認　３　問題なし", Order(word="confirm", number=3, reason="問題なし")),
        ("Refuse 12 時期尚早 4月に", Order(word="refuse", number=12, reason="時期尚早 4月に")),
        ("却下 第12号 時期尚早", Order(word="refuse", number=12, reason="時期尚早")),
        ("confirm 3", Order(word="confirm", number=3)),
        ("confirm", Order(word="")),
        ("3 よい", Order(word="")),
        ("propose x.yaml", Order(word="")),
    ],
)
def test_what_is_typed_is_read(typed: str, expected: Order) -> None:
    """English and Japanese words, full-width digits and spaces; what is none of it is not guessed."""
    assert expected == read_order(typed)


def test_the_list_has_what_is_in_force_and_what_waits() -> None:
    """The document with its edition; the open change with its day, its replay and what to type."""
    said = "\n".join(texts_of(build_list([PACK], [OPEN_CHANGE], SAY)))

    assert "柏市公式ツイッター運用ガイドライン 第五版（kashiwa、X）" in said
    assert "施行: 2027年1月4日(月) 0:00" in said
    assert "8月22日(土) 0:00 からの投稿40件（52件の判定）のうち、1件の判定が変わります" in said
    assert "/sns policy confirm 3 理由" in said


def test_a_file_that_is_not_in_force_is_named_with_what_to_do() -> None:
    """Somebody may believe that it is."""
    said = "\n".join(texts_of(build_list([replace(PACK, differs_from_file=True)], [], SAY)))

    assert "sns policy propose cities/kashiwa.pack.yaml --pack kashiwa" in said
    assert "確認待ちの変更はありません。" in said


def test_the_last_look_shows_the_replay_and_carries_its_digest() -> None:
    """Each post with both decisions, the sentence and the clause; the button says which replay was shown."""
    blocks = build_last_look(OPEN_CHANGE, "試算を確かめた", SAY)
    said = "\n".join(texts_of(blocks))
    (button,) = blocks[-1]["elements"]

    assert "K-7 公園緑地課X: 可 → 不可" in said
    assert "加わる指摘: リンクは付けられません。（柏市公式ツイッター運用ガイドライン 2(4)キ）" in said
    assert "記録する理由: 試算を確かめた" in said
    assert '"d": "' + "c" * 64 in button["value"]


def test_a_change_shows_how_the_text_differs() -> None:
    """Line by line, with signs in front."""
    said = "\n".join(texts_of(build_change(OPEN_CHANGE, TEXTS, SAY)))

    assert "-opens: 08:30\n+opens: 09:00" in said


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
def test_a_change_of_every_post_still_fits_into_a_message(locale: str) -> None:
    """Two hundred long differences: some are shown, the rest is counted."""
    long = replace(DIFFERENCE, message=replace(DIFFERENCE.message, ja="長い" * 200, en="long " * 200))
    replay = replace(REPLAY, differing=900, differences=(long,) * 200)
    view = replace(OPEN_CHANGE, replay=replay, reason="理由" * 500)
    say = Voice(locale=locale, now=SAY.now)
    texts = ("a\n" * 3000, "b\n" * 3000)

    assert fits_message(build_change(view, texts, say))
    assert fits_message(build_last_look(view, "理" * 500, say))
    assert fits_message(build_list([PACK], [view] * 30, say))


def test_routes_and_questions_are_told_as_such() -> None:
    """The decision stays, another sign-off is needed; a question falls away."""
    route = replace(DIFFERENCE, change=Change.ROUTE, new="allow", places=())
    question = replace(DIFFERENCE, change=Change.QUESTION, new="allow", is_new=False, places=())
    lines = difference_lines(replace(REPLAY, differences=(route, question), differing=2), SAY)

    assert lines == [
        *("K-7 公園緑地課X: 可のまま", "　加わる決裁経路: リンクは付けられません。"),
        *("K-7 公園緑地課X: 可のまま", "　なくなる確認事項: リンクは付けられません。"),
    ]


def test_what_could_not_be_compared_is_said() -> None:
    """No difference would be a lie where nothing was compared."""
    assert "比べていません" in replay_line(replace(REPLAY, is_base_readable=False), SAY)
