# ruff: noqa: E501 - a sentence stays on its line
"""The questions that people answer in a form: the author's and the approver's checklist, and who is in the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_NAMED: Final = 2
"""How many open points are named one by one."""


def group(document: str) -> str:
    """Label the points of one document."""
    return f"確かめて、問題のない項目に印を付けてください（{document}）"


def own_points() -> str:
    """Name the points that rest on no document."""
    return "市の確認事項"


def confirmed() -> str:
    """Label the box of a point that stands alone."""
    return "確かめました。問題ありません"


def no_to_the_rest() -> str:
    """Label the box that says no to every point without a tick."""
    return "印のない項目は「いいえ」（問題がある、または確かめられない）"


def whole_clauses() -> str:
    """Head the clauses that do not fit below their points."""
    return "条項の全文"


def tick_or_say_no(points: Sequence[str]) -> str:
    """Say that points are open, and the two ways to answer them."""
    how = "問題がなければ印を付け、そうでないときは、この欄の最後の項目（いいえ）に印を付けてください。"
    if len(points) <= MAX_NAMED:
        return f"まだ答えていない項目があります: {''.join(f'「{point}」' for point in points)} {how}"
    return f"まだ答えていない項目が{len(points)}つあります。{how}"


def all_and_no() -> str:
    """Say that all is ticked, and no is said too."""
    return "すべての項目に印があります。「いいえ」の項目があればその印を外し、なければ最後の印を外してください。"


def people(kind: str, name: str) -> str:
    """Ask who is in a picture or video."""
    return f"{'動画' if kind == 'video' else '画像'}「{name}」に、個人が分かる形で人が写っていますか"


def people_none() -> str:
    """Say that nobody is in it."""
    return "人は写っていない"


def people_agreed() -> str:
    """Say that all have agreed."""
    return "写っていて、全員の同意がある"


def people_not_agreed() -> str:
    """Say that somebody has not."""
    return "同意を得ていない人が写っている"


def author_head() -> str:
    """Head what the author answers."""
    return "提出の前に、作成者が確かめること"


def author_said() -> str:
    """Head what the author answered."""
    return "作成者の確認"


def said_no(point: str) -> str:
    """Show a point that was answered with no."""
    return f"いいえ（問題がある、または確かめられない）: {point}"


def people_said(kind: str, name: str, answer: str) -> str:
    """Show what was said of the people in a file."""
    return f"{'動画' if kind == 'video' else '画像'}「{name}」: {answer}"


def more_points(count: int) -> str:
    """Say that points are left out."""
    return f"ほか{count}項目も確かめました。"


def no_blocks() -> str:
    """Say that an answer of the author's stops the post."""
    return (
        "「いいえ」の回答により、このままでは提出できません。下の指摘を読んで「書き直す」か、回答を見直してください。"
    )


def no_escalates(who: str) -> str:
    """Say whose consent an answer of the author's needs."""
    by = f"了承できるのは {who} です。" if who else ""
    return f"「いいえ」の回答により、了承が必要です。{by}よければ、もう一度「提出」を押してください。了承の理由は、決裁のときに書いてもらいます。"


def no_warns() -> str:
    """Say that an answer of the author's is recorded."""
    return "「いいえ」の回答があります。下の指摘を確かめ、よければもう一度「提出」を押してください。回答は承認者にも見えます。"


def no_changes_nothing() -> str:
    """Say that an answer of the author's changes nothing by itself."""
    return "「いいえ」の回答があります。よければもう一度「提出」を押してください。回答は承認者にも見えます。"


def approver_no_blocks() -> str:
    """Say that an answer of the approver's stops the post."""
    return "「いいえ」の回答により、承認・決裁はできません。「差戻し」を押して、作成者に理由を伝えてください。"


def approver_no_escalates(who: str) -> str:
    """Say whose consent an answer of the approver's needs."""
    by = f"（{who}）" if who else ""
    return f"「いいえ」の回答により、了承が必要です。よければもう一度ボタンを押してください。了承できる方{by}に回し、理由を書いてもらいます。"


def approver_no_needs_reason() -> str:
    """Say that the approver's own consent is needed."""
    return "「いいえ」の回答により、あなたの了承が必要です。認めるときは、理由を書いてもう一度ボタンを押してください。"


def approver_no_stays() -> str:
    """Say that an answer of the approver's is recorded."""
    return "「いいえ」の回答があります。よければもう一度ボタンを押してください。回答を記録して進めます。"


def weighing() -> str:
    """Say that the answers are being looked at."""
    return "回答を確かめています…"


def weighing_detail() -> str:
    """Say what happens meanwhile."""
    return "「いいえ」の回答から何が決まるかを、運用方針で確かめています。"


def consent_reason() -> str:
    """Label the reason of a consent."""
    return "了承の理由"


def consent_reason_hint() -> str:
    """Say why the reason is asked for."""
    return "この投稿にはあなたの了承が必要です。理由は記録に残ります。"


def consent_reason_missing() -> str:
    """Ask for the reason of a consent."""
    return "了承の理由を入力してください。"


def return_reason(points: Sequence[str]) -> str:
    """Begin the reason of 差戻し with the points that were answered with no."""
    return "\n".join(f"「{point}」に問題があるか、確かめられません。" for point in points)
