# ruff: noqa: E501 - a sentence stays on its line
"""`sns now` at the shell."""

from __future__ import annotations


def kind(name: str) -> str:
    """Name the kind."""
    return f"災害の種類: {name}"


def reason(text: str) -> str:
    """Name the reason."""
    return f"緊急発信の理由: {text}"


def reads(names: str) -> str:
    """Head a text as it will appear."""
    return f"── {names} での見え方 ──"


def send_now() -> str:
    """Ask for the one confirmation."""
    return "決裁を待たずに、今すぐ発信します。よろしければ y を入力してください: "


def submit_now() -> str:
    """Ask for the confirmation where the kind is no disaster."""
    return "通常の決裁に回します。よろしければ y を入力してください: "


def not_sent() -> str:
    """Say that nothing was sent."""
    return "発信していません。"


def not_sent_say_yes() -> str:
    """Say how it is sent where nobody can be asked."""
    return "まだ発信していません。上の内容でよければ、--yes を付けてもう一度実行してください。"


def changed() -> str:
    """Say that the preview is new."""
    return "確認の間に内容が変わりました。もう一度お確かめください。"


def choose_kind(listed: str) -> str:
    """Ask for the kind by an option."""
    return f"まだ発信していません。災害の種類を指定して、もう一度実行してください。\n{listed}"


def choose_event(listed: str) -> str:
    """Ask for the event by an option."""
    return f"まだ発信していません。続報か新しい事案かを指定して、もう一度実行してください。\n{listed}"


def no_such_event(given: str, known: str) -> str:
    """Say that an event cannot be chosen."""
    return f"まだ発信していません。「{given}」という事案はありません。選べるもの: {known}"


def short_unreadable(given: str) -> str:
    """Say how a shorter text is given."""
    return f"まだ発信していません。「{given}」は読み取れません。--short x=短い本文 のように指定してください（媒体は x, line, facebook, youtube）。"


def kinds() -> str:
    """Head the kinds."""
    return "災害の種類を選んでください。"


def events() -> str:
    """Head the open events."""
    return "どの事案の発信ですか。続報にすると、前の報のうち、まだ送れていない分は送りません。"


def pick(proposed: str) -> str:
    """Ask for one of a list."""
    return f"左の記号を入力してください（Enter だけなら {proposed}）: " if proposed else "左の記号を入力してください: "


def is_own(written: str) -> str:
    """Ask whether a contact is the city's own."""
    return f"本文の「{written}」は、市の連絡先・施設ですか（記録に残ります）。そうなら y: "


def is_checked(names: str) -> str:
    """Ask whether the others may be published."""
    return f"市のものではない {names} を、公表してよいと確かめましたか（記録に残ります）。確かめたなら y: "


def ask_reason() -> str:
    """Ask for the reason."""
    return "緊急発信の理由（記録に残ります）: "


def sends_itself() -> str:
    """Say that this command sends, where no worker does."""
    return "配信の処理が動いていないため、このコマンドから直接送ります。終わるまで閉じないでください。"


def goes_on(number: str) -> str:
    """Say that some have not ended."""
    return f"60秒たっても終わっていないものがあります。もう一度発信せず、sns show {number} で経過をご確認ください。急ぐときは、防災行政無線など、ほかの手段もお使いください。"


def all_out(number: str) -> str:
    """Say that it is out everywhere."""
    return f"{number} は、すべて発信できました。後閲が必要です。"


def not_all_out(number: str) -> str:
    """Say that it is not out everywhere."""
    return f"{number} には、発信できていないものがあります。上の内容をご確認のうえ、必要ならほかの手段でもお知らせください。"


def answer_with(number: str, account: str) -> str:
    """Say by which command a question is answered."""
    return f"答えるとき: sns answer {number} {account} （sent 投稿されていた／send もう一度送る／cancel 送らない） --as 職員のキー"
