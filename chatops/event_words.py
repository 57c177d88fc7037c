"""Events and what takes another post's place, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.messages.ja import events as words
from chatops.messages.ja import labels
from publisher.api import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import DeliveryLine, Newer, Replacing, ReportView


def report_name(report: ReportView, say: Voice) -> str:
    """Name a report."""
    return say(words.report, report.event, say.said(report.kind), report.n, is_closing=report.is_closing)


def report_line(report: ReportView, say: Voice) -> str:
    """Name a report with its alert level and areas."""
    parts = [report_name(report, say)]
    if report.level is not None:
        parts.append(say(words.level, report.level))
    if report.areas:
        parts.append(say(words.areas, report.areas))
    return "　".join(parts)


def newer_name(newer: Newer, say: Voice) -> str:
    """Name what took a post's place."""
    if newer.because == "correction":
        return say(words.newer_correction, newer.number)
    if newer.n is None:
        return say(words.newer_post, newer.number)
    name = words.newer_closing if newer.because == "closing" else words.newer_report
    return say(name, newer.number, newer.n)


def older_name(older: Replacing, say: Voice) -> str:
    """Name what a newer post takes the place of."""
    return older.number if older.n is None else say(words.older_report, older.number, older.n)


def replaced_lines(replaced: Sequence[Replacing], say: Voice) -> list[str]:
    """Say what a newer post took the place of."""
    return [say(words.replaces, older_name(one, say), say(labels.names, one.accounts)) for one in replaced]


def newer_line(line: DeliveryLine, say: Voice) -> str:
    """Say what it means for a delivery that a newer post took its place; nothing where none did."""
    if line.newer is None:
        return ""
    why = words.replaced_why if line.state is DeliveryState.SUPERSEDED else words.replaced_if_absent
    return say(why, newer_name(line.newer, say))
