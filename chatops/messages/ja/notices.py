# ruff: noqa: E501 - a sentence stays on its line
"""What people are told without having asked."""

from __future__ import annotations


def sent(account: str) -> str:
    """Tell that a post is out."""
    return f"✅ {account} に投稿しました。"


def reposted(account: str) -> str:
    """Tell that a repost is out."""
    return f"✅ {account} がリポストしました。"


def link() -> str:
    """Label a link to the post."""
    return "投稿を見る"


def account_link() -> str:
    """Label a link to the account."""
    return "アカウントを見る"


def late_by(minutes: int) -> str:
    """Say how late it went out."""
    return f"予定より{minutes}分遅れました。"


def failed(account: str, why: str) -> str:
    """Tell that a post could not go out."""
    return f"❌ {account} には投稿できませんでした。{why}"


def waits(account: str, why: str) -> str:
    """Tell that a post waits."""
    return f"⏳ {account}: {why}"


def due_again(account: str, moment: str) -> str:
    """Tell when it will go out."""
    return f"⏳ {account} には {moment} に投稿します。"


def stopped(account: str) -> str:
    """Tell that a delivery was stopped."""
    return f"⏹ {account} への投稿を止めました。"


def found_after_all(number: str, account: str, state: str, place: str) -> str:
    """Tell that a post is there which the ledger does not take for it."""
    return (
        f"⚠️ {number} が {account} に投稿されていることが、後から分かりました（{place}）。台帳の状態は「{state}」です。"
        "投稿先を開いて、二重の投稿や、止めたはずの投稿が残っていないかを確かめ、不要なものは投稿先で削除してください。"
    )


def found_for_another(number: str, account: str, owner: str, place: str) -> str:
    """Tell that a post which was found for one delivery is another's."""
    return (
        f"⚠️ {number} の投稿として {account} で確かめた投稿（{place}）は、{owner} のものだったことが、後から分かりました。"
        f"{number} が投稿されているかどうかは分かりません。投稿先を開いて確かめ、"
        "投稿されていないときは、あらためて下書きを作って提出してください。"
    )


def removed_after_all(number: str, account: str, state: str, place: str) -> str:
    """Tell that something was taken away although that was called off."""
    return (
        f"⚠️ {number} の {account} の投稿（{place}）は、取り消されていることが後から分かりました。"
        f"台帳の状態は「{state}」です。投稿先を開いて確かめてください。"
    )


def state(account: str, state: str) -> str:
    """Tell a delivery's state."""
    return f"{account}: {state}"


def ask_there(account: str, why: str) -> str:
    """Ask whether a post is there."""
    return f"❓ {account} に投稿されたかどうかを確かめられませんでした。{why}媒体の画面を見て、選んでください。"


def ask_still(account: str, why: str) -> str:
    """Ask whether to send in spite of it."""
    return f"❓ {account}: {why}それでも送りますか。"


def ask_hours(account: str, why: str) -> str:
    """Ask whether to send now, to wait for the opening, or to let it be."""
    return f"❓ {account}: {why}今すぐ送るか、開庁を待つか、送らないかを選んでください。"


def send_now() -> str:
    """Label: send now, outside the hours."""
    return "今すぐ送る"


def wait_for_opening() -> str:
    """Label: wait for the opening."""
    return "開庁を待つ"


def send_now_title() -> str:
    """Title the form that asks why it goes out outside the hours."""
    return "時間外に今すぐ送る"


def send_now_reason() -> str:
    """Label the reason for which it goes out outside the hours."""
    return "今すぐ送る理由"


def send_now_hint() -> str:
    """Say who may leave the reason out."""
    return "理由は記録に残ります。運用管理者の方は空欄のままでも送れます。"


def ask_fixed(account: str, why: str) -> str:
    """Ask for a repair, then whether to go on."""
    return f"❓ {account} への投稿を止めています。{why}直ったら「もう一度送る」を押してください。"


def ask_rewritten(account: str, why: str) -> str:
    """Ask for another text."""
    return f"❓ {account} への投稿を止めています。{why}「書き直す」から直して、もう一度提出してください。送らないときは「送らない」を押してください。"


def who_must(who: str) -> str:
    """Say who must act."""
    return f"対応をお願いする方: {who}"


def is_there() -> str:
    """Label: it is there."""
    return "投稿されていた"


def is_not_there() -> str:
    """Label: it is not there."""
    return "投稿されていない（もう一度送る）"


def send_anyway() -> str:
    """Label: send in spite of it."""
    return "それでも送る"


def send_again() -> str:
    """Label: send again."""
    return "もう一度送る"


def do_not_send() -> str:
    """Label: do not send."""
    return "送らない"


def answered(who: str, answer: str) -> str:
    """Show an answered question."""
    return f"{who} が回答しました: {answer}"


def approved(number: str, by: str, goes: str) -> str:
    """Tell the author of 決裁, and when it goes out."""
    return f"{number} が決裁されました（{by}）。{goes}"


def returned(number: str, by: str) -> str:
    """Tell the author of 差戻し."""
    return f"{number} が差し戻されました（{by}）。"


def rejected(number: str, by: str) -> str:
    """Tell the author of 廃案."""
    return f"{number} は廃案になりました（{by}）。"


def reason(text: str) -> str:
    """Show why it was sent back or rejected."""
    return f"理由: {text}"


def note(text: str) -> str:
    """Show a decision's note."""
    return f"メモ: {text}"


def returned_next(number: str) -> str:
    """Say what to do with a returned post."""
    return f"「書き直す」を押すか、/sns draft {number} で直して、もう一度提出してください。"


def sign_off(number: str, names: str) -> str:
    """Ask for 後閲."""
    return f"緊急発信 {number} の後閲をお願いします（後閲ができる方: {names}）。"


def signed(number: str, who: str, moment: str) -> str:
    """Tell that 後閲 was given."""
    return f"緊急発信 {number} の後閲が済みました: {who}（{moment}）"


def expired(number: str) -> str:
    """Tell that a post ran out of time."""
    return f"{number} は、有効期限までに決裁されなかったため、投稿しません。まだ必要なときは、日時を直した新しい下書きを提出してください。"


def new_version(number: str, version: int, names: str) -> str:
    """Tell that a new version waits for a decision."""
    return (
        f"{number} の第{version}版が提出されました。カードで内容を確かめてください（次に承認・決裁する方: {names}）。"
    )


def deleted(account: str) -> str:
    """Tell that a post is deleted."""
    return f"✅ {account} の投稿を削除しました。"


def undone(account: str) -> str:
    """Tell that a repost is undone."""
    return f"✅ {account} のリポストを取り消しました。"


def nothing_to_delete(account: str) -> str:
    """Tell that a deletion ended without one."""
    return f"⏹ {account}: 削除は行いませんでした。"


def ask_delete(account: str, why: str) -> str:
    """Ask for a deletion by hand."""
    return f"❓ {account} の投稿を削除できていません。{why}媒体の画面で確かめ、残っていれば削除してください。"


def ask_still_delete(account: str, why: str) -> str:
    """Ask whether a deletion still holds."""
    return f"❓ {account} の投稿の削除を止めています。{why}元の投稿だけを先に消してよければ「削除する」を、残すときは「削除しない」を押してください。"


def delete_it() -> str:
    """Label: delete it."""
    return "削除する"


def is_gone() -> str:
    """Label: it is deleted."""
    return "削除した（消えていた）"


def delete_again() -> str:
    """Label: delete again."""
    return "もう一度削除する"


def do_not_delete() -> str:
    """Label: do not delete."""
    return "削除しない"
