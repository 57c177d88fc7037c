# ruff: noqa: E501 - a sentence stays on its line
"""What any listener may have to say."""

from __future__ import annotations


def crashed() -> str:
    """Apologise for an error of ours."""
    return "An error occurred and nothing was done. Please try again in a moment; if it goes on, contact IT."


def crashed_for_good() -> str:
    """Say that an accepted act could not be carried out."""
    return "Your act was accepted but could not be completed, after several attempts. Please check with /sns show, then try again; if it goes on, contact IT."


def delayed() -> str:
    """Say that an accepted act takes longer."""
    return "Accepted, but it takes longer than usual. You will be told; no need to press again."


def form_expired() -> str:
    """Say that a form could not be opened in time."""
    return "The form could not be opened in time. Please try again."


def done_already() -> str:
    """Say that the same request came before."""
    return "This has been accepted already."


def working() -> str:
    """Say that an act is being carried out."""
    return "Working…"


def told_title() -> str:
    """Title a page that only tells something."""
    return "Result"
