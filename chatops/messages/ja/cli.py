"""What the command `sns` says."""

from __future__ import annotations


def wrong_settings(count: int, mistakes: str) -> str:
    """Say that settings or files are wrong; *mistakes* names each with its place, one a line."""
    return f"設定に{count}件の誤りがあります。直してから、もう一度実行してください。\n{mistakes}"


def wrong_key(origin: str) -> str:
    """Say that the key does not open the stored secrets."""
    return (
        f"鍵が違うため、保存された認証情報を開けません（今の鍵: {origin}）。"
        "認証情報を登録したときの SNS_SECRET_KEY、または鍵ファイルに戻してください。"
        "元の鍵がもうないときは、sns credentials forget-all で消して、登録し直します。"
    )


def no_database(detail: str) -> str:
    """Say that the database can't be reached."""
    return (
        f"データベースを使えません（{detail}）。"
        "PostgreSQL なら SNS_DATABASE_URL とサーバーを、SQLite なら SNS_HOME のファイルを確かめてください。"
    )


def cannot_listen(host: str, port: int, reason: str) -> str:
    """Say that the address cannot be listened on."""
    return (
        f"{host} のポート {port} で待ち受けられません（{reason}）。"
        "sns serve がすでに動いていないか確かめるか、--host と --port で別のアドレスを指定してください。"
    )


def no_slack(names: str) -> str:
    """Warn that Slack stays away because settings are missing."""
    return f"注意: {names} がないため、Slack にはつながりません。"


def no_fields(wanted: str) -> str:
    """Say that standard input was empty, and what is wanted."""
    return f"標準入力に何もありません。必要な項目は {wanted} です。名前=値 を1行に1つずつ入力してください。"


def unclean_fields(names: str) -> str:
    """Name the fields whose values hold what no secret of a platform holds."""
    return f"空白や全角文字が混じっている項目があります: {names}。値を写し直してください。"


def newer_schema() -> str:
    """Say that the database belongs to a newer version of the program."""
    return "データベースは、もっと新しいバージョンの Kairan で作られています。新しいバージョンを使ってください。"


def system_error(detail: str) -> str:
    """Say what the operating system said."""
    return f"実行できませんでした。{detail}"


def crashed(name: str) -> str:
    """Say that there is a fault of ours."""
    return f"想定外のエラーが起きました（{name}）。SNS_LOG_LEVEL=debug を付けて実行すると、詳しい記録が出ます。"


def which_city(cities: str) -> str:
    """Ask for a city where there are several."""
    return f"自治体が複数あります。--city で指定してください: {cities}"


def no_city(city: str, cities: str) -> str:
    """Say that there is no such city."""
    return f"「{city}」という自治体はありません。登録されているのは {cities} です。"


def no_account(account: str, accounts: str) -> str:
    """Say that there is no such account."""
    return f"「{account}」というアカウントはありません。登録されているのは {accounts} です。"


def unreadable_fields() -> str:
    """Say in which form secrets are read."""
    return "標準入力を読み取れません。JSON のオブジェクト、または 名前=値 を1行に1つずつ入力してください。"


def unknown_fields(unknown: str, wanted: str) -> str:
    """Name the fields that the platform does not know."""
    return f"知らない項目があります: {unknown}。必要な項目は {wanted} です。"


def missing_fields(missing: str) -> str:
    """Name the fields that are missing."""
    return f"足りない項目があります: {missing}"


def credentials_set(account: str) -> str:
    """Say that secrets are stored."""
    return f"{account} の認証情報を暗号化して保存しました。"


def forget_all_asked() -> str:
    """Ask before every account's secrets are removed."""
    return "すべてのアカウントの認証情報を消します。登録し直すまで、どこにも投稿できません。よろしいですか。"


def forgotten(count: int) -> str:
    """Say how many accounts' secrets were removed."""
    return f"{count}件の認証情報を消しました。今の鍵で sns credentials set を実行し直してください。"


def is_set() -> str:
    """Say that an account has secrets."""
    return "登録済み"


def is_not_set() -> str:
    """Say that an account has none."""
    return "未登録"


def migrated() -> str:
    """Say that the schema is the newest."""
    return "データベースを最新の形にしました。"


def cities_well(cities: str) -> str:
    """Say that the city files are right."""
    return f"自治体の設定に誤りはありません: {cities}"


def serving(url: str) -> str:
    """Say where it serves."""
    return f"起動しました: {url}"


def serving_people(url: str) -> str:
    """Say where people are served by a process that does not deliver."""
    return f"起動しました: {url} （Slack・Web だけです。配信は sns worker が行います）"


def working(name: str, platforms: str) -> str:
    """Say that a worker delivers."""
    return f"配信を始めました: {name} （{platforms}）。SIGTERM を受け取ると、送信中のものを終えてから止まります。"


def home_in_use(home: str) -> str:
    """Say that another process serves people from the home folder."""
    return (
        f"別の sns serve か sns web が、SNS_HOME のフォルダー {home} を使っています。"
        "それを止めてから起動するか、1台で複数動かすときは SNS_HOME を分けてください。"
    )


def queue_empty() -> str:
    """Say that nothing waits."""
    return "承認待ち・投稿予定の投稿はありません。"
