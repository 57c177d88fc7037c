"""What `sns policy check`, `lint` and `show` say."""

from __future__ import annotations


def what_to_ask() -> str:
    """Say what a question needs."""
    return (
        "--text で本文を指定してください（例: sns policy check --pack kashiwa --account kashiwa_shi "
        "--at 2026-12-05T10:00 --text '…'）。まとめて質問するときは --json - に1行1件で渡します。"
    )


def which_pack() -> str:
    """Say that nothing names the pack."""
    return (
        "運用方針が分かりません。--pack kashiwa のように指定してください"
        "（市の設定にあるアカウントなら --account だけで分かります）。"
    )


def no_such_pack(name: str, reason: str) -> str:
    """Say that there is no such pack or file, with the system's *reason* where it gave one."""
    why = f"（{reason}）" if reason else ""
    return (
        f"「{name}」という運用方針はありません{why}。"
        "名前（kashiwa、neutral など）か、.yaml で終わるファイルを指定してください。"
    )


def which_moment(given: str) -> str:
    """Say that a time cannot be understood."""
    return f"「{given}」は時刻として読めません。2026-12-05T10:00 のように書いてください（時差がなければ日本時間です）。"


def not_understood(detail: str) -> str:
    """Say that the question cannot be understood."""
    return f"質問を読み取れません（{detail}）。sns policy check --help で、使える値を確かめてください。"


def pack_is_well(name: str, clauses: int, rules: int) -> str:
    """Say that a pack has no mistake."""
    return f"{name}: 誤りはありません（条項 {clauses}、規則 {rules}）。"


def head(document: str, platform: str, moment: str) -> str:
    """Say what was asked of which document."""
    return f"{document}による判定（{platform}、{moment}）"


def decision(name: str, role: str) -> str:
    """Say the verdict; *role* is whose consent it needs."""
    if name == "escalate" and role:
        return f"判定: {role}の了承が必要です"
    return "判定: " + {
        "allow": "投稿できます",
        "warn": "投稿できます（ご確認ください）",
        "block": "投稿できません",
    }.get(name, "上位者の了承が必要です")


def completed(text: str) -> str:
    """Show the text as it would be sent."""
    return f"次の本文で投稿します:\n{text}"


def checklist() -> str:
    """Head the questions that a person must answer."""
    return "人が確認すること:"


def tasks() -> str:
    """Head the duties that follow."""
    return "あとに続く仕事:"


def until(moment: str) -> str:
    """Say by when."""
    return f"{moment} まで"


def at_once() -> str:
    """Say that it is to be done at once."""
    return "すぐに"
