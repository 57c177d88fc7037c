# ruff: noqa: E501 - a sentence stays on its line
"""A city's rules: what is in force, what is proposed, and what a change would have said of past posts."""

from __future__ import annotations

from typing import Final

_DECISIONS: Final = {"allow": "可", "warn": "可（注意あり）", "escalate": "上位者の了承が必要", "block": "不可"}


def title() -> str:
    """Head the page."""
    return "運用方針"


def pack(document: str, edition: str, name: str, platforms: str) -> str:
    """Name a pack."""
    return f"{document} {edition}（{name}、{platforms}）".replace(" （", "（")


def in_force(number: int, day: str) -> str:
    """Say since when a pack's text is in force; *day* is empty for the first text."""
    return f"第{number}号（{day} 施行）" if day else "最初に登録した内容のまま施行中"


def not_stored() -> str:
    """Say that nothing is stored before the first start."""
    return "まだ台帳にありません。sns serve を起動すると、ファイルの内容を登録します。"


def ahead(number: int, moment: str) -> str:
    """Name a confirmed change that is still to come."""
    return f"{moment} から第{number}号が施行されます。"


def differs(file: str, name: str) -> str:
    """Say that the file is not what is in force, and what to do."""
    return f"注意: {file} の内容は、施行中のものと違います。変えるときは sns policy propose {file} --pack {name} で提案してください。変えないときは、ファイルを施行中の内容に戻してください。"


def changes_title() -> str:
    """Head the changes."""
    return "変更の提案"


def no_changes() -> str:
    """Say that nothing is proposed."""
    return "確認待ちの変更はありません。"


def change(number: int, pack: str, state: str) -> str:
    """Head a change."""
    return f"第{number}号 {pack} の変更（{state}）"


def state(decision: str) -> str:
    """Name what became of a change; empty: it is open."""
    return {"": "確認待ち", "confirmed": "確認済み", "refused": "認めず"}.get(decision, decision)


def begins(moment: str) -> str:
    """Say from when on a change holds."""
    return f"施行: {moment}"


def ends(moment: str) -> str:
    """Say when another change takes its place."""
    return f"{moment} に、確認済みの別の変更に置き換わります。"


def proposed(by: str, moment: str, reason: str) -> str:
    """Say who proposed a change, and why."""
    return f"提案: {by}（{moment}） 理由: {reason}"


def decided(state: str, by: str, moment: str, note: str) -> str:
    """Say who decided on a change, and why."""
    return f"{state}: {by}（{moment}） 理由: {note}"


def replayed(since: str, posts: int, verdicts: int, differing: int) -> str:
    """Sum a replay up."""
    tried = f"試算: {since} からの投稿{posts}件（{verdicts}件の判定）"
    return f"{tried}のうち、{differing}件の判定が変わります。" if differing else f"{tried}に、変わる判定はありません。"


def not_compared() -> str:
    """Say that the text in force can't be read by this version."""
    return "試算: 施行中の内容をこのバージョンでは読めないため、比べていません。"


def repost(account: str) -> str:
    """Say that an account reposts."""
    return f"{account}（リポスト）"


def difference(number: str, account: str, old: str, new: str) -> str:
    """Name a post on which a change says something else."""
    before, after = _DECISIONS.get(old, old), _DECISIONS.get(new, new)
    return f"{number} {account}: {before}" + (f" → {after}" if old != new else "のまま")


def point(kind: str, message: str, places: str, *, is_new: bool) -> str:
    """Say what a change adds, or takes away."""
    what = {"route": "決裁経路", "question": "確認事項"}.get(kind, "指摘")
    about = f"（{places}）" if places else ""
    return f"{'加わる' if is_new else 'なくなる'}{what}: {message}{about}"


def more(count: int) -> str:
    """Say that the list is cut."""
    return f"ほかに{count}件あります。"


def how_to_decide(number: int) -> str:
    """Say how a change is read and decided on in Slack."""
    return f"内容: /sns policy {number}　確認: /sns policy confirm {number} 理由　認めない: /sns policy refuse {number} 理由"


def how_to_decide_in_shell(number: int) -> str:
    """Say how a change is decided on at the shell."""
    return f"確認: sns policy confirm {number} --as 職員 --reason 理由　認めない: sns policy refuse {number} --as 職員 --reason 理由"


def usage() -> str:
    """Say how the command is called in Slack."""
    return "/sns policy … 施行中の運用方針と変更の提案を見ます\n/sns policy 3 … 第3号の内容を見ます\n/sns policy confirm 3 理由 … 第3号を確認します（運用管理者）\n/sns policy refuse 3 理由 … 第3号を認めません（運用管理者）\n変更の提案は、サーバーで sns policy propose を使います。"


def confirm_asked(number: int) -> str:
    """Ask for the last word, below the replay."""
    return f"試算の結果を確かめて、よろしければ「この内容で確認する」を押してください（第{number}号）。"


def confirm_button() -> str:
    """Label the button."""
    return "この内容で確認する"


def confirm_reason(reason: str) -> str:
    """Show the reason that will be recorded."""
    return f"記録する理由: {reason}"


def reason_too_long(limit: int) -> str:
    """Say that a reason does not fit."""
    return f"理由は{limit}字までにしてください。"


def confirm_in_shell(number: int) -> str:
    """Ask for the last word at the shell."""
    return f"第{number}号を、この試算を踏まえて確認しますか。"


def nothing_confirmed() -> str:
    """Say that nothing was done."""
    return "確認していません。"


def text_changes() -> str:
    """Head the difference between the texts."""
    return "文面の違い（- は施行中、+ は変更後）"


def same_as_file(pack: str) -> str:
    """Say that there is nothing to try."""
    return f"{pack}: ファイルの内容は施行中のものと同じです。"


def which_day(given: str) -> str:
    """Say that a day cannot be understood."""
    return f"「{given}」は日付として読めません。2027-01-04 のように書いてください。"
