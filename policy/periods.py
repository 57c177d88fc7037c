"""Periods of the city's own choice (an election, the turn of the year), and when everything that waits may go.

No guideline has periods, so their findings name no clause.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from policy.calendar import say_time
from policy.case import Case
from policy.facts import PeriodEffect
from policy.model import ActionKind, Category, Decision, Finding, Role, Span, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from policy.facts import Period

PERIOD = "period"
"""The rule named by the finding that a period asks for the manager, or for patience."""
HELD = frozenset(
    {
        ActionKind.PUBLISH,
        ActionKind.POLL,
        ActionKind.REPOST,
        ActionKind.PIN,
        ActionKind.REPLY,
        ActionKind.ANSWER_COMMENT,
    },
)
"""What a period is about: whatever shows the public something from the city. Not a correction, since an error would
stand until the period is over, and nothing that takes something away."""


def period_findings(case: Case) -> Iterator[Finding]:
    """Yield a finding for each period in which the action lies and that is about it."""
    if not case.facts.periods or case.action.kind not in HELD or _is_disaster(case):
        return
    for period in case.facts.periods:
        if period.starts_at <= case.action.at < period.ends_at and _covers(period, case):
            yield _finding(period, case)


def first_free(case: Case, waits: Callable[[Case], Iterable[datetime | None]]) -> datetime | None:
    """Return the instant from which nothing makes the action wait any more.

    Where one wait ends another may have begun: a period ends at midnight, and the hours begin in the morning.

    Args:
        case: The action.
        waits: Says when each thing ends that makes an action wait; None for one that has no end in sight.

    Returns:
        The instant; None where nothing makes it wait, and where no end is in sight.
    """
    free: datetime | None = None
    # Each round leaves a period or the closed hours behind, and between two periods the hours can close once.
    for _ in range(2 * len(case.facts.periods) + 2):
        ends = list(waits(case))
        known = [end for end in ends if end is not None]
        if len(known) < len(ends):
            return None
        if not known:
            return free
        free = max(known)
        moved = replace(case.action, at=free, planned_at=None)
        case = Case(pack=case.pack, action=moved, facts=case.facts)
    return None


def _is_disaster(case: Case) -> bool:
    """Tell whether it is about a disaster, which no period holds: by authority, or by the category given."""
    return case.has_authority_now or case.action.category is Category.DISASTER or case.target.is_disaster


def _covers(period: Period, case: Case) -> bool:
    if period.accounts and case.action.account.key not in period.accounts:
        return False
    if not period.categories and not period.words:
        return True
    return case.action.category in period.categories or bool(_places(period, case))


def _places(period: Period, case: Case) -> tuple[Span, ...]:
    if not period.words:
        return ()
    found = _pattern(period.words).finditer(case.flat_text)
    return tuple(Span(start=one.start(), end=one.end()) for one in found)


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    plain = (unicodedata.normalize("NFKC", word) for word in words)
    return re.compile("|".join(map(re.escape, sorted(plain, key=len, reverse=True))), re.IGNORECASE)


def _finding(period: Period, case: Case) -> Finding:
    waits = period.effect is PeriodEffect.WAIT
    name, end, manager = period.name, say_time(period.ends_at), case.title(Role.MANAGER)
    if waits:
        message = Words(
            ja=(
                f"「{name.ja}」の期間（{end.ja}まで）は投稿を控えます。期間が終わるまでお待ちください。"
                f"それより前に必要なときは、理由を添えて{manager.ja}の了承を得てください。"
            ),
            en=(
                f'Posts wait during "{name.en}" (until {end.en}). Wait until it is over; '
                f"if it is needed before, ask {manager.en}, with a reason."
            ),
        )
    else:
        message = Words(
            ja=(
                f"「{name.ja}」の期間（{end.ja}まで）の投稿です。内容を確認し、"
                f"理由を添えて{manager.ja}の了承を得てください。"
            ),
            en=(
                f'This falls into "{name.en}" (until {end.en}). Check the content and ask {manager.en}, with a reason.'
            ),
        )
    return Finding(
        rule=PERIOD,
        effect=Decision.ESCALATE,
        clauses=(),
        message=message,
        role=Role.MANAGER,
        spans=_places(period, case),
        next_open=period.ends_at if waits else None,
    )
