# ruff: noqa: ARG002 - the protocol names arguments that paper ignores
"""Packs and their changes on paper, for the faces to talk to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from publisher.api import Change, ChangeView, Difference, Outcome, PackView, Replay, Said
from publisher.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.api import Act

NEW_YEAR = datetime(2027, 1, 3, 15, 0, tzinfo=UTC)
"""0:00 in Japan on 4 January 2027."""
PROPOSED_AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DIFFERENCE = Difference(
    number="K-7",
    account="koen",
    account_name="公園緑地課X",
    is_repost=False,
    at=PROPOSED_AT,
    change=Change.DECISION,
    old="allow",
    new="block",
    is_new=True,
    rule="links",
    clauses=("kashiwa-2-4-ki-hours",),
    places=(Said(ja="柏市公式ツイッター運用ガイドライン 2(4)キ", en="Kashiwa's guideline 2(4)キ"),),
    message=Said(ja="リンクは付けられません。", en="No links."),
)
REPLAY = Replay(
    pack="kashiwa",
    base_sha256="a" * 64,
    changed_sha256="b" * 64,
    since=datetime(2026, 8, 21, 15, 0, tzinfo=UTC),
    made_at=PROPOSED_AT,
    posts=40,
    verdicts=52,
    differing=1,
    differences=(DIFFERENCE,),
)
PACK = PackView(
    name="kashiwa",
    platforms=("x",),
    document=Said(ja="柏市公式ツイッター運用ガイドライン", en="Kashiwa's guideline"),
    edition="第五版",
    sha256="a" * 64,
    number=1,
    in_force_on=None,
    ahead=(),
    file="cities/kashiwa.pack.yaml",
    differs_from_file=False,
)
OPEN_CHANGE = ChangeView(
    number=3,
    pack="kashiwa",
    in_force_on=date(2027, 1, 4),
    begins_at=NEW_YEAR,
    ends_at=None,
    reason="改定のため",
    proposed_by="広報広聴課長 高橋 健一",
    proposed_at=PROPOSED_AT,
    decision=None,
    decided_by=None,
    decided_at=None,
    note="",
    replay=REPLAY,
    replay_sha256="c" * 64,
)


@dataclass
class PaperPacks:
    """The protocol `PackChanging`, with one open change."""

    pack: PackView = PACK
    open_change: ChangeView = OPEN_CHANGE
    done: list[tuple[str, int, str, str]] = field(default_factory=list)
    """What was decided: the word, the number, the reason, the digest that was seen."""

    def packs(self, city: str) -> Sequence[PackView]:
        """Return the one pack."""
        return [self.pack]

    def text(self, city: str, pack: str) -> str:
        """Return a text."""
        return "opens: 08:30\n"

    def changes(self, city: str) -> Sequence[ChangeView]:
        """Return the one change."""
        return [self.open_change]

    def change(self, city: str, number: int) -> ChangeView:
        """Return the one change."""
        if number != self.open_change.number:
            raise Refusal("no_such_change", change=number)
        return self.open_change

    def texts(self, city: str, number: int) -> tuple[str, str]:
        """Return two texts."""
        return "opens: 08:30\n", "opens: 09:00\n"

    def replay(self, city: str, *, text: str, source: str, since: datetime, pack: str | None = None) -> Replay:
        """Return the one replay."""
        return REPLAY

    def propose(
        self, act: Act, *, pack: str, text: str, source: str, in_force_on: date, reason: str, days: int = 90
    ) -> Outcome:
        """Propose nothing."""
        raise NotImplementedError

    def confirm(self, act: Act, *, number: int, note: str, seen: str) -> Outcome:
        """Note it down."""
        self.done.append(("confirm", number, note, seen))
        self.open_change = replace(self.change(act.city, number), decision="confirmed", note=note)
        params = {"change": number, "pack": "kashiwa", "begins_at": NEW_YEAR.isoformat()}
        return Outcome(code="change_confirmed", params=params)

    def refuse(self, act: Act, *, number: int, note: str) -> Outcome:
        """Note it down."""
        self.done.append(("refuse", number, note, ""))
        return Outcome(code="change_refused", params={"change": number, "pack": "kashiwa"})
