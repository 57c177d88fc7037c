"""`/sns whitelist` and `/sns period` in Slack, against the whole product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatops.sandbox.hand import words_of

if TYPE_CHECKING:
    from theatre import Theatre

    from chatops.sandbox.hand import Hand

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.process, pytest.mark.timeout(120)]


def ask(hand: Hand, command: str, expected: str) -> str:
    """Type a command, wait for an answer that holds *expected*, and return the whole of it."""
    hand.type(command)
    found = hand.wait_for_message(lambda message: expected in said(message), f"{expected!r} after {command!r}")
    return said(found)


def said(message: object) -> str:
    """Return everything that a message says."""
    return f"{message.text}\n{words_of(message.blocks or [])}"  # type: ignore[attr-defined] # the stand-in's record


def test_the_manager_keeps_the_list_by_hand_and_the_clerk_reads_it(theatre: Theatre) -> None:
    """Add, check, list, remove, history; the clerk may look and may not change."""
    manager, clerk = theatre.hand("koho_takahashi"), theatre.hand("koen_tanaka")
    order = (
        "@Chiba_Pref --区分 public_body --名称 千葉県 広報課 --根拠 https://www.pref.chiba.lg.jp/ --見直し 2027-03-31"
    )

    assert "広報広聴課長 高橋 健一（運用管理者）" in ask(clerk, f"/sns whitelist add {order}", "この操作ができるのは")
    ask(clerk, "/sns ホワイトリスト 一覧", "登録はありません")
    ask(manager, f"/sns ホワイトリスト 追加 {order}", "@chiba_pref（千葉県 広報課）を登録しました。")
    checked = ask(clerk, "/sns whitelist 確認 https://x.com/chiba_pref", "柏市公式X による @chiba_pref のリポスト")
    listed = ask(clerk, "/sns whitelist", "次の見直し: 2027-03-31")
    ask(manager, "/sns whitelist remove @chiba_pref 名称が変わったため", "の登録を削除しました")
    past = ask(clerk, "/sns whitelist 履歴 chiba_pref", "削除: 広報広聴課長 高橋 健一")

    assert "登録済み: 千葉県 広報課（国・地方公共団体等）" in checked
    assert "2(4)カ" in checked
    assert "https://www.pref.chiba.lg.jp/" in listed
    assert "理由: 名称が変わったため" in past
    ask(clerk, "/sns whitelist 消す", "/sns whitelist check @名前")
    ask(clerk, "/sns whitelist check @a --acton follow", "「--acton」という指定はありません")


def test_a_period_is_set_in_slack_and_ended(theatre: Theatre) -> None:
    """Set, listed, ended; what cannot be read is said with how to write it."""
    manager, clerk = theatre.hand("koho_takahashi"), theatre.hand("koen_tanaka")
    order = "選挙期間 --from 2027-04-18 --to 2027-04-25 --扱い 了承 --語 候補者、投票 --理由 市議会議員選挙"

    ask(manager, "/sns period add 選挙期間 --from 来春 --to 2027-04-25", "「来春」を日時として読み取れません")
    ask(clerk, f"/sns period add {order}", "この操作ができるのは")
    ask(manager, f"/sns 期間 設定 {order}", "2027年4月18日(日) 0:00 から 2027年4月26日(月) 0:00 まで")
    listed = ask(clerk, "/sns 期間 一覧", "理由: 市議会議員選挙")
    ask(manager, "/sns 期間 終了 選挙期間 延期されたため", "期間「選挙期間」を終えました。")
    ask(clerk, "/sns period", "設定された期間はありません。")

    assert "「候補者」、「投票」" in listed
    assert "運用管理者の了承を求める" in listed
