# ruff: noqa: E501 - a sentence stays on its line
"""`/sns now`."""

from __future__ import annotations


def title() -> str:
    """Title the confirmation."""
    return "緊急発信の確認"


def text() -> str:
    """Label the text."""
    return "本文"


def kind() -> str:
    """Label the kind."""
    return "災害の種類"


def kind_hint() -> str:
    """Say what the kind decides."""
    return "災害に当たらない種類を選ぶと、発信せずに通常の決裁に回します。"


def reason() -> str:
    """Label the reason."""
    return "緊急発信の理由（記録に残ります）"


def short(platform: str) -> str:
    """Label the shorter text."""
    return f"{platform} 用の短い本文"


def short_hint(why: str) -> str:
    """Say why it is needed."""
    return f"今の本文のままでは発信できません。{why}空のままにすると、この媒体には発信しません。"


def still_refused(why: str) -> str:
    """Say that the shorter text does not fit either."""
    return f"この本文でも発信できません。{why}"


def going(names: str) -> str:
    """Say where it goes."""
    return f"発信するアカウント: {names}"


def going_later(names: str) -> str:
    """Say where it goes once it is approved."""
    return f"決裁を受けてから投稿するアカウント: {names}"


def going_none() -> str:
    """Say that it goes nowhere."""
    return "このままでは、どのアカウントからも発信できません。本文を直してください。"


def refused(names: str) -> str:
    """Say where it does not go."""
    return f"このままでは発信できないアカウント: {names}。短い本文を入力すると発信します。"


def reposting(names: str) -> str:
    """Say who reposts."""
    return f"リポストするアカウント: {names}"


def silent(names: str) -> str:
    """Say who stays silent."""
    return f"発信しない所属アカウント: {names}"


def warning() -> str:
    """Say what sending means."""
    return "「今すぐ発信」を押すと、決裁を待たずに、時間外でもすぐに発信します。発信後に後閲が必要です。"


def no_disaster(kind: str) -> str:
    """Say that a kind is not sent at once."""
    return f"災害に当たらない種類（{kind}）です。すぐには発信せず、通常の決裁に回します。災害のときは、災害の種類を選び直してください。"


def blocked(names: str) -> str:
    """Say where a rule forbids it."""
    return f"運用方針により発信できないアカウント: {names}"


def changed(button: str) -> str:
    """Say that the preview is new."""
    return f"内容が変わりました。下の内容を確かめてから、もう一度「{button}」を押してください。"


def submit() -> str:
    """Label the button."""
    return "今すぐ発信"


def sending() -> str:
    """Say that it is under way."""
    return "発信しています…"


def sending_detail() -> str:
    """Say what happens meanwhile."""
    return "受け付けました。この画面を閉じても、発信は続きます。"


def sent_going(names: str) -> str:
    """Say where it went."""
    return f"発信先: {names}"


def sent_refused(names: str) -> str:
    """Say where it did not go."""
    return f"発信していないアカウント: {names}"


def usage() -> str:
    """Say how to call it."""
    return "本文を続けて入力してください。例: /sns now 【避難指示】…"


def too_long_for_form(limit: int) -> str:
    """Say that Slack's form is too small."""
    return f"本文は{limit}字までにしてください。"


def reason_ordinary() -> str:
    """Label the reason where the kind is no disaster."""
    return "急ぐ理由（記録に残ります）"


def refused_later(names: str) -> str:
    """Say where it does not go once it is approved."""
    return f"このままでは投稿できないアカウント: {names}。短い本文を入力すると、決裁に回します。"


def kind_open() -> str:
    """Ask for the kind, and say what it decides."""
    return "災害の種類を選んでください。災害ならば決裁を待たずにすぐ発信し、災害に当たらなければ通常の決裁に回します。"


def submit_ordinary() -> str:
    """Label the button where the kind is no disaster."""
    return "決裁に回す"


def submitting() -> str:
    """Say that it is under way to approval."""
    return "決裁に回しています…"


def submitting_detail() -> str:
    """Say what happens meanwhile."""
    return "受け付けました。この画面を閉じても、提出は続きます。"


def contacts() -> str:
    """Ask which contacts are the city's own."""
    return "本文にある連絡先・住所"


def contact_own(written: str) -> str:
    """Declare a contact to be the city's own."""
    return f"「{written}」は市の連絡先・施設です（記録に残ります）"


def contact_other() -> str:
    """Take responsibility for what is not the city's own."""
    return "印のないものは市のものではありませんが、公表してよいと確かめました（記録に残ります）"


def contacts_hint() -> str:
    """Say what can be done."""
    return "どちらにも当たらないものは、本文から消してください。"


def contacts_hint_ordinary() -> str:
    """Say what is done with what is not declared."""
    return "印のないものは、公表してよいかを決裁で確かめます。"


def contacts_open() -> str:
    """Say that a contact is neither declared nor checked."""
    return "印のない連絡先・住所があります。市のものなら印を付けてください。市のものでなければ、一番下に印を付けるか、本文から消してください。"
