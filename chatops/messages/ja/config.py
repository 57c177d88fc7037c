# ruff: noqa: E501 - a sentence stays on its line
"""What is wrong with a setting, a city file or a pack, code by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.template import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

MISTAKES: Final[Mapping[str, str]] = {
    # settings
    "unknown_setting": "{name} という設定はありません。",
    "setting_choice": "{name} に「{value}」は使えません。",
    "setting_wrong": "{name} の値「{value}」が正しくありません（{problem}）。",
    "no_such_file": "{name} のファイル「{value}」がありません。パスを確かめてください。",
    "address_form": "{name} は https:// で始まるアドレスにしてください（? や # は付けません）。今の値: {value}",
    "address_secret": "{name} のアドレスに、ユーザー名やパスワードを入れないでください。",
    "address_plain": "{name} は https:// にしてください。http:// はこのマシンの中（127.0.0.1）でだけ使えます。今の値: {value}",
    "database_form": "{name} は postgresql://ユーザー:パスワード@ホスト/データベース の形にしてください（記号を含むパスワードは %40 のように書きます）。SQLite を使うなら、この設定を消してください。",
    "token_form": "{name} は {beginning} で始まります。Slack のアプリ設定画面で、別のトークンと取り違えていないか確かめてください。",
    "smtp_form": "{name} は smtp://ホスト（暗号化なし）、smtp+starttls://ホスト、smtps://ホスト のどれかの形にしてください。番号は :25 のように付けます。今の値: {value}",
    "smtp_secret": "{name} のアドレスに、ユーザー名やパスワードを入れないでください。SNS_SMTP_USER と SNS_SMTP_PASSWORD に分けて設定します。",
    "mail_form": "{name} は sns@city.example.lg.jp のようなメールアドレスにしてください（SNS_MAIL_ADMINS はカンマで区切って複数書けます）。今の値: {value}",
    "mail_from_missing": "SNS_SMTP_URL を設定したときは、差出人のメールアドレスを SNS_MAIL_FROM に設定してください。",
    "smtp_user_and_password": "SNS_SMTP_USER と SNS_SMTP_PASSWORD は、両方を設定するか、両方を消してください。",
    "smtp_plain_password": "暗号化しない smtp:// では、パスワードを送れません。SNS_SMTP_URL を smtp+starttls:// か smtps:// にするか、SNS_SMTP_USER と SNS_SMTP_PASSWORD を消してください。",
    "clock_form": "SNS_CLOCK の値「{value}」が正しくありません。本番では設定しないでください（real と同じです）。練習では +3600（秒）または file:パス にします。",
    "clock_moved": "SNS_CLOCK で時刻をずらすのは練習のときだけです。本番では SNS_CLOCK を消してください（本物のサービスを指している設定: {names}）。",
    # keys, folders, database
    "key_form": "{origin} は鍵ではありません。openssl rand -base64 32 で作った文字列を入れてください。",
    "key_readable_by_others": "鍵ファイル {path} を、ほかの利用者も読めます。chmod 600 {path} を実行してください。",
    "key_unreadable": "鍵ファイル {path} を読み書きできません（{reason}）。ファイルの持ち主と権限を確かめてください。",
    "home_unwritable": "SNS_HOME のフォルダー {folder} に書き込めません（{reason}）。フォルダーの持ち主と権限を確かめてください。",
    "schema_old": "データベースの形が、このバージョンと合っていません。先に sns migrate を実行してください。",
    "schema_newer": "データベースは、もっと新しいバージョンの形になっています。このバージョンは起動できません。新しいバージョンを入れてから起動してください。",
    "sqlite_not_shared": "SQLite では、sns worker と sns web を別々に動かせません。sns serve を使うか、SNS_DATABASE_URL に PostgreSQL を指定してください。",
    "no_cities_folder": "自治体の設定ファイルを置くフォルダー {folder} がありません。フォルダーを作って <自治体>.yaml を置くか、SNS_CITIES でフォルダーを指定してください。",
    "cities_folder_unreadable": "自治体の設定ファイルを置くフォルダー {folder} を読めません（{reason}）。SNS_CITIES とフォルダーの権限を確かめてください。",
    "no_city_file": "{folder} に、自治体の設定ファイル（<自治体>.yaml）がありません。deploy/city.example.yaml を写して書き換えてください。",
    "file_suffix": "ファイル名の終わりを .yaml にしてください（{name}）。",
    "unreadable": "ファイルを読めません（{reason}）。",
    # the form of a file
    "encoding": "文字コードが UTF-8 ではありません。UTF-8 で保存し直してください。",
    "no_mapping": "「項目: 値」の形で書かれていません。deploy/city.example.yaml を見本にしてください。",
    "tab": "行頭にタブがあります。字下げは半角スペースにしてください。",
    "special_character": '「{value}」で始まる値は、引用符で囲んでください（例: "{value}kashiwa"）。',
    "full_width": "全角の「：」または全角スペースがあります。半角の「: 」にしてください。",
    "colon": "この行か、すぐ上の行の書き方が正しくありません。「項目: 値」の「:」の後の半角スペースと、行頭の字下げを確かめてください。",
    "indentation": "行頭の字下げ（半角スペースの数）が、前後の行とそろっていません。",
    "unclosed": "ここで開いたかっこ、または引用符が閉じられていません。",
    "duplicate_key": "「{value}」が2回書かれています。どちらかを消すか、別の名前にしてください。",
    "syntax": "YAML として読めません（{problem}）。",
    # keys and values
    "unknown_key": "「{name}」という項目はありません。",
    "missing_key": "「{name}」がありません。書き足してください。",
    "wrong_type": "{expected}を書いてください。{value}",
    "unknown_value": "「{value}」は使えません。",
    "wrong_value": "「{value}」は正しくありません（{problem}）。",
    "empty_value": "中身がありません。書き足してください。",
    "too_small": "「{value}」は小さすぎます。{least} 以上にしてください。",
    "too_large": "「{value}」は大きすぎます。{most} 以下にしてください。",
    "key_form_wrong": "「{value}」は使えません。英小文字で始め、英小文字・数字・_・- だけで書いてください（60字まで）。",
    "slack_user_form": "「{value}」は Slack のメンバー ID ではありません。U で始まる ID を書いてください（プロフィールの「︙」→「メンバー ID をコピー」）。",
    "slack_channel_form": "「{value}」は Slack のチャンネル ID ではありません。C で始まる ID を書いてください（チャンネル名をクリックした画面の一番下）。",
    "slack_team_form": "「{value}」は Slack のワークスペース ID ではありません。T で始まる ID を書いてください（ブラウザーで開いた Slack のアドレスにあります）。",
    "email_form": "「{value}」はメールアドレスではありません。",
    "duplicate": "「{value}」が2回あります。別の名前にしてください。",
    "unknown_clause": "「{value}」という条項は、この運用方針にありません。",
    "unknown_placeholder": "文中の {{{value}}} に入るものがありません。",
    # what does not fit together
    "period_backwards": "終わりの日（{end}）が、始まりの日（{start}）より前です。",
    "step_names_one": "経路の段には、position か section のどちらか一方を書いてください。",
    "limit_names_one": "送信枠には、minutes（分）か per（day か month）のどちらか一方を書いてください。",
    "zone_unknown": "「{value}」という時間帯はありません。Asia/Tokyo や America/Los_Angeles のように書いてください。",
    "reserve_takes_all": "{calls}件のうち{reserve}件が緊急発信用になり、通常の投稿が1件も出せません。calls を増やすか、reserve_percent を減らしてください。",
    "file_name": "city が「{value}」なら、ファイル名は {value}.yaml にしてください。",
    "team_taken": "ワークスペース {team} は、{city} がすでに使っています。",
    "section_reserved": "「{value}」は経路の中で特別な意味を持つため、所属のキーに使えません。別のキーにしてください。",
    "slack_user_shared": "Slack の {value} が、複数の職員（{people}）に書かれています。正しい人だけに残してください。",
    "periods_overlap": "{person} の「{value}」の期間が重なっています。from と to を確かめてください。",
    "unknown_section": "「{value}」という所属はありません。",
    "unknown_position": "「{value}」という職はありません。",
    "unknown_account": "「{value}」というアカウントはありません。",
    "unknown_platform": "「{value}」という媒体はありません。",
    "unknown_pack": "「{value}」という運用方針はありません。自前のものは、この設定ファイルと同じフォルダーに {name} という名前で置きます。",
    "no_pack": "{value} の運用方針が packs にありません。「{value}: neutral」のように書き足してください。",
    "mirrors_itself": "{value} が自分自身をリポストすることになっています。消してください。",
    "mirrors_elsewhere": "{value} の媒体は {platform} です。違う媒体の投稿はリポストできません。",
    "mirrors_in_circle": "{value} も {account} をリポストするため、堂々めぐりになります。どちらかを消してください。",
    "last_step_role": "最後の段は決裁です。役割「{value}」では決裁できません（approver、responsible、manager のどれか）。",
    "last_step_section": "最後の段は決裁ですが、{value} に役割「{role}」を持つ職がありません。",
    "last_step_position": "最後の段は決裁ですが、職「{value}」は決裁できる役割（approver、responsible、manager）を持っていません。",
    "nobody_manages": "役割 manager を持つ職に、だれも就いていません。公式アカウントに責任を持つ人を決めてください。",
    "nobody_writes": "役割 author または operator を持つ職に、だれも就いていません。投稿を書く人を決めてください。",
    "stored_pack_unreadable": "運用方針「{pack}」の施行中の内容（第{number}号、{city}）を、このバージョンでは読めません（誤りは次の行から）。前のバージョンに戻すか、直したファイルを sns policy propose で提案し、ほかの運用管理者が sns policy confirm で確認してください。",
}

EXPECTED: Final[Mapping[str, str]] = {
    "text": "文字",
    "true or false": "true か false",
    "a whole number": "整数",
    "a number": "数",
    "a day like 2023-01-04": "実際にある日付（例: 2023-01-04）",
    "a time of day like 08:30": "時刻（例: 08:30）",
    "a list": "一覧（[…] または - の行）",
    "a list of texts": "文字の一覧（[…] または - の行）",
    "names with their values": "「項目: 値」の組",
    "mapping": "「項目: 値」の組",
}
"""What a value should have been, by what the readers call it."""


def mistake(code: str, params: Mapping[str, str], meant: str) -> str:
    """Say one mistake, with what was probably *meant* (empty: nothing near), or what there is to choose from."""
    known = MISTAKES.get(code)
    if known is None:
        return f"想定外の誤り（{code}）です。"
    said = fill(known, {**params, **_words(params)})
    if meant:
        return f"{said}「{meant}」のことですか。"
    return f"{said}使えるのは {params['known']} です。" if params.get("known") else said


def in_place(place: str, sentence: str) -> str:
    """Say where in a file a mistake is."""
    return f"{sentence}（{place}）"


def _words(params: Mapping[str, str]) -> Mapping[str, str]:
    if "expected" not in params:
        return {}
    given = f"今の値は「{params['value']}」です。" if "value" in params else ""
    return {"expected": EXPECTED.get(params["expected"], params["expected"]), "value": given}
