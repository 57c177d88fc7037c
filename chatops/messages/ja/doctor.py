# ruff: noqa: E501 - a sentence stays on its line
"""What `sns doctor` found, and what to do about it, code by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.template import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

AREAS: Final[Mapping[str, str]] = {
    "home": "SNS_HOME のフォルダー",
    "key": "鍵",
    "database": "データベース",
    "credentials": "認証情報",
    "clock": "時計",
    "ledger": "台帳",
    "workers": "投稿を送る処理",
    "watch": "遅れや滞り",
    "holds": "一時停止",
    "lanes": "媒体の状態",
    "limits": "送信枠",
    "mail": "メール",
    "slack": "Slack",
    "platforms": "媒体への接続",
    "media": "画像の公開アドレス",
    "online": "アカウントの認証",
}
SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # limits
    "limits_well": ("送信枠にも金額にも、通常の投稿の分が残っています。", ""),
    "share_used": (
        "{account} は、通常の投稿の枠を使い切っています（{limit}件のうち{used}件を使用。{reserve}件は緊急発信用）。",
        "枠が空けば自動で送ります。いつも足りないときは、自治体設定の budget を見直してください。",
    ),
    "money_used": (
        "{account} は、今月の利用額が {used} ドルです（上限 {limit} ドル。うち {reserve} ドルは緊急発信用）。",
        "通常の投稿は翌月まで確認待ちになります。必要なら、自治体設定の month_usd を見直してください。",
    ),
    # settings, files, folders
    "settings_well": ("設定（環境変数）に誤りはありません。", ""),
    "ca_unreadable": (
        "SNS_CA_FILE の {path} を、証明書（PEM 形式）として読めません。",
        "正しいファイルを指定してください。直すまで、Slack・媒体・メール中継サーバーのどれにもつながりません。",
    ),
    "cities_well": ("自治体の設定と運用方針に誤りはありません（{names}）。", ""),
    "mistake": ("{text}", "直すまで、sns serve は起動しません。"),
    "unavailable": (
        "{of}を調べられませんでした（{detail}）。",
        "ほかの項目を先に直してから、もう一度実行してください。",
    ),
    "broke": (
        "{of}を調べている途中で、想定外のエラーが起きました（{type}）。",
        "続くときは、この行を開発元に知らせてください。",
    ),
    "home_missing": (
        "SNS_HOME のフォルダー {folder} がまだありません。",
        "初めての起動なら、そのままで構いません（sns serve が作ります）。そうでなければ、SNS_HOME を確かめてください。",
    ),
    "home_unwritable": (
        "SNS_HOME のフォルダー {folder} に書き込めません。",
        "フォルダーの持ち主と権限を確かめてください。",
    ),
    "home_of_another": (
        "SNS_HOME のフォルダー {folder} は、別の利用者（{owner}）のものです。",
        "sns-as-kairan doctor のように、その利用者で実行してください。",
    ),
    "home_open": (
        "SNS_HOME のフォルダー {folder} に、ほかの利用者も入れます。",
        "chmod 700 {folder} を実行してください。",
    ),
    "home_well": ("SNS_HOME のフォルダー {folder} は、持ち主だけが使えます。", ""),
    "disk_full": (
        "{folder} のディスクの空きが {free} しかありません。まもなく投稿を受け付けられなくなります。",
        "すぐに不要なファイルを消すか、ディスクを増やしてください。",
    ),
    "disk_low": (
        "{folder} のディスクの空きが {free} に減っています。",
        "早めに不要なファイルを消すか、ディスクを増やしてください。",
    ),
    "disk_well": ("{folder} のディスクの空きは {free} です。", ""),
    "key_missing": (
        "鍵ファイル {path} がまだありません。",
        "初めての起動なら、そのままで構いません。前からお使いなら、すぐに控えから戻してください（新しい鍵では、保存した認証情報を開けません）。",
    ),
    "key_form": (
        "{origin} は鍵ではありません。",
        "元の鍵に戻すか、openssl rand -base64 32 で作った文字列を入れてください。",
    ),
    "key_readable_by_others": (
        "鍵ファイル {path} を、ほかの利用者も読めます。",
        "chmod 600 {path} を実行してください。",
    ),
    "key_unreadable": ("鍵ファイル {path} を読めません（{reason}）。", "ファイルの持ち主と権限を確かめてください。"),
    "key_well": ("鍵があります（{origin}）。", ""),
    # database
    "database_new": (
        "データベース {path} がまだありません。",
        "初めての起動なら、そのままで構いません（sns serve が作ります）。前からお使いなら、SNS_HOME を確かめるか、控えから戻してください。",
    ),
    "database_of_another": (
        "データベースは調べていません。別の利用者のファイルを開くと、その利用者が使えなくなるおそれがあるためです。",
        "sns-as-kairan doctor のように、持ち主で実行してください。",
    ),
    "database_skipped": (
        "データベースは調べていません。SNS_DATABASE_URL に誤りがあるためです。",
        "上の誤りを直してから、もう一度実行してください。",
    ),
    "database_down": (
        "データベースにつながりません（{detail}）。",
        "PostgreSQL ならサーバーが動いているかと SNS_DATABASE_URL を、SQLite なら SNS_HOME のファイルを確かめてください。",
    ),
    "schema_other": (
        "データベースの形が、このバージョンと合っていません。",
        "PostgreSQL なら sns migrate を実行してください。SQLite なら sns serve を起動すると直ります。",
    ),
    "database_well": ("データベース（{engine}、{size}）につながり、形は最新です。", ""),
    "clock_off": (
        "このサーバーの時計が、データベースの時計と{seconds}秒ずれています。",
        "どちらのサーバーでも、時刻合わせ（chrony など）が動いているか確かめてください。",
    ),
    "clock_well": ("このサーバーの時計は、データベースの時計と合っています。", ""),
    "clock_off_vendors": (
        "このサーバーの時計が、媒体の時計と{seconds}秒ずれています。",
        "時刻合わせ（chrony など）が動いているか確かめてください。ずれたままだと、投稿の時刻が狂い、媒体に断られることもあります。",
    ),
    "clock_well_vendors": ("このサーバーの時計は、媒体の時計と合っています。", ""),
    "clock_unchecked": (
        "時計が合っているかどうかは、媒体から返事がなかったため確かめられませんでした。",
        "timedatectl で、時刻合わせが動いているか確かめてください。",
    ),
    "credentials_missing": (
        "認証情報のないアカウントがあります: {names}。",
        "sns credentials set {first} のように登録してください。登録するまで、そのアカウントには投稿できません。",
    ),
    "credentials_well": (
        "{city}: {count}個のアカウントに、認証情報があります（有効かどうかは sns doctor --online で確かめられます）。",
        "",
    ),
    "key_wrong": (
        "今の鍵（{origin}）では、保存した認証情報を開けません。",
        "認証情報を登録したときの鍵に戻してください。もうないときは、sns credentials forget-all で消して登録し直します。",
    ),
    # sending
    "ledger_held": (
        "台帳が {at} から止まっています。控えから戻したか、複製が動いているおそれがあるためです。",
        "sns ledger show で様子を見て、運用管理者が sns ledger release で解除してください。",
    ),
    "workers_none": (
        "いま送信しているものがありません。",
        "systemctl start kairan（複数台のときは kairan-worker）で起動してください。",
    ),
    "workers_gone": (
        "いま送信しているものがありません（最後の応答は {at}）。",
        "systemctl status 'kairan*' と journalctl -u 'kairan*' で原因を確かめ、systemctl start kairan（複数台のときは kairan-worker）で起動してください。",
    ),
    "workers_well": ("投稿を送る処理が{count}つ動いています（サーバー: {machines}）。", ""),
    "versions_mixed": (
        "動いている処理のバージョンがそろっていません（{versions}）。",
        "入れ替えの途中でなければ、古いほうを再起動してください。",
    ),
    "watch_well": ("遅れている投稿や、止まったままの投稿はありません。", ""),
    "watch_late": (
        "予定の時刻を過ぎても投稿されていないものが{count}件あります: {names}。",
        "sns show で理由を確かめてください。この一覧のほかの ✗ が原因なら、先に直してください。",
    ),
    "watch_late_emergency": (
        "緊急発信がまだ投稿されていません: {names}。",
        "ほかの手段でも知らせてください。sns show で理由を確かめ、この一覧のほかの ✗ を先に直してください。",
    ),
    "watch_late_deletion": (
        "削除がまだ終わっていない投稿があります: {names}。",
        "急ぐときは媒体の画面で直接削除してください。この一覧のほかの ✗ が原因なら、先に直してください。",
    ),
    "watch_lease": (
        "送信の途中で止まったままの投稿があります: {names}。",
        "投稿を送る処理を再起動してください（systemctl restart 'kairan*'）。届いたかどうかを確かめてから続けます。",
    ),
    "watch_unknown": (
        "届いたかどうかを確かめられていない投稿があります: {names}。",
        "媒体の画面を見て、sns answer で答えられるものは答えてください。続くときは systemctl restart 'kairan*' で再起動してください。",
    ),
    "watch_processing": (
        "媒体側の動画の処理が終わらない投稿があります: {names}。",
        "媒体の画面で動画の状態を見てください。",
    ),
    "watch_mirror": (
        "元の投稿は終わったのに、待ったままのリポストがあります: {names}。",
        "必要なら媒体の画面でリポストしてください。続くときは、この行を開発元に知らせてください。",
    ),
    "watch_expiry": (
        "有効期限を過ぎたのに、承認待ちのままの投稿があります: {names}。",
        "systemctl restart 'kairan*' で再起動してください。承認しないよう、関係する方に伝えてください。",
    ),
    "watch_hold": (
        "一時停止を始めたときに送信中だった投稿は終わりましたが、そのお知らせが出ていません。",
        "systemctl restart 'kairan*' で再起動してください。",
    ),
    "watch_notices": (
        "Slack に届けられないお知らせが{count}件あります（Slack の返事: {error}）。",
        "下の Slack の行を確かめてください。channel_not_found や not_in_channel なら、アプリをチャンネルに招待してください。",
    ),
    "watch_worker": (
        "応答のない処理があります（サーバー: {names}）。ほかが動いているので、投稿は続いています。",
        "そのサーバーで systemctl status 'kairan*' を確かめ、止まっていたら起動してください。",
    ),
    "watch_restarted": (
        "投稿を送る処理が予期せず止まり、動き直しました（サーバー: {names}）。",
        "journalctl -u 'kairan*' で原因を確かめてください。",
    ),
    "watch_clock": (
        "時計がデータベースとずれているサーバーがあります: {names}。そのサーバーからは、緊急発信だけを送ります。",
        "そのサーバーで timedatectl を実行し、時刻合わせ（chrony など）を直してください。",
    ),
    "hold_in_force": (
        "{where} の通常の投稿を一時停止しています（{at} から。理由: {reason}）。",
        "終えるときは sns resume を実行します。",
    ),
    "breaker_open": (
        "{platform} の調子が悪いため、{at} まで通常の投稿を控えています。",
        "媒体の障害情報を確かめてください。直れば自動で再開します。",
    ),
    "account_throttled": (
        "{account} は回数制限のため、{at} まで待っています。",
        "待てば自動で再開します。続くときは、媒体の契約プランを確かめてください。",
    ),
    "account_needs_person": (
        "{account} は、人の対応が要るため止めています（認証の失効など）。",
        "承認チャンネルの質問を見て直してください。認証情報は sns credentials set で登録し直すと、すぐ再開します。",
    ),
    "mails_waiting": (
        "送れていないメールが{count}件あります（{error}）。",
        "下のメール中継サーバーの行を確かめてください。",
    ),
    # Slack
    "slack_not_set": (
        "SNS_SLACK_BOT_TOKEN がないため、Slack につながりません。",
        "Slack のアプリ設定画面の Bot User OAuth Token を設定してください。",
    ),
    "slack_unreachable": (
        "Slack につながりません（{error}）。",
        "インターネットへの出口（プロキシなら HTTPS_PROXY と SNS_CA_FILE）を確かめてください。投稿は続き、お知らせはメールで届きます（設定してあれば）。",
    ),
    "slack_refused": (
        "Slack がトークンを受け付けません（{error}）。",
        "Slack のアプリ設定画面でアプリが有効か確かめ、SNS_SLACK_BOT_TOKEN を入れ直して再起動してください。",
    ),
    "slack_well": ("Slack につながり、トークンは有効です（{team}、{user}）。", ""),
    "slack_other_team": (
        "トークンのワークスペース（{found}）が、{city} の設定の slack.team（{team}）と違います。",
        "トークンか、自治体の設定ファイルの slack.team を直してください。",
    ),
    "slack_no_way_in": (
        "Slack からの操作を受け取れません。",
        "SNS_SLACK_APP_TOKEN（ソケットモード）か SNS_SLACK_SIGNING_SECRET（HTTP）を設定してください。",
    ),
    "scopes_unknown": ("Slack の権限（スコープ）は、返事に書かれていなかったため確かめられませんでした。", ""),
    "scopes_missing": (
        "Slack のアプリに足りない権限（スコープ）があります: {names}。",
        "アプリ設定画面の OAuth & Permissions で足して、ワークスペースに再インストールしてください。",
    ),
    "app_token_refused": (
        "Slack が SNS_SLACK_APP_TOKEN を受け付けません（{error}）。",
        "アプリ設定画面の App-Level Tokens（connections:write）を確かめ、入れ直してください。",
    ),
    "signing_unchecked": (
        "Slack からの操作は HTTP で受け取る設定です。署名の鍵が正しいかどうかは、ここからは確かめられません。",
        "Slack で /sns help と打って、返事が来るか確かめてください。",
    ),
    "channel_refused": (
        "承認チャンネル {channel} を読めません（{error}）。",
        "そのチャンネルで /invite @回覧 としてアプリを招待し、自治体の設定ファイルのチャンネル ID を確かめてください。",
    ),
    # mail
    "mail_not_set": (
        "メールの設定がないため、Slack が使えないときに、だれにも知らせられません。",
        "SNS_SMTP_URL に市のメール中継サーバー、SNS_MAIL_FROM に差出人を設定してください。",
    ),
    "relay_well": ("メール中継サーバー {host} につながりました。", ""),
    "relay_unreachable": (
        "メール中継サーバー {host} につながりません（{detail}）。",
        "SNS_SMTP_URL のホストと番号、中継サーバーがこのサーバーからの接続を許しているかを確かめてください。",
    ),
    "relay_timeout": (
        "メール中継サーバー {host} から返事がありません。",
        "SNS_SMTP_URL の方式と番号の組み合わせ（smtp は 25、smtp+starttls は 587、smtps は 465）と、途中の防火壁を確かめてください。",
    ),
    "relay_certificate": (
        "メール中継サーバー {host} の証明書を確かめられません。",
        "ホスト名が証明書と合っているか確かめてください。市の認証局のものなら、SNS_CA_FILE に設定してください。",
    ),
    "relay_starttls_missing": (
        "メール中継サーバー {host} は、暗号化（STARTTLS）に対応していません。",
        "中継サーバーの管理者に確かめ、SNS_SMTP_URL を smtp:// か smtps:// にしてください。",
    ),
    "relay_login_refused": (
        "メール中継サーバー {host} にログインできません（{detail}）。",
        "SNS_SMTP_USER と SNS_SMTP_PASSWORD を確かめてください。",
    ),
    "relay_sender_refused": (
        "メール中継サーバー {host} が差出人を受け付けません（{detail}）。",
        "SNS_MAIL_FROM を、その中継サーバーから送れるアドレスにしてください。",
    ),
    "relay_refused": (
        "メール中継サーバー {host} が受け付けません（{detail}）。",
        "中継サーバーの管理者に、このサーバーからの送信を許してもらってください。",
    ),
    "mail_people": (
        "{city}: 運用管理者・緊急発信者・承認者のうち{count}人のメールアドレスがありません（{names}）。",
        "自治体の設定ファイルの people に email を書いてください。",
    ),
    "admins_not_set": (
        "サーバーの不調を知らせるメールの宛先がありません。",
        "SNS_MAIL_ADMINS に情報担当のアドレスを設定してください（ないときは、運用管理者に届きます）。",
    ),
    # vendors
    "vendor_well": ("{platform} につながります（認証情報が有効かどうかは確かめていません）。", ""),
    "vendor_unreachable": (
        "{platform} の {host} につながりません（{error}）。",
        "インターネットへの出口（プロキシなら HTTPS_PROXY と SNS_CA_FILE）と、媒体の障害情報を確かめてください。",
    ),
    "online_well": ("{account}: {platform} の認証情報は有効です（{found}）。", ""),
    "online_other": (
        "{account}: 認証情報は、別のアカウント（{found}、ID {id}）のものです。",
        "このままでは別のアカウントに投稿されます。sns credentials set {account} で、正しいアカウントのものを登録し直してください。",
    ),
    "online_refused": (
        "{account}: {platform} が認証情報を受け付けません。{why}",
        "{platform} の管理画面でアプリの状態と権限を確かめ、sns credentials set {account} で登録し直してください。",
    ),
    "online_later": (
        "{account}: {platform} の回数制限のため、いまは確かめられません。{why}",
        "しばらくしてから、もう一度 sns doctor --online を実行してください。",
    ),
    "online_unknown": (
        "{account}: {platform} から答えが得られず、確かめられませんでした。",
        "上の「媒体への接続」の行と {platform} の障害情報を確かめて、もう一度実行してください。",
    ),
    "online_no_answer": (
        "{account}: {platform} から{seconds}秒たっても返事がありません。",
        "{platform} の障害情報を確かめて、もう一度実行してください。",
    ),
    "online_unasked": ("{account}: {platform} には、認証情報を確かめる方法がありません。", ""),
    "media_not_set": (
        "SNS_MEDIA_BASE_URL がないため、LINE には画像を送れません。",
        "画像も送るときは、インターネットから届くアドレスを設定してください。",
    ),
    "media_unreachable": (
        "画像の公開アドレス {url} につながりません（{error}）。",
        "リバースプロキシと sns serve が動いているか確かめてください。",
    ),
    "media_well": ("画像の公開アドレス {url} が答えます（インターネット側から届くかどうかは確かめていません）。", ""),
}


def area(name: str) -> str:
    """Name what was looked at."""
    return AREAS.get(name, name)


def found(code: str, params: Mapping[str, str]) -> str:
    """Say what is."""
    return fill(SENTENCES[code][0], params)


def what_to_do(code: str, params: Mapping[str, str]) -> str:
    """Say what to do; nothing where all is well."""
    return fill(SENTENCES[code][1], params)


def nothing_asked(number: str, account: str) -> str:
    """Say that nothing is asked there."""
    return f"{number} の {account} に、答えを待っている質問はありません。sns show {number} で様子を確かめてください。"


def summary(wrong: int, notes: int) -> str:
    """Count what is wrong, and what somebody should know."""
    if wrong:
        return f"\n直すところが{wrong}件（✗）、知っておくことが{notes}件（!）あります。"
    return f"\n直すところはありません。知っておくことが{notes}件（!）あります。" if notes else "\nすべて正常です。"
