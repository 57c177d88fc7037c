# ruff: noqa: E501 - a sentence stays on its line
"""`/sns correct`: the form and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WAYS: Final[Mapping[str, str]] = {
    "new_post": "訂正のしかた: 元の投稿を示した訂正の投稿を、新しく出します（元の投稿は残ります）。",
    "delete_and_repost": "訂正のしかた: 元の投稿を削除し、訂正した内容を改めて投稿します。",
}


def title(number: str) -> str:
    """Title the form."""
    return f"{number} の訂正・削除"


def button() -> str:
    """Label the way in on the card."""
    return "訂正・削除"


def go_on() -> str:
    """Label the form's button."""
    return "実行"


def working() -> str:
    """Say that it is under way."""
    return "受け付けました。処理しています。"


def sent_at(moment: str) -> str:
    """Say when it went out."""
    return f"{moment} 投稿"


def way(name: str) -> str:
    """Say which way the city puts an error right there."""
    return WAYS.get(name, name)


def no_recall(platform: str) -> str:
    """Say that a platform takes nothing back."""
    return f"{platform}の配信は取り消せません。すぐに消すべき内容のときも、お詫び・訂正の投稿になります。"


def consent_from(names: str) -> str:
    """Say whose consent the guideline wants for deleting an error."""
    return f"誤りを理由に削除できる方: {names}"


def is_gone() -> str:
    """Say that it is deleted."""
    return "削除済みです。"


def is_deleting() -> str:
    """Say that it is being deleted."""
    return "削除中です。"


def deletes_at(moment: str) -> str:
    """Say when it is to be deleted."""
    return f"{moment} に削除する予定です。「すぐに削除する」に印を付けると、今すぐ削除します。"


def deletion_asked() -> str:
    """Say that a person is asked about its deletion."""
    return "削除について確認中です。「すぐに削除する」に印を付けると、今すぐ削除します。"


def not_out(moment: str, number: str) -> str:
    """Say of an account that it is not out there yet."""
    when = f"（{moment} の予定）" if moment else ""
    return f"まだ投稿されていません{when}。投稿をやめるときは /sns cancel {number} で止められます。"


def not_out_hint(number: str) -> str:
    """Say what to do with a post of which nothing is out."""
    return f"まだどこにも投稿されていません。内容を直すときは /sns draft {number}（予定は止まり、決裁を取り直します）、やめるときは /sns cancel {number} をお使いください。個人情報などで今すぐ止めるときは、下で理由を選んでください。"


def stops_at_once() -> str:
    """Mark an urgent reason for what is not out yet."""
    return "すぐに止めます"


def stop_at_once() -> str:
    """Label the confirmation."""
    return "中止の確認"


def stop_now() -> str:
    """Label the box."""
    return "すぐに止める"


def stop_now_detail() -> str:
    """Say what the box means."""
    return "どのアカウントにも投稿されません。記録は残ります。"


def goes_on(numbers: str) -> str:
    """Say that the correction that is there takes its place."""
    return f"訂正の投稿は、予定どおり進みます: {numbers}"


def stands(numbers: str) -> str:
    """Say that the correction is there, and that no second one was opened."""
    return (
        f"訂正はすでにあるため、新しくは作りませんでした: {numbers}（まだ投稿していないときは、至急提出してください）"
    )


def emergency_hint() -> str:
    """Point to the faster way."""
    return "緊急発信の訂正を急ぐときは、/sns now で続報を出すと決裁を待たずに発信できます。"


def corrected_by(numbers: str) -> str:
    """Name the corrections that are there."""
    return f"すでにある訂正: {numbers}"


def who_deletes(names: str) -> str:
    """Say who may delete at once."""
    return f"すぐに削除できる方: {names}（あなたは訂正の下書きを作れます）"


def cause() -> str:
    """Label the reason."""
    return "訂正・削除の理由"


def goes_at_once() -> str:
    """Mark an urgent reason."""
    return "すぐに削除します（決裁を待ちません）"


def at_once() -> str:
    """Label the confirmation."""
    return "削除の確認"


def delete_now() -> str:
    """Label the box."""
    return "すぐに削除する"


def delete_now_detail() -> str:
    """Say what the box means."""
    return "元に戻せません。本文・画像・日時などの記録は残ります。"


def note() -> str:
    """Label the note."""
    return "詳しい理由"


def note_hint() -> str:
    """Say when the note is needed."""
    return "すぐに削除するときは必ず入力してください。記録に残り、運用管理者に伝わります。個人情報そのものは書かないでください。"


def tick_first() -> str:
    """Ask for the confirmation."""
    return "この理由のときは、すぐに削除します。よければ印を付けてください。"


def tick_to_stop() -> str:
    """Ask for the confirmation of what is not out yet."""
    return "この理由のときは、すぐに止めます。よければ印を付けてください。"


def delete_first() -> str:
    """Ask for the confirmation at the shell."""
    return "この理由のときは、すぐに削除します。よければ --delete を付けて、もう一度実行してください。"


def ask_others() -> str:
    """Say that others must do it."""
    return "この理由での削除は、すぐに削除できる方に至急ご連絡ください。"


def deleting(names: str) -> str:
    """Name what is deleted now."""
    return f"削除します: {names}"


def waiting(names: str) -> str:
    """Name what is deleted once it is known to be there."""
    return f"投稿されたかを確認中です。投稿されていれば、すぐに削除します: {names}"


def stopped(names: str) -> str:
    """Name what was stopped in time."""
    return f"投稿前に止めました: {names}"


def cannot_recall(names: str) -> str:
    """Name what the platform takes nothing back of."""
    return f"取り消せません（LINEの配信は取り消せません）: {names}"


def forbidden(names: str) -> str:
    """Name what the guideline forbids to delete."""
    return f"運用方針により、この理由では削除できません: {names}"


def unconsented(names: str) -> str:
    """Name what would need a consent."""
    return f"運用方針により、削除には了承が必要なため残っています: {names}"


def left(names: str) -> str:
    """Name where only others may delete."""
    return f"削除する権限がないため、まだ残っています: {names}"


def left_to(names: str) -> str:
    """Name those others."""
    return f"残っている分を削除できるのは {names} です。通知しましたが、至急ご連絡ください。"


def stop_from(names: str) -> str:
    """Say that the newest version goes on, and who may stop it."""
    return f"この投稿のいまの版は止めていません。止められるのは {names} です。同じ内容が含まれるときは、至急ご連絡ください。"


def ahead(names: str) -> str:
    """Name what the old post has yet to go to."""
    return f"まだ投稿されていません。訂正が先に決裁されれば元の投稿は出ませんが、それまでは予定どおり投稿されます（止めるときは /sns cancel）: {names}"


def tasks() -> str:
    """Head the duties."""
    return "運用方針により、あわせて行うこと:"


def newer(number: str, cause: str, names: str) -> str:
    """Say on the old card which post puts it right."""
    return f"訂正: {number}（{cause}、{names}）"


def older(number: str, cause: str, names: str) -> str:
    """Say on the new card what it puts right."""
    return f"{number} の訂正（{cause}、{names}）"
