"""The draft form and its review."""

from __future__ import annotations


def title_new() -> str:
    """Title a blank form."""
    return "投稿の下書き"


def title_edit(number: str) -> str:
    """Title the form of a draft."""
    return f"下書き {number}"


def title_review(number: str) -> str:
    """Title the review."""
    return f"{number} 内容の確認"


def go_on() -> str:
    """Label the form's button."""
    return "確認へ進む"


def section_line(section: str) -> str:
    """Say on whose behalf it is written."""
    return f"所属: {section}"


def returned(note: str) -> str:
    """Say why it came back."""
    return f"差戻しの理由: {note}"


def text() -> str:
    """Label the common text."""
    return "本文（全媒体共通）"


def accounts() -> str:
    """Label the accounts."""
    return "投稿するアカウント"


def category() -> str:
    """Label the category."""
    return "分類"


def variant(platform: str) -> str:
    """Label a platform's own text."""
    return f"{platform} 用の本文（共通の本文と変えるときだけ）"


def variant_description(platform: str) -> str:
    """Label a platform's own description."""
    return f"{platform} の説明文（共通の本文と変えるときだけ）"


def video_title(platform: str) -> str:
    """Label a video's title."""
    return f"{platform} のタイトル"


def video_title_hint() -> str:
    """Say when the title is needed."""
    return "YouTube に投稿するときは、必ず入力してください。"


def variants_head() -> str:
    """Head the platforms' own texts."""
    return "媒体ごとに変えるとき"


def kept_files() -> str:
    """Label the files that the draft already has."""
    return "添付済みのファイル（外すときは印を消してください）"


def files() -> str:
    """Label the new files."""
    return "画像（4枚まで）と動画（1本まで）"


def descriptions() -> str:
    """Label the images' descriptions."""
    return "画像の説明（1行に1枚分、画像の順に）"


def descriptions_hint() -> str:
    """Say what descriptions are for."""
    return "目の不自由な方に読み上げられます。添付済みのファイルがあるときは、その分から順に書いてください。"


def day() -> str:
    """Label the day."""
    return "投稿日"


def hour() -> str:
    """Label the hour."""
    return "投稿時刻"


def related() -> str:
    """Label the box of what is related to a disaster."""
    return "災害への関連"


def related_box() -> str:
    """Say what the box says."""
    return "災害関連の投稿です（道路・水道・学校など）"


def related_hint() -> str:
    """Say what it leads to."""
    return "災害で投稿が一時停止されている間も、広報担当の方が1件ずつ確認すれば送れます。"


def related_already() -> str:
    """Say that it is marked."""
    return "【災害関連】の投稿として指定されています。"


def hour_hint() -> str:
    """Say what no time means."""
    return "日付と時刻のどちらも空にすると、決裁後すぐに投稿します。"


def latest_day() -> str:
    """Label the last useful day."""
    return "有効期限の日（この時を過ぎたら投稿しません）"


def latest_hour() -> str:
    """Label the last useful hour."""
    return "有効期限の時刻"


def checking() -> str:
    """Say that the draft is being looked at."""
    return "確認しています…"


def checking_detail() -> str:
    """Say what happens meanwhile."""
    return "添付ファイルを取り出し、運用方針と各媒体の制限を確かめています。この画面を閉じても、結果はお知らせします。"


def submitting(number: str) -> str:
    """Say that it is being submitted."""
    return f"{number} 提出しています…"


def choose_files_again() -> str:
    """Say that Slack forgets files."""
    return "ファイルを添付していた場合は、もう一度選んでください。"


def reads_as(account: str) -> str:
    """Head an account's pane."""
    return f"{account} での見え方"


def no_text() -> str:
    """Say that a pane has no text."""
    return "（本文なし）"


def titled(title: str) -> str:
    """Show a title."""
    return f"タイトル: {title}"


def media_line(kind: str, name: str, alt: str) -> str:
    """Show a file in words."""
    what = "動画" if kind == "video" else "画像"
    return f"{what}: {name}（説明: {alt}）" if alt else f"{what}: {name}（説明なし）"


def undescribed(names: str) -> str:
    """Name the images that nobody described."""
    return f"説明のない画像: {names}"


def refusals_head() -> str:
    """Head the reasons why a platform does not take it."""
    return "投稿できない理由"


def finding_effect(effect: str) -> str:
    """Name how strong a finding is."""
    return {
        "block": "投稿できません",
        "escalate": "上位者の了承が必要です",
        "warn": "ご確認ください",
        "allow": "認められています",
    }.get(effect, "参考")


def citation(document: str, section: str, quote: str) -> str:
    """Cite a clause."""
    return f"{document} {section}「{quote}」" if quote else f"{document} {section}"


def place() -> str:
    """Stand before a place of the text."""
    return "該当箇所:"


def applies_to(accounts: str) -> str:
    """Say which accounts a finding is about."""
    return f"対象: {accounts}"


def mirrored(name: str) -> str:
    """Say who will repost it."""
    return f"投稿後、{name} がリポストします。"


def offer() -> str:
    """Ask whether to move the time."""
    return "投稿日時が開庁時間外です。どうしますか。"


def keep_time() -> str:
    """Offer the time as it is."""
    return "この時刻のまま提出する（上位者の了承が必要です）"


def take_opening(moment: str) -> str:
    """Offer the next opening."""
    return f"次の開庁時刻 {moment} に変更する"


def next_opening(moment: str) -> str:
    """Name the next opening."""
    return f"投稿日時が開庁時間外です。次の開庁時刻は {moment} です。"


def when(moment: str) -> str:
    """Show the time of posting."""
    return f"投稿日時: {moment}"


def until(moment: str) -> str:
    """Show the latest useful time."""
    return f"有効期限: {moment}"


def route(steps: str) -> str:
    """Show the round that lies ahead."""
    return f"決裁経路（{steps}）" if steps else "決裁経路"


def no_route() -> str:
    """Say that nobody need approve it."""
    return "決裁経路: なし（提出すると、決裁を待たずに投稿の予定に入ります）"


def no_step() -> str:
    """Say that an account needs no approval."""
    return "なし（決裁は要りません）"


def nothing_found() -> str:
    """Say that the guideline has nothing against it."""
    return "運用方針の指摘はありません。"


def submit() -> str:
    """Label the button that submits."""
    return "提出"


def edit() -> str:
    """Label the button that goes back to the form."""
    return "書き直す"


def go_on_writing() -> str:
    """Label the button that opens a saved draft."""
    return "続きを書く"


def cannot_submit() -> str:
    """Say that it can't go in as it is, and how to mend it."""
    return "このままでは提出できません。「書き直す」を押して、上の理由を直してください。下書きは保存してあります。"


def saved_line(number: str) -> str:
    """Say that nothing is lost."""
    return f"下書き {number} は保存してあります。この画面を閉じても、/sns draft {number} で続きを書けます。"


def saved_message(number: str) -> str:
    """Tell of a saved draft outside the form."""
    return f"下書き {number} を保存しています。続きを書くか、このまま提出してください。"


def saved_but_blocked(number: str) -> str:
    """Tell of a saved draft that can't go in yet."""
    return f"下書き {number} を保存していますが、このままでは提出できません。「続きを書く」から直してください。"


def not_saved(why: str) -> str:
    """Tell outside the form that a draft could not be saved."""
    return f"下書きを保存できませんでした。{why}"


def done_title(number: str) -> str:
    """Title the last page of a form."""
    return f"{number} 完了"


def not_done_title() -> str:
    """Title the page that says that something did not work."""
    return "できませんでした"
