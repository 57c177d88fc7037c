# ruff: noqa: E501 - a sentence stays on its line
"""What the watchdog tells: what is late, stuck or gone, what it waits for, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SUBJECTS: Final[Mapping[str, str]] = {
    "late": "予定の時刻を過ぎた投稿があります",
    "late_over": "遅れていた投稿の結果",
    "late_emergency": "緊急発信がまだ投稿されていません",
    "late_emergency_over": "緊急発信の結果",
    "late_deletion": "削除がまだ終わっていません",
    "late_deletion_over": "遅れていた削除の結果",
    "lease": "送信の途中で止まった投稿があります",
    "lease_over": "止まっていた投稿が動きました",
    "unknown": "届いたか確かめられていない投稿があります",
    "unknown_over": "届いたか確かめていた投稿の結果",
    "processing": "動画の処理が終わらない投稿があります",
    "processing_over": "動画の処理を待っていた投稿の結果",
    "mirror": "リポストが止まっています",
    "mirror_over": "止まっていたリポストが動きました",
    "expiry": "期限を過ぎた投稿が承認待ちのままです",
    "hold": "一時停止のお知らせが出ていません",
    "notices": "Slack にお知らせが届いていません",
    "notices_over": "Slack にお知らせが届くようになりました",
    "inbox": "Slack からの操作が反映されていません",
    "inbox_over": "Slack からの操作が反映されました",
    "worker": "投稿を送るサーバーが1台止まりました",
    "worker_over": "投稿を送るサーバーの件が片付きました",
    "restarted": "投稿を送る処理が止まり、動き直しました",
    "clock": "サーバーの時計がずれています",
    "clock_over": "サーバーの時計が合いました",
    "nobody_sends": "いま投稿を送るものが動いていません",
    "nobody_sends_over": "投稿を送る処理が再び動き始めました",
}
HEADINGS: Final[Mapping[str, str]] = {
    "late": "⏰ 予定の時刻を過ぎても、まだ投稿されていません。",
    "late_over": "先ほどお知らせした、遅れていた投稿の結果です。",
    "late_emergency": "🚨 緊急発信が、まだ投稿されていません。防災行政無線・メール・電話など、ほかの手段でもすぐに知らせてください。",
    "late_emergency_over": "先ほどお知らせした、緊急発信の結果です。",
    "late_deletion": "⚠️ 次の投稿の削除が、まだ終わっていません。",
    "late_deletion_over": "先ほどお知らせした、遅れていた削除の結果です。",
    "lease": "⚠️ 送信の途中で止まったままの投稿があります。",
    "lease_over": "止まっていた投稿が動きました。",
    "unknown": "⚠️ 届いたかどうかを確かめられていない投稿があります。",
    "unknown_over": "届いたかどうかを確かめていた投稿の結果です。",
    "processing": "⚠️ 媒体側の動画の処理が、長い時間終わっていません。",
    "processing_over": "動画の処理を待っていた投稿の結果です。",
    "mirror": "⚠️ 元の投稿は終わったのに、リポストが待ったままです。",
    "mirror_over": "止まっていたリポストが動きました。",
}
WAITS: Final[Mapping[str, str]] = {
    "no_worker": "投稿を送る処理が動いていません。",
    "queue": "ほかの投稿が終わるのを待っています。",
    "sending": "{platform} に送っていますが、返事がまだありません。",
    "retrying": "{platform} につながらず、送り直しています（次は {again}）。",
    "throttled": "{platform} の回数制限のため、{again} まで待っています。",
    "checking": "{platform} に届いたかどうかを確かめています。",
    "processing": "{platform} が動画を処理しています。",
    "repair": "{platform} のアカウントの問題が解決するのを待っています（何をするかは、承認チャンネルの質問にあります）。",
    "lane_closed": "{platform} の障害または制限のため、送るのを控えています。",
}
DO: Final[Mapping[str, str]] = {
    "late": "送れるようになりしだい投稿し、結果をお知らせします。待てないときは、先に /sns cancel（Slack が使えないときは、サーバーで sns cancel）で止めてから、媒体の画面で直接投稿してください（止めずに投稿すると、二重になります）。続くときは、情報担当にサーバーで sns doctor を実行してもらってください。",
    "late_emergency": "送れるようになりしだい投稿し、結果をお知らせします。媒体の画面から直接投稿するときは、先に /sns cancel（Slack が使えないときは、サーバーで sns cancel）で止めてください（止めずに投稿すると、二重になります）。「届いたかどうかを確かめています」とある媒体は、画面を見てから判断してください。",
    "late_deletion": "できるようになりしだい削除し、結果をお知らせします。急ぐときは、媒体の画面で直接削除してください（先に削除しても差し支えありません）。続くときは、情報担当にサーバーで sns doctor を実行してもらってください。",
    "lease": "情報担当は、サーバーで sns doctor を実行してください。媒体の画面でも、投稿されているかどうかを見てください。",
    "unknown": "媒体の画面で、投稿されているかどうかを見てください。情報担当は、サーバーで sns doctor を実行してください。",
    "processing": "媒体の画面で、動画の状態を見てください。情報担当は、サーバーで sns doctor を実行してください。",
    "mirror": "リポストが必要なら、媒体の画面でしてください。情報担当は、サーバーで sns doctor を実行してください。",
}
OVER: Final[Mapping[str, str]] = {
    "notices": "✅ Slack に、待っていたお知らせが届きました。",
    "inbox": "✅ {machine}: 待っていた Slack の操作が、すべて反映されました。",
    "worker": "✅ {machine}: 止まっていた、投稿を送る処理の件が片付きました。投稿は続いています。",
    "clock": "✅ {machine}: 時計のずれの件が片付きました。",
    "nobody_sends": "✅ 投稿を送る処理が、再び動き始めました。待っていた投稿は順に送ります。遅すぎるものは、送る前に確認の質問をします。",
}


def subject(code: str) -> str:
    """Head an e-mail."""
    return SUBJECTS.get(code, "お知らせ")


def heading(code: str) -> str:
    """Say what the deliveries below have in common."""
    return HEADINGS[code]


def is_late(number: str, account: str, planned: str, why: str) -> str:
    """Say of one delivery since when it waits, and for what."""
    return f"・{number} {account}（予定 {planned}）: {why}"


def went_out(number: str, account: str, minutes: int) -> str:
    """Say that it went out after all."""
    late = f"予定より{minutes}分遅れて" if minutes else ""
    return f"・{number} {account}: {late}投稿されました。"


def was_taken_back(number: str, account: str, minutes: int) -> str:
    """Say that a deletion, or the undoing of a repost, is done after all."""
    late = f"予定より{minutes}分遅れて" if minutes else ""
    return f"・{number} {account}: {late}完了しました。"


def is_asked(number: str, account: str) -> str:
    """Say that it is a question now."""
    return f"・{number} {account}: 確認が必要です。承認チャンネルの質問に答えてください。"


def goes_later(number: str, account: str, moment: str, why: str) -> str:
    """Say that it is to go out later."""
    return f"・{number} {account}: {moment} に投稿します。{why}"


def ended(number: str, account: str, state: str, why: str) -> str:
    """Say how it ended, or where it is."""
    return f"・{number} {account}: {state}。{why}"


def waits_for(why: str, platform: str, again: str) -> str:
    """Say what a late delivery waits for."""
    return WAITS[why].format(platform=platform, again=again)


def and_more(count: int) -> str:
    """Say how many more there are."""
    return f"ほか{count}件（/sns queue で見られます）"


def what_to_do(code: str) -> str:
    """Say what to do."""
    return DO[code]


def worker_gone(machine: str, moment: str, others: int) -> str:
    """Tell that a worker stopped beating while others go on."""
    where = f"サーバー {machine} で、" if machine else ""
    return f"⚠️ {where}投稿を送る処理が {moment} から応答していません。ほかの{others}つが動いているので、投稿は続いています。情報担当は、そのサーバーで sns worker（または sns serve）が動いているか確かめ、止まっていたら起動してください。"


def clock_wrong(machine: str, seconds: int) -> str:
    """Tell that a worker's clock is ahead of the database's (below 0: behind), so that it sends nothing planned."""
    where = f"サーバー {machine} の時計" if machine else "投稿を送るサーバーの時計"
    way = "進んで" if seconds > 0 else "遅れて"
    return f"⚠️ {where}が、データベースの時計より{abs(seconds)}秒{way}います。時刻どおりに投稿できないので、このサーバーからは緊急発信のほかは送りません。情報担当は、両方のサーバーで timedatectl を実行し、時刻の同期（NTP）を直してください。直れば、自動で再開します。"


def worker_restarted(machine: str, moment: str, back: str) -> str:
    """Tell that a worker broke down and is there again."""
    where = f"サーバー {machine} で、" if machine else ""
    return f"⚠️ {where}投稿を送る処理が {moment} に予期せず止まり、{back} に動き直しました。送信中だった投稿は、届いたかどうかを確かめてから続けます。情報担当は、サーバーの記録（journalctl -u 'kairan*'）で原因を確かめてください。"


def nobody_sends(machine: str, moment: str, due: int) -> str:
    """Tell that nobody sends."""
    last = f"最後の応答は {moment}{f'（サーバー {machine}）' if machine else ''} です。" if moment else ""
    waiting = f"送るはずの投稿が{due}件、待っています。" if due else "いま待っている投稿はありません。"
    do = "情報担当は、サーバーで systemctl status 'kairan*' と sns doctor を実行し、止まっていたら systemctl start kairan（複数台のときは kairan-worker）で起動してください。"
    if due:
        do += "急ぐお知らせは、ほかの手段も使ってください。媒体の画面から直接投稿するときは、先に /sns cancel（Slack が使えないときは、サーバーで sns cancel）で止めてください（止めずに投稿すると、二重になります）。"
    return f"🚨 いま送信しているものがありません。{last}{waiting}{do}"


def notices_stuck(count: int, moment: str, error: str) -> str:
    """Tell that Slack takes no notices."""
    why = f"（Slack の返事: {error}）" if error else ""
    return f"⚠️ Slack に届けられないお知らせが{count}件あります（古いものは {moment} から）{why}。投稿の送信は続いています。情報担当は、サーバーで sns doctor を実行し、Slack のトークンと、アプリがチャンネルにいるかを確かめてください。"


def inbox_stuck(machine: str, count: int) -> str:
    """Tell that accepted acts are not applied."""
    return f"⚠️ Slack で受け付けた操作が{count}件、まだ反映されていません（サーバー {machine}）。承認や取下げをした方は、カードで結果を確かめてください。情報担当は、サーバーで sns doctor を実行してください。"


def expiry_stuck(numbers: str) -> str:
    """Tell that submitted posts have outlived their time."""
    return f"⚠️ 有効期限を過ぎたのに、承認待ちのままの投稿があります: {numbers}。このまま決裁しないでください。情報担当は、サーバーで sns doctor を実行してください。"


def hold_stuck(moment: str) -> str:
    """Tell what a hold's second answer would have told."""
    return f"⏸ {moment} に始めた一時停止は効いています。そのとき送信中だった投稿は、すべて終わりました（このお知らせが遅れました。情報担当は、サーバーで sns doctor を実行してください）。"


def over(kind: str, machine: str) -> str:
    """Tell that something is over."""
    return OVER.get(kind, "✅ 先ほどお知らせした件は、片付きました。").format(machine=machine or "サーバー")
