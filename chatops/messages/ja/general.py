# ruff: noqa: E501 - a sentence stays on its line
"""What any listener may have to say."""

from __future__ import annotations


def crashed() -> str:
    """Apologise for an error of ours."""
    return "エラーが起きたため、処理できませんでした。少し待ってから、もう一度お試しください。続くときは情報担当にご連絡ください。"


def crashed_for_good() -> str:
    """Say that an accepted act could not be carried out."""
    return "受け付けた操作を、何度か試しましたが完了できませんでした。/sns show で状態を確かめてから、もう一度お試しください。続くときは情報担当にご連絡ください。"


def delayed() -> str:
    """Say that an accepted act takes longer."""
    return "受け付けましたが、処理に時間がかかっています。終わりしだいお知らせします。もう一度押す必要はありません。"


def form_expired() -> str:
    """Say that a form could not be opened in time."""
    return "画面を開けませんでした。お手数ですが、もう一度お試しください。"


def done_already() -> str:
    """Say that the same request came before."""
    return "この操作はすでに受け付けています。"


def working() -> str:
    """Say that an act is being carried out."""
    return "処理しています…"


def told_title() -> str:
    """Title a page that only tells something."""
    return "お知らせ"
