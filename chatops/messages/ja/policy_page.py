"""The words of `sns policy show`: a pack as a page to read and to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final[Mapping[str, str]] = {
    "always": "一律",
    "platforms": "対象の媒体",
    "operators": "運用する課",
    "categories": "情報の種類",
    "authority": "緊急発信の権限",
    "confirmed": "人が確認した内容",
    "officers": "運用できる役割",
    "own_hours": "アカウントの運用時間",
    "any_consent": "どちらかの了承",
    "hours": "投稿時間",
    "whitelist": "認める相手",
    "words": "言葉",
    "source": "情報の出所",
    "abolished_terms": "廃止された用語",
    "masked": "伏せ字",
    "addressed": "特定の相手への呼びかけ",
    "set_answer": "定型の回答",
    "personal": "個人情報",
    "security": "セキュリティ",
    "credentials": "パスワード等",
    "links": "リンク先",
    "links_to": "特定のサイトへのリンク",
    "weekdays": "日付と曜日",
    "times": "時刻",
    "past_dates": "過ぎた日付",
    "relative_dates": "「本日」「明日」など",
    "alt_text": "画像の説明",
    "consent": "写っている人の同意",
    "frequency": "投稿の回数",
    "repeats": "同じ内容の繰り返し",
    "cross_repeats": "ほかのアカウントとの重なり",
    "length": "文字数",
    "hashtag": "ハッシュタグの追加",
    "era_years": "元号と西暦",
    "impossible_times": "ない時刻",
    "backward_spans": "終わりが始まりより前の期間",
}
"""The kinds of rules."""

OUTCOMES: Final[Mapping[str, str]] = {
    "hit": "",
    "missing": "種類が選ばれていないとき",
    "unlisted": "一覧にない種類のとき",
    "entitled": "権限のある職員が発信するとき",
    "asked": "権限のない職員が発信するとき",
    "any_consent.asked": "了承がないとき",
    "any_consent.given": "了承があるとき",
    "outside": "時間外のとき",
    "disaster": "災害のとき",
    "whitelist.outside": "どれにも当たらないとき",
    "listed": "当たるとき",
    "unmet": "条件を満たさないとき",
    "set": "定型文のとき",
    "free": "定型文でないとき",
    "denied": "リンクしてはならない先のとき",
    "dead": "開けないとき",
    "shortened": "短縮されているとき",
    "unknown": "見慣れない先のとき",
    "other": "ほかの団体のもののとき",
    "unclear": "だれのものか分からないとき",
    "mismatch": "合わないとき",
    "no_such_day": "ない日のとき",
    "again": "2回目のとき",
    "more": "3回目からのとき",
    "declared": "発信者が市の連絡先と申告したとき",
}
"""When a rule speaks; `kind.outcome` goes before the outcome alone."""

ABOUT: Final[Mapping[str, str]] = {
    "actions": "",
    "account_kinds": "",
    "platforms": "",
    "categories": "種類 ",
    "relations": "相手 ",
    "removals": "削除の理由 ",
    "comments": "コメント ",
    "contains": "次を含む投稿 ",
    "approval": "アカウントの決裁 ",
    "answers_comments": "コメント対応方針 ",
    "own_hours": "アカウントの運用時間 ",
    "emergency": "緊急発信 ",
}
"""What narrows a rule."""

VALUES: Final[Mapping[str, str]] = {
    "publish": "投稿",
    "repost": "リポスト",
    "undo_repost": "リポストの取消し",
    "follow": "フォロー",
    "unfollow": "フォローの解除",
    "reply": "返信",
    "like": "いいね",
    "direct_message": "ダイレクトメッセージ",
    "poll": "投票",
    "pin": "固定",
    "delete": "削除",
    "correct": "訂正",
    "hide_reply": "返信の非表示",
    "delete_comment": "コメントの削除",
    "answer_comment": "コメントへの回答",
    "official": "公式アカウント",
    "section": "担当課アカウント",
    "field": "分野別アカウント",
    "related": "市関連アカウント",
    "x": "X",
    "line": "LINE",
    "facebook": "Facebook",
    "youtube": "YouTube",
    "administration": "市政",
    "website": "ホームページの更新",
    "living": "暮らし",
    "publicity": "広報紙",
    "disaster": "災害",
    "promotion": "市の魅力のPR",
    "event": "イベント",
    "tourism": "観光",
    "mayor": "市長の動静",
    "other": "その他",
    "section_account": "市のアカウント",
    "public_body": "公的機関",
    "affiliate": "外郭団体",
    "designated_manager": "指定管理者",
    "transport": "公共交通機関",
    "cosponsored": "共催・後援の団体",
    "about_city": "市に関するもの",
    "policy_aligned": "市の施策と一致すると認められたもの",
    "verified_official": "公式と確認できるもの",
    "error": "通常の誤り",
    "takeover": "乗っ取り",
    "unstated": "定めなし",
    "opinion": "意見・批判",
    "inquiry": "質問・要望",
    "misleading": "誤解を招くもの",
    "T01": "誹謗中傷",
    "T02": "不敬・不謹慎・不快",
    "T03": "差別",
    "T04": "違法行為",
    "T05": "秘密",
    "T06": "個人情報",
    "T07": "著作権・肖像権",
    "T08": "セキュリティ",
    "T09": "噂・虚偽",
    "T10": "公序良俗",
    "T11": "わいせつ",
    "T12": "政治・宗教・選挙",
    "T13": "広告・宣伝",
    "T14": "未決定・公式見解でないもの",
    "T15": "伏せ字",
    "T16": "繰り返し",
    "T17": "煽り・けんか",
    "T18": "不正確・誤解",
    "T19": "なりすまし",
    "T20": "改変",
    "T21": "投稿と関係のないもの",
    "T22": "利用規約違反",
    "T23": "禁止された内容へのリンク",
    "T24": "その他不適切なもの",
    "T25": "業務外",
    "T26": "特定の相手との連絡",
    "image": "画像",
    "video": "動画",
    "hashtag": "ハッシュタグ",
    "link": "リンク",
    "required": "要",
    "not_required": "不要",
    "yes": "する",
    "no": "しない",
    "stated": "定めあり",
    "none": "なし",
    "own": "アカウントの所管課",
    "mobile": "携帯電話番号",
    "landline": "固定電話番号",
    "e_mail": "メールアドレス",
    "my_number": "マイナンバー",
    "bank_account": "口座番号",
    "street_address": "個人の住所",
    "licence_plate": "車のナンバー",
    "birth_date": "氏名と生年月日",
    "author": "投稿者",
    "operator": "運用担当者",
    "approver": "承認者",
    "responsible": "管理責任者",
    "manager": "運用管理者",
    "emergency": "緊急発信者",
    "scheduler": "システム",
    "earthquake": "地震",
    "storm_flood": "風水害",
    "evacuation": "避難情報",
    "weather_warning": "気象警報",
    "j_alert": "Jアラート",
    "fire": "火災",
    "armed_attack": "武力攻撃",
    "epidemic": "感染症",
    "lifeline": "ライフラインの途絶",
    "name": "氏名",
    "name_with_age": "年齢の付いた氏名",
    "letters": "英字",
    "digits": "数字",
    "symbols": "記号",
    "leaving": "離職",
    "transfer": "異動",
    "same_day": "その日のうち",
    "month": "1か月",
    "page": "Facebookページ",
    "group": "グループ",
    "profile": "個人のプロフィール",
    "platform_mark": "媒体の認証マーク",
    "link_on_own_site": "その機関のサイトからのリンク",
    "published_url": "掲載したページのURL",
    "url": "URL",
    "date": "日付",
    "decision": "決定",
    "reason": "理由",
    "result": "結果",
    "checked_on": "確かめた日",
    "true": "はい",
    "false": "いいえ",
}
"""Values of what narrows a rule, and of parameters; what is not here is shown as the pack writes it."""

EVERYTHING: Final = "すべての投稿と操作"


def edition(name: str, in_force: str) -> str:
    """Say which edition of the document it is, and since when it holds."""
    since = f"（{in_force} 施行）" if in_force else ""
    return f"版: {name}{since}"


def platforms(names: str) -> str:
    """Say for which platforms it is."""
    return f"対象の媒体: {names}"


def contacts(listed: str) -> str:
    """List the contacts that are public."""
    return f"公表済みの連絡先: {listed}"


def sites(listed: str) -> str:
    """List the domains that are known."""
    return f"市や官公署のサイト: {listed}"


def digest(name: str, sha256: str) -> str:
    """Name the file and its digest, so that what was signed can be told from what runs."""
    return f"運用方針のファイル: {name}（SHA-256: {sha256}）"


def columns() -> str:
    """Head the columns of the printed page, joined by bars."""
    return "条項|原文|このシステムでの扱い"


def signature() -> str:
    """Head the box for signing."""
    return "上の内容で運用することを確認しました。"


def signing() -> str:
    """Label the fields of the box for signing, joined by bars."""
    return "職名|氏名|確認日|印"


def own_rules() -> str:
    """Head the rules that stand under no clause."""
    return "市の選択（文書にない規則）"


def reading(text: str) -> str:
    """Say how a clause is read."""
    return f"読み方: {text}"


def given(values: str) -> str:
    """Say the values that the document gives."""
    return f"文書の値: {values}"


def chosen(values: str) -> str:
    """Say the values that the city chose."""
    return f"市の選択【文書に定めなし】: {values}"


def carried(text: str) -> str:
    """Say what else carries a clause."""
    return f"対応: {text}"


def elsewhere(kind: str) -> str:
    """Say that no judgement of a post carries a clause of this kind."""
    said = {
        "workflow": "仕事の流れ",
        "monitor": "見守り",
        "record": "記録",
        "statement": "説明",
        "config": "設定",
    }
    return f"投稿ごとの判定では扱いません（{said.get(kind, kind)}）"


def rule_kind(name: str) -> str:
    """Name a kind of rule."""
    return KINDS.get(name, name)


def rule(kind: str, about: str) -> str:
    """Head a rule."""
    return f"規則（{kind}）　対象: {about}"


def outcome(kind: str, name: str) -> str:
    """Say when a rule speaks."""
    return OUTCOMES.get(f"{kind}.{name}", OUTCOMES.get(name, name))


def when(names: str, effect: str) -> str:
    """Say what a rule does, and when."""
    return f"{names} → {effect}" if names else f"→ {effect}"


def effect(name: str, role: str) -> str:
    """Name what a rule does; *role* is whose consent lifts it."""
    if name == "escalate":
        return f"【{role}の了承が必要】"
    return {"allow": "【可】", "warn": "【注意】", "block": "【不可】"}.get(name, name)


def guess() -> str:
    """Say that a rule is a machine's guess."""
    return "（機械の推測。緊急発信では注意のみ）"


def asked_when(name: str) -> str:
    """Say who answers a question."""
    return {"draft": "作成者に", "approve": "承認者に", "request": "申し出る人に"}.get(name, "")


def question(who: str, text: str, about: str) -> str:
    """Show a question."""
    return f"確認事項（{who}）: {text}　対象: {about}"


def answered_no() -> str:
    """Stand for the answer that stops a post."""
    return "「いいえ」のとき"


def route(steps: str, about: str) -> str:
    """Show a route."""
    return f"決裁経路: {steps}　対象: {about}"


def task(title: str, role: str, about: str) -> str:
    """Show a duty."""
    return f"あとに続く仕事: {title}（{role}）　対象: {about}"


def mirror(source: str, by: str) -> str:
    """Show an order to repost."""
    return f"自動リポスト: {source}の投稿を{by}がリポストします。"


def about(name: str, values: tuple[str, ...]) -> str:
    """Say what narrows a rule."""
    return ABOUT.get(name, "") + "・".join(values)


def everything() -> str:
    """Say that nothing narrows a rule."""
    return EVERYTHING


def value(name: str) -> str:
    """Say a value."""
    return VALUES.get(name, name)


def nothing() -> str:
    """Stand for an empty list."""
    return "なし"
