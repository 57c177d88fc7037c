# ruff: noqa: E501 - a sentence stays on its line
"""What a city decides about its rules: `whitelist` and `period`, in Slack and at the shell, and their notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

RELATIONS: Final[Mapping[str, str]] = {
    "section_account": "市のアカウント",
    "public_body": "国・地方公共団体等",
    "affiliate": "外郭団体等",
    "designated_manager": "指定管理者",
    "transport": "公共交通機関",
    "cosponsored": "共催・後援団体",
    "other": "その他",
}
EFFECTS: Final[Mapping[str, str]] = {
    "head": "運用管理者の了承を求める",
    "wait": "期間が終わるまで待つ",
}
EFFECTS_AHEAD: Final[Mapping[str, str]] = {
    "head": "送る時刻になると、送る前に運用管理者の了承をお願いします。了承されなければ送りません。",
    "wait": "期間が終わるまで送らずに待ちます。終わった時に有効期限を過ぎていれば、送る前に確認します。",
}
DECISIONS: Final[Mapping[str, str]] = {
    "allow": "できます",
    "warn": "できますが、注意があります",
    "escalate": "了承が必要です",
    "block": "できません",
}
ACTIONS: Final[Mapping[str, str]] = {
    "repost": "リポスト",
    "follow": "フォロー",
}


def relation(name: str) -> str:
    """Name what an account is to the city."""
    return RELATIONS.get(name, name)


def effect(name: str) -> str:
    """Name what a period asks."""
    return EFFECTS.get(name, name)


def effect_ahead(name: str) -> str:
    """Say what will become of a post that a period touches."""
    return EFFECTS_AHEAD.get(name, "")


def decision(name: str) -> str:
    """Say in short what a pack says."""
    return DECISIONS.get(name, name)


def action(name: str) -> str:
    """Name what is asked about."""
    return ACTIONS.get(name, name)


def reviews_due(names: str) -> str:
    """Tell a manager whose entries are to be looked at again."""
    return f"リポスト・フォロー先の見直しの日が過ぎています: {names}。登録を続けるか確かめてください（登録は、見直すまでそのまま有効です。続けるときは、削除してから新しい見直し日で追加します）。"


def period_touches(name: str, starts: str, ends: str, numbers: str, happens: str, reason: str) -> str:
    """Tell whose approved posts a period touches."""
    return f"期間「{name}」（{starts} から {ends} まで）が設定されました。決裁済みの次の投稿が該当します: {numbers}。{happens}（設定の理由: {reason}）"


def list_title() -> str:
    """Head the whitelist."""
    return "リポスト・フォローできるアカウント"


def list_empty() -> str:
    """Say that the list is empty."""
    return "登録はありません。市のアカウントは、登録しなくても対象になります。"


def list_more(count: int) -> str:
    """Say that the list is cut."""
    return f"ほかに{count}件あります。すべて見るには、サーバーで sns whitelist list を実行してください。"


def history_title(handle: str) -> str:
    """Head the history of an account."""
    return f"@{handle} の履歴"


def history_empty(handle: str) -> str:
    """Say that an account was never listed."""
    return f"@{handle} が登録されたことはありません。"


def verified() -> str:
    """Say that an account is known to be the real one."""
    return "本人確認済み"


def aligned(policy: str) -> str:
    """Say with which policy an account agrees."""
    return f"施策: {policy}"


def evidence(text: str) -> str:
    """Say where it shows."""
    return f"根拠: {text}"


def review_on(day: str) -> str:
    """Say when somebody looks again."""
    return f"次の見直し: {day}"


def review_due(day: str) -> str:
    """Say that the day of review has passed."""
    return f"⚠️ 見直しの日（{day}）が過ぎています"


def added(who: str, moment: str) -> str:
    """Say who added it."""
    return f"追加: {who}（{moment}）"


def removed(who: str, moment: str, reason: str) -> str:
    """Say who removed it, and why."""
    return f"削除: {who}（{moment}）理由: {reason}"


def not_mirrored() -> str:
    """Say that an own account is not reposted."""
    return "⏸ リポストの対象から外しています"


def check_result(handle: str, what: str, account: str, result: str) -> str:
    """Say in one line what the pack says."""
    return f"{account} による @{handle} の{what}: {result}"


def check_own(account: str) -> str:
    """Say that it is an account of the city."""
    return f"市のアカウントです（{account}）"


def check_listed(relation: str, name: str) -> str:
    """Say what it is to the city."""
    return f"登録済み: {name}（{relation}）"


def check_unlisted() -> str:
    """Say that it is not listed."""
    return "登録されていません"


def check_who(names: str) -> str:
    """Say who can consent."""
    return f"了承できる方: {names}"


def check_opens(moment: str) -> str:
    """Say from when it is allowed."""
    return f"{moment} からできます"


def period_title() -> str:
    """Head the list of periods."""
    return "期間の設定"


def period_empty() -> str:
    """Say that there is no period."""
    return "設定された期間はありません。"


def period_span(starts: str, ends: str) -> str:
    """Say from when to when."""
    return f"{starts} から {ends} まで"


def period_now() -> str:
    """Say that it is in force."""
    return "実施中"


def period_ended(who: str, moment: str, reason: str) -> str:
    """Say who ended it, and why."""
    return f"終了: {who}（{moment}）理由: {reason}"


def period_about(what: str) -> str:
    """Say which posts it is about."""
    return f"対象: {what}"


def period_about_all() -> str:
    """Say that it is about every post."""
    return "対象: すべての投稿"


def period_reason(text: str) -> str:
    """Say why."""
    return f"理由: {text}"


def period_numbers(numbers: str) -> str:
    """Say which approved posts a new period touches."""
    return f"決裁済みで該当する投稿: {numbers}（作成者と承認者にお知らせしました）"


def period_no_numbers() -> str:
    """Say that a new period touches nothing yet."""
    return "決裁済みの投稿に、該当するものはありません。"


def unreadable_day(text: str) -> str:
    """Say that a day could not be read."""
    return f"「{text}」を日付として読み取れません。2027-03-31 のように入力してください。"


def unreadable_moment(text: str) -> str:
    """Say that a moment could not be read."""
    return f"「{text}」を日時として読み取れません。2027-04-18 または 2027-04-18T09:00 のように入力してください（日本時間）。"


def unknown_option(name: str, known: str) -> str:
    """Say that there is no such option."""
    return f"「{name}」という指定はありません。使えるのは {known} です。"


def option_without_value(name: str) -> str:
    """Say that an option needs a value."""
    return f"{name} の後に値を入力してください。"


def unknown_relation(name: str, known: str) -> str:
    """Say that there is no such relation."""
    return f"「{name}」という区分はありません。使えるのは {known} です。"


def usage_whitelist() -> str:
    """Explain /sns whitelist."""
    return "/sns whitelist list … 一覧（/sns ホワイトリスト 一覧）\n/sns whitelist add @名前 --relation public_body --name 名称 --evidence アドレス --review 2027-03-31 … 追加\n　 付けられるもの: --policy 施策名、--verified、--platform x\n/sns whitelist remove @名前 理由 … 削除\n/sns whitelist history @名前 … 履歴\n/sns whitelist check @名前 … 確認（--action follow、--about-city）"


def usage_period() -> str:
    """Explain /sns period."""
    return "/sns period list … 一覧（/sns 期間 一覧）\n/sns period add 選挙期間 --from 2027-04-18 --to 2027-04-25 --effect head --reason 理由 … 設定（head: 運用管理者の了承、wait: 終わるまで待つ）\n　 付けられるもの: --category、--word、--account（いくつでも）\n/sns period end 選挙期間 理由 … 終了"
