"""The approval card, its buttons and its small forms."""

from __future__ import annotations


def title(number: str, section: str) -> str:
    """Head the card."""
    return f"{number} {section}"


def fallback(number: str, section: str, state: str) -> str:
    """Say the card in one line, for notifications."""
    return f"{number} {section} の投稿: {state}"


def emergency(kind: str) -> str:
    """Mark an emergency post."""
    return f"緊急発信（{kind}）" if kind else "緊急発信"


def emergency_reason(reason: str) -> str:
    """Show why it was sent at once."""
    return f"緊急発信の理由: {reason}"


def author(name: str) -> str:
    """Name the author."""
    return f"作成者: {name}"


def category(name: str) -> str:
    """Name the category."""
    return f"分類: {name}"


def version(number: int) -> str:
    """Name the version."""
    return f"第{number}版"


def state(state: str, outlook: str) -> str:
    """Say where it is."""
    return f"状態: {state}（{outlook}）" if outlook else f"状態: {state}"


def waiting_for(names: str) -> str:
    """Say who is next."""
    return f"次に承認・決裁する方: {names}"


def findings_head() -> str:
    """Head the findings."""
    return "運用方針の指摘"


def questions_head() -> str:
    """Head the checklist."""
    return "決裁の前に確認すること"


def step_done(step: str, who: str, moment: str) -> str:
    """Show a step that is done."""
    return f"✓ {step}: {who}（{moment}）"


def step_refused(step: str, who: str, moment: str) -> str:
    """Show a step that ended in 差戻し or 廃案."""
    return f"✗ {step}: {who}（{moment}）"


def step_open(step: str, who: str) -> str:
    """Show a step that is open."""
    return f"□ {step}: {who}"


def more_accounts(count: int, number: str) -> str:
    """Say that accounts are left out."""
    return f"ほか{count}アカウント（全文は /sns show {number}）"


def approve_step() -> str:
    """Label 承認."""
    return "承認"


def approve_final() -> str:
    """Label 決裁."""
    return "決裁"


def send_back() -> str:
    """Label 差戻し."""
    return "差戻し"


def reject() -> str:
    """Label 廃案."""
    return "廃案"


def withdraw() -> str:
    """Label 取下げ."""
    return "取下げ"


def edit() -> str:
    """Label the author's way back to the form."""
    return "書き直す"


def sign_off() -> str:
    """Label 後閲."""
    return "後閲"


def title_step(number: str) -> str:
    """Title the checklist's form on a step before the last."""
    return f"{number} の承認"


def title_final(number: str) -> str:
    """Title the checklist's form on the last step."""
    return f"{number} の決裁"


def title_return(number: str) -> str:
    """Title the form of 差戻し."""
    return f"{number} の差戻し"


def title_reject(number: str) -> str:
    """Title the form of 廃案."""
    return f"{number} の廃案"


def note() -> str:
    """Label the optional note."""
    return "メモ"


def reason() -> str:
    """Label the required reason."""
    return "理由（作成者に伝わります）"


def reason_missing() -> str:
    """Ask for the reason."""
    return "理由を入力してください。"


def press_again() -> str:
    """Say that the form could not be opened in time."""
    return "確認事項の画面を開けませんでした。お手数ですが、もう一度ボタンを押してください。"


def deliveries_head() -> str:
    """Head the deliveries."""
    return "配信の状況"


def delivery_line(account: str, state: str, when: str) -> str:
    """Show a delivery in one line."""
    return f"{account}: {state}{when}"


def at(moment: str) -> str:
    """Put a moment in brackets."""
    return f"（{moment}）"


def ordered_by(moment: str, name: str) -> str:
    """Say when something was taken back, and by whose order."""
    return f"（{moment}、{name}の指示）"


def kept_head() -> str:
    """Head what was kept before a deletion."""
    return "削除前の記録"


def kept_line(account: str, sent: str, taken: str) -> str:
    """Say what was kept of a post on an account."""
    posted = f"{sent} 投稿、" if sent else ""
    return f"{account}（{posted}{taken} 記録）"


def kept_url(url: str) -> str:
    """Say where a deleted post was."""
    return f"投稿されていたアドレス: {url}"


def history_head() -> str:
    """Head the history."""
    return "経過"


def sent_at(moment: str) -> str:
    """Say when an emergency post was sent."""
    return f"発信日時: {moment}"


def sign_off_open() -> str:
    """Say that 後閲 is still to be given."""
    return "後閲: まだです"


def signed_off(who: str, moment: str) -> str:
    """Say who gave 後閲, and when."""
    return f"後閲: {who}（{moment}）"


def emergency_route() -> str:
    """Say why there was no round."""
    return "決裁: 緊急発信のため、決裁を待たずに発信しました。"


def no_route() -> str:
    """Say that a post needed no round."""
    return "決裁経路: なし（決裁の要らない投稿です）"


def silent_image(alt: str) -> str:
    """Stand in for an image that Slack cannot show."""
    return f"画像: {alt}" if alt else "画像"
