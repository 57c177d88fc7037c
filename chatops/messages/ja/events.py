# ruff: noqa: E501 - a sentence stays on its line
"""Events (事案), their reports, and what takes another post's place."""

from __future__ import annotations

from typing import Final

LEVELS: Final = {
    1: "警戒レベル1（早期注意情報）",
    2: "警戒レベル2（注意報）",
    3: "警戒レベル3（高齢者等避難）",
    4: "警戒レベル4（避難指示）",
    5: "警戒レベル5（緊急安全確保）",
}


# ── a report, and what took a post's place ───────────────────────────────────────────────────────


def report(event: int, kind: str, n: int, *, is_closing: bool) -> str:
    """Name a report."""
    return f"事案{event}（{kind}）第{n}報" + ("（解除）" if is_closing else "")


def level(number: int) -> str:
    """Name an alert level."""
    return f"警戒レベル{number}"


def areas(names: str) -> str:
    """Name the areas."""
    return f"対象地域: {names}"


def newer_report(number: str, n: int) -> str:
    """Name a newer report."""
    return f"第{n}報（{number}）"


def newer_closing(number: str, n: int) -> str:
    """Name the report that closed the event."""
    return f"解除の第{n}報（{number}）"


def newer_correction(number: str) -> str:
    """Name a correction."""
    return f"訂正（{number}）"


def newer_post(number: str) -> str:
    """Name a newer post that is none of these."""
    return f"新しい投稿（{number}）"


def replaced(account: str, newer: str) -> str:
    """Tell that a post was not sent, since a newer one took its place."""
    return f"⏹ {newer}に置き換えられたため、{account} には送りませんでした。"


def replaced_why(newer: str) -> str:
    """Say on the card why a delivery ended."""
    return f"{newer}に置き換えられたため、送りませんでした。"


def replaced_if_absent(newer: str) -> str:
    """Say what becomes of a delivery that is on its way, or that nobody knows the end of."""
    return f"{newer}に置き換えられました。届いていなければ、もう送りません。"


def replaces(older: str, names: str) -> str:
    """Say on the newer post's card what it took the place of."""
    return f"{older}のうち、まだ送れていなかった分（{names}）を置き換えました。"


def older_report(number: str, n: int) -> str:
    """Name an older report."""
    return f"第{n}報（{number}）"


# ── questions ────────────────────────────────────────────────────────────────────────────────────


def ask_replaced(account: str, newer: str) -> str:
    """Ask whether a post that is replaced is there."""
    return f"❓ {account}: {newer}に置き換えられたため、この投稿はもう送りません。ただし、すでに投稿されたかどうかを確かめられませんでした。媒体の画面を見て、どちらかを選んでください。"


def not_there() -> str:
    """Label: it is not there, and will not be."""
    return "投稿されていない"


def ask_still_valid(account: str, minutes: int) -> str:
    """Ask whether an emergency post still holds."""
    return f"❓ {account}: 緊急発信から{minutes}分以内に送れていません。内容は今も有効ですか。有効なら「送る」、状況が変わったときは「置き換える」、もう要らないときは「送らない」を押してください。"


def send() -> str:
    """Label: it still holds, send it."""
    return "送る"


def replace() -> str:
    """Label: send another in its place."""
    return "置き換える"


# ── the form of /sns now ─────────────────────────────────────────────────────────────────────────


def event() -> str:
    """Label the event."""
    return "事案"


def event_hint() -> str:
    """Say what a report of the same event does."""
    return "続報にすると、前の報のうち、まだ送れていない分は送りません。"


def new_event() -> str:
    """Offer to open an event."""
    return "新しい事案"


def event_choice(number: int, kind: str, reports: int, moment: str, areas: str) -> str:
    """Offer an open event."""
    return f"事案{number} {kind}（第{reports}報 {moment}）{areas}"


def as_report(n: int) -> str:
    """Say which report it will be."""
    return f"第{n}報として発信します。"


def as_first() -> str:
    """Say that it opens an event."""
    return "新しい事案の第1報として発信します。"


def as_closing(n: int) -> str:
    """Say that it closes the event."""
    return f"解除の第{n}報として発信し、事案を終えます。"


def will_replace(older: str, names: str) -> str:
    """Say what will not be sent any more."""
    return f"{older}のうち、まだ送れていない分（{names}）は、送らずに置き換えます。"


def areas_label() -> str:
    """Label the areas."""
    return "対象地域（本文には入りません）"


def level_label() -> str:
    """Label the alert level."""
    return "警戒レベル（本文には入りません）"


def no_level() -> str:
    """Offer no alert level."""
    return "なし"


def level_choice(number: int) -> str:
    """Offer an alert level."""
    return LEVELS[number]


def closing_label() -> str:
    """Label the box of 解除."""
    return "解除"


def closing_box() -> str:
    """Say what the box does."""
    return "解除の発信です（前の報で送れていない分をすべて止め、事案を終えます）"


# ── the answer ───────────────────────────────────────────────────────────────────────────────────


def sent_as(event: int, n: int) -> str:
    """Say which report it became."""
    return f"事案{event}の第{n}報です。"


def sent_closing(event: int, n: int) -> str:
    """Say that the event is closed."""
    return f"事案{event}の第{n}報（解除）です。事案{event}を終えました。"


def sent_replaced(older: str) -> str:
    """Say what it took the place of."""
    return f"まだ送れていなかった {older} を置き換えました。置き換えた分は送りません（送信中だったものは、届いたかどうかを確かめます）。"


def sent_reopened(closed: int) -> str:
    """Say that the event that was chosen was closed meanwhile."""
    return f"選んだ事案{closed}はすでに解除されていたため、新しい事案を開きました。"
