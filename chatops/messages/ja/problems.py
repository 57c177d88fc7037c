# ruff: noqa: E501 - a sentence stays on its line
"""What platforms say of a plan, and why a delivery failed or waits, code by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.ja.labels import platform
from chatops.messages.template import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

REMARKS: Final[Mapping[str, str]] = {
    "text_empty": "本文がありません。本文を入力してください。",
    "text_too_long": "本文が長すぎます（{used}／{limit}）。短くしてください。",
    "title_too_long": "タイトルが長すぎます（{used}／{limit}）。短くしてください。",
    "text_invalid_character": "本文に使えない文字（制御文字など）が含まれています。入力し直してください。",
    "title_left_out": "タイトルはこの媒体には表示されません。",
    "images_left_out": "画像{count}枚はこの媒体には載りません。",
    "video_left_out": "動画はこの媒体には載りません。",
    "video_alt_left_out": "動画の説明はこの媒体には載りません。",
    "alt_left_out": "画像の説明（代替テキスト）はこの媒体には載りません。",
    "media_mixed": "画像と動画（または GIF）は一緒に投稿できません。どちらか一方にしてください。",
    "too_many_images": "画像が多すぎます（{count}枚、上限{limit}枚）。減らしてください。",
    "too_many_videos": "動画は1本だけにしてください。",
    "alt_too_long": "{number}枚目の画像の説明が長すぎます（{used}／{limit}字）。",
    "image_type": "{number}枚目の画像の形式（{mime}）は使えません。JPEG か PNG にしてください。",
    "image_too_large": "{number}枚目の画像が大きすぎます（{mb} MB、上限 {limit_mb} MB）。小さくしてください。",
    "video_type": "動画の形式（{mime}）は使えません。MP4 にしてください。",
    "video_too_large": "動画が大きすぎます（{mb} MB、上限 {limit_mb} MB）。小さくしてください。",
    "video_duration": "動画の長さ（{seconds}秒）は投稿できる範囲にありません（上限{limit}秒）。",
    "video_too_long": "動画が長すぎます（{seconds}秒、上限{limit}秒）。短くしてください。",
    "media_type_refused": "この形式のファイル（{mime}）は使えません。別の形式にしてください。",
    "media_too_large": "ファイルが大きすぎます（{mib} MB、上限 {limit} MB）。小さくしてください。",
    "media_too_many": "添付ファイルが多すぎます（{count}件、上限{limit}件）。減らしてください。",
    "media_missing": "添付ファイルが見つかりません。もう一度添付して、提出し直してください。",
    "media_address_missing": "LINE: 画像を送るには公開アドレスが必要です。情報担当にご連絡ください。",
    "youtube_needs_video": "YouTube に投稿するには動画が必要です。動画を添付するか、YouTube を外してください。",
    "youtube_needs_title": "YouTube のタイトルを入力してください。",
    "youtube_forbidden_characters": "YouTube では「<」と「>」を使えません。置き換えてください。",
    "youtube_verified_only": "{minutes}分を超える動画は、確認済みの YouTube アカウントでのみ公開できます。",
    "unreachable": "{platform} につながりませんでした。自動でやり直します。",
    "no_answer": "{platform} から応答がありませんでした。届いたかどうかを確かめます。",
    "vendor_error": "{platform} 側の一時的な障害です。届いていないと分かれば、自動でやり直します。",
    "platform_error": "{platform} 側の一時的な障害です。届いていないと分かれば、自動でやり直します。",
    "unexpected_answer": "{platform} から想定外の応答がありました。届いたかどうかを確かめます。",
    "answer_unreadable": "{platform} の応答を読み取れませんでした。届いたかどうかを確かめます。",
    "refused": "{platform} がこの内容を受け付けませんでした。内容を直して、新しい版を提出してください。",
    "content_refused": "{platform} がこの内容を受け付けませんでした。内容を直して、新しい版を提出してください。",
    "link_refused": "本文のリンクが受け付けられませんでした。リンクを直してください。",
    "duplicate": "同じ内容がすでに投稿されているため、受け付けられませんでした。本文を変えてください。",
    "duplicate_after_attempt": "同じ内容がすでにあるとの応答です。先の送信が届いていたかを確かめます。",
    "token_refused": "{platform} との接続の期限が切れたか、取り消されています。情報担当が再接続してください（sns credentials set）。",
    "token_invalid": "{platform} との接続の期限が切れたか、取り消されています。情報担当が再接続してください（sns credentials set）。",
    "token_renewed": "{platform} への接続が切れていたため、つなぎ直して自動でやり直します。",
    "secret_missing": "{platform} の認証情報（{field}）が登録されていません。情報担当が sns credentials set で登録してください。",
    "secrets_missing": "認証情報が登録されていません。情報担当が sns credentials set で登録してください。",
    "account_id_missing": "アカウントの ID が自治体設定にありません。情報担当が設定してください。",
    "app_not_allowed": "{platform} のアプリに必要な権限がありません。情報担当が権限をご確認ください。",
    "permission_missing": "{platform} のアプリに必要な権限がありません。情報担当が権限をご確認ください。",
    "credits_used_up": "{platform} の利用枠を使い切りました。情報担当が追加してください。",
    "account_suspended": "アカウントが {platform} により停止されています。管理責任者がご対応ください。",
    "account_locked": "アカウントが {platform} によりロックされています。管理責任者がご対応ください。",
    "account_restricted": "アカウントが {platform} により制限されています。管理責任者がご対応ください。",
    "wrong_account": "接続先が、登録されたアカウントと違います。情報担当が接続し直してください。",
    "foreign_address": "送信先が想定と違うため、送信を止めました。情報担当がご確認ください。",
    "rate_limited": "{platform} の回数制限に達しました。時間をおいて自動で送ります。",
    "quota_used_up": "{platform} の送信枠を使い切りました。枠が戻りしだい自動で送ります。",
    "upload_limit": "本日のアップロード上限に達しました。翌日に自動で送ります。",
    "upload_stalled": "アップロードが途中で止まりました。続きから自動でやり直します。",
    "upload_session_lost": "アップロードの途中で接続が失われました。届いたかどうかを確かめます。",
    "upload_cut_short": "アップロードが途中で切れました。自動でやり直します。",
    "video_refused": "{platform} が動画を受け付けませんでした。動画を直してください。",
    "video_failed": "{platform} で動画の処理に失敗しました。動画を直してください。",
    "video_processing": "{platform} が動画を処理しています。終わりしだい投稿します。",
    "video_gone": "送った動画が {platform} に見つかりません。担当者がご確認ください。",
    "video_stays_private": "動画を公開に切り替えられませんでした。情報担当が YouTube の審査状況をご確認ください。",
    "nothing_pending": "処理中の投稿が見つかりませんでした。自動でやり直します。",
    "not_found": "対象が {platform} に見つかりません。すでに削除されたおそれがあります。",
    "delete_unsupported": "この媒体は、ここから削除できません。",
    "repost_unsupported": "この媒体は、リポストに対応していません。",
    "source_not_known": "元の投稿の番号が分からないため、ここからは操作できません。媒体の画面で行ってください。",
    "post_gone": "この投稿は {platform} にもうありません。すでに削除されています。",
    "too_large": "ファイルが大きすぎて受け付けられませんでした。小さくしてください。",
    "came_too_late": "有効期限を過ぎたため、保留しています。",
    "too_late": "有効期限を過ぎたため、保留しています。",
    "policy_objects": "送信直前の確認で運用方針に合わなくなったため、止めています。",
    "opening_awaited": "開庁時刻を待っています。",
    "waiting_for_opening": "開庁時刻を待っています。",
    "source_ended": "元の投稿が公開されなかったため、リポストしません。",
    "undecidable": "届いたかどうかを機械では確かめられませんでした。",
    "perhaps_sent": "届いたかどうかが分かりません。",
    "lease_ended_open": "送信中に処理が止まりました。届いたかどうかが分かりません。",
    "unexpected_error": "送信中に想定外のエラーが起きました。届いたかどうかが分かりません。",
    "account_gone": "アカウント（{account}）が自治体設定から外されたため、止めています。情報担当がご確認ください。",
    "already_reposted": "すでにリポストされています。",
    "alt_cut": "画像の説明が長いため、この媒体では途中までになります。",
    "line_address_too_long": "LINE: 画像のアドレスが長すぎます。情報担当にご連絡ください。",
    "line_needs_https": "LINE: 画像の公開アドレスは https:// で始まる必要があります。情報担当にご連絡ください。",
    "line_needs_media_address": "LINE: 画像を送るには公開アドレスが必要です。情報担当にご連絡ください。",
    "line_needs_preview": "LINE: 画像の縮小版を用意できません。別の画像にしてください。",
    "media_changed": "添付ファイルが、決裁された後に書き換えられています。情報担当がご確認ください。",
    "media_not_here": "添付ファイル（{name}）を、送信用のサーバー（{machine}）で読めません。media フォルダが共有されているか、情報担当がご確認ください。",
    "seal_broken": "決裁された内容と送ろうとした内容が一致しないため、止めています。情報担当がご確認ください。",
    "correction_withdrawn": "訂正 {number} が取り下げられたか、書き直しの途中です。",
    "waits_for_correction": "訂正 {number} と同時に削除します。",
    "waits_for_opening": "開庁時刻を待っています。",
    "hours_missed": "{planned_at} に投稿する予定でしたが、投稿できないまま開庁時間を過ぎました（{clause}）。次の開庁は {opens_at} です。",
    "share_used_minutes": "通常の投稿に使える{minutes}分あたりの枠（{share}件）を使い切りました。ほかに{reserve}件を緊急発信のために残しています。次に送れるのは {free_at} です。",
    "share_used_day": "通常の投稿に使える1日の枠（{share}件）を使い切りました。ほかに{reserve}件を緊急発信のために残しています。次に送れるのは {free_at} です。",
    "share_used_month": "通常の投稿に使える1か月の枠（{share}件）を使い切りました。ほかに{reserve}件を緊急発信のために残しています。次に送れるのは {free_at} です。",
    "money_used_up": "今月の利用額が {spent_usd} ドルになりました。上限 {usd} ドルのうち {reserve_usd} ドルは緊急発信のために残しています。情報担当が自治体設定の {account} の month_usd を見直すか、翌月までお待ちください。",
    "waits_for_period": "期間の設定により、送らずに待っています。{why}",
    "held": "一時停止のため、送っていません。",
    "held_disaster_related": "一時停止のため、送っていません。災害関連の投稿なので、広報担当の確認を待っています。",
    "hold_is_over": "一時停止は終わりました。送るかどうかの判断を待っています（/sns hold list）。",
    "worker_died": "送信の担当処理が止まったため、状態を確かめています。",
    "past_lost": "台帳が控えから戻されたため、すでに投稿されていないかを確かめています。",
    "plan_refused": "送信直前の確認で、このままでは投稿できないことが分かりました。{why}",
    "policy_blocks": "送信直前の確認で、運用方針に合わなくなっていました。{why}",
    "policy_escalates": "送信直前の確認で、{role}の了承が必要になりました。{why}",
    "late": "有効期限（{latest_at}）を過ぎたため、保留しています。",
    "not_kept": "送信の前に書き残すべきことを台帳に書き込めなかったため、まだ送っていません。",
    "adapter_fault": "送信の途中で想定外のエラーが起きました（{type}）。",
    "processing_too_long": "媒体側の処理が終わりません。",
}

UNNAMED: Final = "媒体"
"""What a platform is called that is not named; unlike a name in Latin letters it stands without spaces."""
_BYTES_A_MEGABYTE: Final = 2**20


def because(account: str, message: str, clause: str) -> str:
    """Say what a refusal rests on, with the account and the clause where they are known."""
    about = f"{account}: " if account else ""
    return f"{about}{message}（{clause}）" if clause else f"{about}{message}"


def remark(code: str, params: Mapping[str, str]) -> str:
    """Say a platform's remark; one we don't know is said to be so, with its code."""
    known = REMARKS.get(code)
    if known is None:
        return f"想定外の理由（{code}）です。情報担当にこの記号をお伝えください。"
    said = fill(known, {**_megabytes(params), **params, "platform": _platform(params)})
    return said if "platform" in params else said.replace(f" {UNNAMED} ", UNNAMED).replace(f"{UNNAMED} ", UNNAMED)


def _platform(params: Mapping[str, str]) -> str:
    return platform(params["platform"]) if "platform" in params else UNNAMED


def _megabytes(params: Mapping[str, str]) -> dict[str, str]:
    if not (params.get("bytes", "").isdigit() and params.get("limit", "").isdigit()):
        return {}
    used, limit = int(params["bytes"]), int(params["limit"])
    return {"mb": str(-(-used // _BYTES_A_MEGABYTE)), "limit_mb": str(limit // _BYTES_A_MEGABYTE)}
