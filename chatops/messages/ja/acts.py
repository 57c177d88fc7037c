# ruff: noqa: E501 - a sentence stays on its line
"""What the heart answers, code by code: refusals, mistakes in a form, outcomes, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.template import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSALS: Final[Mapping[str, str]] = {
    "not_author": "投稿を作成できるアカウントがありません。所属の運用担当者に、投稿者としての登録をご依頼ください。",
    "no_such_post": "その番号の投稿は見つかりません。/sns queue で番号をご確認ください。",
    "not_your_section": "ほかの所属の投稿のため、操作できません。担当所属の方にご依頼ください。",
    "not_editable": "この投稿はもう編集できません。/sns show で状態をご確認ください。",
    "edited_meanwhile": "ほかの方が先に編集したため、保存していません。/sns draft で最新の内容を開いてから、もう一度編集してください。",
    "account_not_allowed": "選んだアカウントには投稿できません。アカウントを選び直してください。",
    "plan_refused": "このままでは投稿できません。{why}内容を直してから、もう一度お試しください。",
    "policy_blocks": "運用方針により投稿できません。{why}内容を直してから、もう一度お試しください。",
    "policy_escalates": "運用方針により、{role}の了承が必要です。{why}了承できるのは {who} です。了承をご依頼ください。",
    "time_past": "投稿日時が過ぎています。これからの日時に直してください。",
    "not_submitted": "この投稿は承認待ちではありません（現在の状態: {state}）。/sns show で経過をご確認ください。",
    "own_post": "ご自身が作成または編集した投稿は、ご自身では承認できません。ほかの承認者にご依頼ください。",
    "not_your_step": "今、承認・決裁ができるのは {who} です。あなたの番になるまでお待ちください。",
    "version_changed": "内容が新しい版に変わりました。最新のカードで内容を確かめてから、もう一度押してください。",
    "note_missing": "理由を入力してください。",
    "questions_open": "まだ答えていない確認事項が{count}つあります。すべてに答えてから、もう一度「提出」を押してください。",
    "people_unsaid": "人が写っているかを答えていない画像・動画が{count}点あります。答えてから、もう一度「提出」を押してください。",
    "answers_missing": "まだ答えていない確認事項が{count}つあります。すべてに答えてから、もう一度押してください。",
    "too_late": "有効期限（{latest_at}）を過ぎたため、承認できません。差し戻して、日時を直してもらってください。",
    "not_emergency": "緊急発信の権限がありません。発信できるのは {who} です。至急ご連絡ください。",
    "text_empty": "本文がありません。本文を入力してください。",
    "no_emergency_account": "緊急発信に使うアカウントが登録されていません。情報担当に、自治体設定の確認をご依頼ください。",
    "reason_missing": "緊急発信の理由を入力してください。",
    "not_manager": "後閲ができるのは {who} です。",
    "own_sign_off": "ご自身が発信した投稿の後閲は、ご自身ではできません。後閲ができるのは {who} です。",
    "nothing_to_sign": "この投稿は、後閲を待っている投稿ではありません。",
    "not_yours_to_cancel": "この投稿を中止できるのは {who} です。お急ぎの場合はご連絡ください。",
    "no_such_delivery": "その配信は見つかりません。/sns show で現在の状態をご確認ください。",
    "not_yours_to_answer": "この質問に回答できるのは {who} です。",
    "media_empty": "「{name}」は中身のないファイルです。ファイルを選び直してください。",
    "media_unknown": "「{name}」は画像でも動画でもないため使えません。JPEG・PNG・GIF・WebP・MP4 のファイルを選んでください。",
    "media_too_large": "「{name}」は大きすぎます（上限 {limit} MB）。小さくしてから、もう一度添付してください。",
    "media_broken": "「{name}」を開けません。壊れているおそれがあります。別のファイルを選んでください。",
    "media_mixed": "画像と動画は一緒に添付できません。どちらか一方にしてください。",
    "too_many_files": "画像は4枚まで、動画は1本までです。減らしてください。",
    "file_not_fetched": "「{name}」を Slack から取り出せませんでした。もう一度添付してください。",
    "file_host_unknown": "「{name}」は Slack 以外の場所にあるため使えません。ファイルそのものを添付してください。",
    "stranger": "この Slack アカウントは職員として登録されていません。情報担当にご連絡ください。",
    "city_unknown": "この Slack ワークスペースは、どの自治体にも登録されていません。情報担当にご連絡ください。",
    "media_not_an_image": "「{name}」は画像ではありません。JPEG・PNG・GIF・WebP の画像を選んでください。",
    "media_not_a_video": "「{name}」は動画ではありません。MP4 の動画を選んでください。",
    "media_too_many_pixels": "「{name}」は画素数が多すぎます（上限 {limit} メガピクセル）。縮小してください。",
    "media_damaged": "「{name}」を開けません。壊れているおそれがあります。別のファイルを選んでください。",
    "media_type_unsupported": "「{name}」の形式（{mime}）は使えません。JPEG・PNG・MP4 などに変換してください。",
    "media_missing": "添付ファイル「{name}」が見つかりません。もう一度添付してください。",
    "latest_before_time": "有効期限は、投稿日時より後の日時にしてください。",
    "no_account": "アカウントを1つ以上選んでください。",
    "category_missing": "分類を選んでください。",
    "time_not_clear": "日付と時刻の両方を入力してください。",
    "too_long": "本文が長すぎます（{used}／{limit}）。短くしてください。",
    "title_missing": "YouTube のタイトルを入力してください。",
    "kind_missing": "災害の種類を選んでください。",
    "contacts_unchecked": "本文の連絡先・住所（{contacts}）が確認されていません。/sns now をやり直し、市のものなら印を付け、それ以外は公表してよいことを確かめてください。",
    "no_such_person": "「{person}」という職員は自治体設定にいません。キーをご確認ください。",
    "no_position_today": "「{person}」は今日、どの職にも就いていません。自治体設定の期間をご確認ください。",
    "passphrase_not_set": "「{person}」のパスフレーズがまだありません。sns people passphrase {person} で登録してください。",
    "passphrase_is_set": "「{person}」にはすでにパスフレーズがあります。忘れたときは --reset で付け直してください。",
    "passphrase_wrong": "パスフレーズが違います。あと{left}回違うと、15分間使えなくなります。",
    "passphrase_locked": "パスフレーズを続けて間違えたため、{until} まで使えません。それからもう一度お試しください。",
    "passphrase_short": "パスフレーズが短すぎます。{least}文字以上にしてください（短い文や、いくつかの言葉のつながりなど）。",
    "passphrase_missing": "パスフレーズを尋ねられません。端末で実行するか、標準入力の1行目に入力してください（--passphrase-stdin）。",
    "manager_only": "この操作ができるのは {who}（運用管理者）です。ご依頼ください。",
    "platform_unknown": "「{name}」という媒体はありません。使えるのは {known} です。",
    "handle_unclear": "「{handle}」は {platform} のアカウント名として読み取れません。@名前、またはアカウントのページのアドレスを入力してください。",
    "own_account": "{account} は市のアカウントのため、登録しなくてもリポスト・フォローの対象になります。",
    "whitelisted_already": "{handle}（{name}）はすでに登録されています。変えるときは、いったん削除してから追加してください。",
    "relation_unknown": "「{relation}」という区分はありません。使えるのは {known} です。",
    "name_missing": "名称を入力してください。",
    "evidence_missing": "本人の公式アカウントだと分かる根拠（アドレスや文書名）を入力してください。",
    "review_missing": "次に見直す日を入力してください。",
    "review_past": "次に見直す日は、明日以降にしてください。",
    "not_whitelisted": "{handle} は登録されていません。一覧でご確認ください。",
    "mirror_stopped_already": "{account} のリポストは、すでに止めてあります。",
    "no_account_there": "{platform} には市のアカウントがありません。",
    "not_pack_manager": "運用方針の変更を提案・確認できるのは、運用管理者の {who} です。",
    "pack_unknown": "「{pack}」という運用方針は使われていません。使われているのは {known} です。",
    "pack_other": "このファイルは「{name}」の運用方針です。「{pack}」の変更にはできません。ファイルを確かめてください。",
    "pack_unchanged": "施行日に施行されている「{pack}」と同じ内容のため、提案していません。ファイルを確かめてください。",
    "in_force_past": "施行日（{day}）が過ぎています。今日以降の日にしてください。",
    "pack_base_changed": "もとになる運用方針が、その間に変わりました。今の内容をもとに直して、もう一度提案してください。",
    "no_such_change": "第{change}号という運用方針の変更はありません。sns policy changes または /sns policy で番号をご確認ください。",
    "own_change": "ご自身が提案した変更は、ご自身では決められません。ほかの運用管理者（{who}）にご依頼ください。",
    "own_change_alone": "ご自身が提案した変更は、ご自身では決められません。ほかに運用管理者がいないため、情報担当に、運用管理者の追加をご相談ください。",
    "replay_not_seen": "第{change}号の試算の結果が表示されていないため、確認を受け付けていません。もう一度表示して、確かめてください。",
    "change_unreadable": "第{change}号の内容を、このバージョンでは読めません。直したファイルで、もう一度提案してもらってください。",
    "period_empty": "終わりは、始まりより後の日時にしてください。",
    "period_over": "期間の終わりが過ぎています。これからの日時にしてください。",
    "period_name_taken": "「{name}」という期間がすでにあります。別の名前にするか、先にその期間を終えてください。",
    "effect_unknown": "「{name}」という扱いはありません。使えるのは {known} です（head: 運用管理者の了承を求める、wait: 期間が終わるまで待つ）。",
    "category_unknown": "「{name}」という分類はありません。使えるのは {known} です。",
    "account_unknown": "「{name}」というアカウントはありません。登録されているのは {known} です。",
    "no_such_period": "「{name}」という期間は、今もこれからもありません。一覧でご確認ください。",
    "action_unknown": "「{name}」は確かめられません。確かめられるのは {known} です。",
}

MISTAKES: Final[Mapping[str, str]] = {
    "text_empty": "本文を入力してください。",
    "no_account": "アカウントを1つ以上選んでください。",
    "account_not_allowed": "選べないアカウントが含まれています。選び直してください。",
    "category_missing": "分類を選んでください。",
    "time_past": "過ぎた日時です。これからの日時にしてください。",
    "time_not_clear": "日付と時刻の両方を入力してください（どちらも空なら、承認後すぐに投稿します）。",
    "latest_before_time": "有効期限は、投稿日時より後の日時にしてください。",
    "too_long": "{platform} には長すぎます（{used}／{limit}）。短くするか、{platform} 用の本文を入力してください。",
    "title_missing": "YouTube のタイトルを入力してください。",
    "too_many_files": "画像は4枚まで、動画は1本までです。",
    "media_mixed": "画像と動画は一緒に添付できません。",
    "media_too_large": "「{name}」は大きすぎます（{mib} MB、上限 {limit} MB）。小さくしてから添付してください。",
    "too_many_descriptions": "画像の説明が、画像の枚数より多くなっています。1行に1枚分を書いてください。",
}

OUTCOMES: Final[Mapping[str, str]] = {
    "saved": "{number} を下書きとして保存しました。",
    "submitted": "{number} を提出しました。次は {waiting_for} の承認・決裁を待ちます。",
    "approved_by_rule": "{number} は決裁の要らない投稿のため、そのまま投稿の予定に入りました。",
    "submitted_already": "{number} はすでに提出されています。",
    "withdrawn": "{number} を取り下げました。投稿はしません。",
    "step_approved": "{number} を承認しました。次は {waiting_for} の番です。",
    "approved": "{number} を決裁しました。{goes}",
    "returned": "{number} を差し戻しました。作成者にお知らせします。",
    "rejected": "{number} を廃案にしました。作成者にお知らせします。",
    "decided_already": "{number} は、{by} がすでに処理しています（{decision}）。今の操作では何も変わっていません。",
    "sent_now": "{number} を緊急発信しました。結果はカードのスレッドでお知らせします。",
    "goes_the_ordinary_way": "災害に当たらない種類のため、{number} を通常の決裁に回しました。まだ発信していません。次は {waiting_for} の番です。",
    "signed_off": "{number} の後閲を記録しました。",
    "signed_already": "{number} の後閲はすでに済んでいます。",
    "cancelled": "{number} を中止しました。",
    "cancelled_already": "{number} はすでに中止されています。",
    "all_gone": "{number} はすべて投稿済みのため、中止できるものはありません。",
    "answered_sent": "{number}（{account}）を「投稿済み」として記録しました。",
    "answered_send": "{number}（{account}）を送ります。結果はスレッドでお知らせします。",
    "answered_cancel": "{number}（{account}）は送らないことにしました。",
    "answered_already": "この質問には、すでに回答があります。今の操作では何も変わっていません。",
    "passphrase_set": "{name} のパスフレーズを登録しました。",
    "passphrase_set_now": "あなたのパスフレーズ（sns コマンド用）が登録・変更されました。心当たりがないときは、すぐに情報担当へご連絡ください。",
    "passphrase_locked_now": "あなたのパスフレーズ（sns コマンド用）が続けて間違えられたため、15分間使えません。心当たりがないときは、情報担当へご連絡ください。",
    "whitelist_added": "{handle}（{name}）を登録しました。",
    "whitelist_removed": "{handle}（{name}）の登録を削除しました。送信前の投稿は、送る直前にもう一度判定します。",
    "mirror_stopped": "{name} の投稿をリポストの対象から外しました。もう一度追加するまで、リポストはしません。",
    "mirror_resumed": "{name} の投稿をリポストの対象に戻しました。",
    "change_proposed": "運用方針「{pack}」の変更を第{change}号として提案しました（施行 {begins_at}）。過去の投稿では、{verdicts}件の判定のうち{differing}件が変わります。次は {who} の確認を待ちます。",
    "change_proposed_alone": "運用方針「{pack}」の変更を第{change}号として提案しました（施行 {begins_at}）。過去の投稿では、{verdicts}件の判定のうち{differing}件が変わります。ほかに運用管理者がいないため、このままでは確認できません。情報担当にご相談ください。",
    "change_awaits": "{by} が、運用方針「{pack}」の変更を第{change}号として提案しました（施行 {begins_at}）。過去の投稿では、{verdicts}件の判定のうち{differing}件が変わります。/sns policy {change} で内容を確かめ、/sns policy confirm {change} 理由 で確認してください（認めないときは /sns policy refuse {change} 理由）。",
    "change_confirmed": "運用方針「{pack}」の変更（第{change}号）を確認しました。{begins_at} から施行します。決裁済みの投稿で、止まるものはありません。",
    "change_confirmed_stopping": "運用方針「{pack}」の変更（第{change}号）を確認しました。{begins_at} から施行します。決裁済みの {stopped} は、このままでは送信の直前に止まります。作成した方と承認した方にお知らせしました。",
    "change_confirmed_told": "ご提案の運用方針「{pack}」の変更（第{change}号）を、{by} が確認しました。{begins_at} から施行します。",
    "change_confirmed_already": "第{change}号は、{by} がすでに確認しています。今の操作では何も変わっていません。",
    "change_refused": "運用方針「{pack}」の変更（第{change}号）を認めないことにしました。今の運用方針のままです。",
    "change_refused_told": "ご提案の運用方針「{pack}」の変更（第{change}号）は、{by} が認めませんでした。理由: {note}",
    "change_refused_already": "第{change}号は、{by} がすでに認めないことにしています。今の操作では何も変わっていません。",
    "change_stops_post": "{number} は、{begins_at} から施行する運用方針の変更（第{change}号）により、{planned_at} の投稿の直前に止まります。{why}/sns draft {number} で内容を直し、もう一度提出してください。",
    "period_added": "期間「{name}」を設定しました（{starts_at} から {ends_at} まで）。",
    "period_ended": "期間「{name}」を終えました。待っている投稿は、送る直前にもう一度判定します。",
}

HISTORY: Final[Mapping[str, str]] = {
    "created": "下書きを作成",
    "saved": "下書きを保存",
    "edited": "編集",
    "submitted": "提出",
    "step_approved": "承認",
    "approved": "決裁",
    "approved_by_rule": "決裁なし（決裁の要らない投稿）",
    "returned": "差戻し",
    "rejected": "廃案",
    "withdrawn": "取下げ",
    "expired": "期限切れ",
    "cancelled": "中止",
    "closed": "完了",
    "sent_now": "緊急発信",
    "declared_own": "市の連絡先・施設と申告",
    "contacts_checked": "公表してよい連絡先と確認",
    "override": "緊急発信",
    "signed_off": "後閲",
    "answered": "確認に回答",
    "sent": "投稿",
    "failed": "投稿できず",
    "asked": "確認の依頼",
    "line_approved": "アカウント別の決裁",
    "attempt_opened": "送信開始",
    "credentials_set": "認証情報の登録",
    "credentials_forgotten": "認証情報を削除",
    "line_out_already": "投稿済み",
    "repost_left_out": "リポストなし",
    "receipt_without_place": "投稿",
    "pack_adopted": "運用方針の登録",
    "pack_change_proposed": "運用方針の変更を提案",
    "pack_change_confirmed": "運用方針の変更を確認",
    "pack_change_refused": "運用方針の変更を認めず",
    "period_touched": "期間の設定に該当",
    "whitelist_added": "リポスト・フォロー先の登録",
    "whitelist_removed": "リポスト・フォロー先の削除",
    "period_added": "期間の設定",
    "period_ended": "期間の終了",
    "passphrase_set": "パスフレーズの登録",
    "passphrase_failed": "パスフレーズの誤り",
    "passphrase_locked": "パスフレーズの停止",
}


def refusal(code: str, params: Mapping[str, str]) -> str:
    """Say why an act was refused, and what to do."""
    known = REFUSALS.get(code)
    return fill(known, params) if known else f"受け付けられませんでした（{code}）。情報担当にこの記号をお伝えください。"


def mistake(code: str, params: Mapping[str, str]) -> str:
    """Say what is wrong with a field."""
    known = MISTAKES.get(code)
    return fill(known, params) if known else f"この欄を直してください（{code}）。"


def outcome(code: str, params: Mapping[str, str]) -> str:
    """Say what an act led to."""
    known = OUTCOMES.get(code)
    return fill(known, params) if known else f"受け付けました（{code}）。"


def history(code: str) -> str:
    """Name one thing that happened."""
    return HISTORY.get(code, code)
