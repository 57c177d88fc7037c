"""Changing a pack while it is in use (`publisher.api.PackChanging`).

A manager proposes a text with its 施行日; past posts are judged by it at once; another manager, with that replay before
him or her, confirms it. From the 施行日 on, 0:00 in Japan, every judgement asks the new text: no process is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publisher.api import NoticeKind, Outcome, Replay
from publisher.city.folder import read_pack_text
from publisher.city.model import Role
from publisher.differing import replay_to_json
from publisher.errors import ConfigurationError, NotFoundError, Refusal
from publisher.pack_pages import PackPages, digest_replay, find_change
from publisher.pack_shelf import in_force, start_of
from publisher.replaying import Candidate
from publisher.store import audit, notices
from publisher.store import pack_changes as rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from policy.pack import Pack
    from publisher.api import Act
    from publisher.desk import Desk
    from publisher.pack_foresight import PackForesight
    from publisher.replaying import Replayer
    from publisher.store.engine import Transaction
    from publisher.store.pack_changes import Edition, PackChange

KEPT_DIFFERENCES: Final = 200
"""How many differences are kept with a proposal; `sns policy replay` tells them all."""
_DECIDED: Final = {rows.CONFIRMED: "change_confirmed_already", rows.REFUSED: "change_refused_already"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    """A text that has been read and compared, on its way into the ledger."""

    pack: str
    text: str
    in_force_on: date
    reason: str
    base: Edition
    replay: Replay


class PackChangeDesk(PackPages):
    """Pack changing.

    Args:
        desk: The shared collaborators.
        replayer: Judges past posts again.
        foresight: Knows which approved posts a change would stop.
    """

    def __init__(self, desk: Desk, replayer: Replayer, foresight: PackForesight) -> None:
        super().__init__(desk)
        self._replayer = replayer
        self._foresight = foresight

    # ── trying ───────────────────────────────────────────────────────────────────────────────────

    def replay(self, city: str, *, text: str, source: str, since: datetime, pack: str | None = None) -> Replay:
        """Judge the posts since an instant by *text* too, and tell where it differs. Nothing changes.

        Raises:
            ConfigurationError: The text has mistakes; all of them.
            Refusal: `pack_unknown`, `pack_other`.
        """
        pack, changed = self._read(city, pack, text, source)
        with self._desk.database.reading() as tx:
            base = self._desk.shelf.held(tx, city, pack, tx.now)
            candidate = Candidate(name=pack, pack=changed, sha256=rows.digest_of(text), base_sha256=base.sha256)
            return self._replayer.replay(tx, city, candidate, since=since)

    def _read(self, city: str, pack: str | None, text: str, source: str) -> tuple[str, Pack]:
        """Return the name of the pack that a text is for, and the text as a pack; *pack*: the name that is meant."""
        shelf = self._desk.shelf
        known = shelf.names(self._desk.city(city).city)
        if pack is not None and pack not in known:
            raise Refusal("pack_unknown", pack=pack, known=", ".join(known))
        changed = read_pack_text(text, source)
        # A city's file may call a pack otherwise than the pack calls itself.
        named = {shelf.file_of(city, name).pack.name: name for name in reversed(known)}
        if pack is None:
            if changed.name not in named:
                raise Refusal("pack_unknown", pack=changed.name, known=", ".join(known))
            return named[changed.name], changed
        if changed.name != shelf.file_of(city, pack).pack.name:
            raise Refusal("pack_other", pack=pack, name=changed.name)
        return pack, changed

    # ── proposing ────────────────────────────────────────────────────────────────────────────────

    def propose(
        self, act: Act, *, pack: str, text: str, source: str, in_force_on: date, reason: str, days: int = 90
    ) -> Outcome:
        """Propose another text for a pack; a replay over the last *days* goes with it.

        Outcomes: `change_proposed`, `change_proposed_alone`.

        Raises:
            ConfigurationError: The text has mistakes; all of them.
            Refusal: `not_pack_manager`, `note_missing`, `pack_unknown`, `pack_other`, `pack_unchanged`,
                `in_force_past`, `pack_base_changed`.
        """
        self._require_manager(act)
        if not reason.strip():
            raise Refusal("note_missing", field="note")
        _, changed = self._read(act.city, pack, text, source)
        if in_force_on < self._desk.today():
            raise Refusal("in_force_past", day=in_force_on.isoformat())
        with self._desk.database.transaction() as tx:
            self._desk.shelf.adopt(tx, act.city, pack)
        # The replay may take seconds: it reads, and keeps nobody from writing.
        with self._desk.database.reading() as tx:
            base = self._base(tx, act.city, pack, in_force_on)
            if base.sha256 == rows.digest_of(text):
                raise Refusal("pack_unchanged", pack=pack)
            candidate = Candidate(name=pack, pack=changed, sha256=rows.digest_of(text), base_sha256=base.sha256)
            replay = self._compare(tx, act.city, candidate, days=days)
        proposal = _Proposal(
            pack=pack, text=text, in_force_on=in_force_on, reason=reason.strip(), base=base, replay=replay
        )
        return self._desk.once(act, lambda tx: self._propose(tx, act, proposal))

    def _compare(self, tx: Transaction, city: str, candidate: Candidate, *, days: int) -> Replay:
        since = start_of(self._desk.today() - timedelta(days=days))
        try:
            self._desk.shelf.read(tx, city, candidate.name, candidate.base_sha256)
            return self._replayer.replay(tx, city, candidate, since=since, limit=KEPT_DIFFERENCES)
        except ConfigurationError:
            # The text in force is from another version of the program: a readable one is the way out.
            return Replay(
                pack=candidate.name,
                base_sha256=candidate.base_sha256,
                changed_sha256=candidate.sha256,
                since=since,
                made_at=tx.now,
                posts=0,
                verdicts=0,
                differing=0,
                differences=(),
                is_base_readable=False,
            )

    def _base(self, tx: Transaction, city: str, pack: str, in_force_on: date) -> Edition:
        """Return the text whose place a change would take."""
        found = in_force(rows.editions(tx, city, pack), max(start_of(in_force_on), tx.now))
        if found is None:
            raise NotFoundError(f"{city} has no text of {pack}")
        return found

    def _propose(self, tx: Transaction, act: Act, proposal: _Proposal) -> Outcome:
        if self._base(tx, act.city, proposal.pack, proposal.in_force_on) != proposal.base:
            raise Refusal("pack_base_changed")
        change = rows.add(
            tx,
            city=act.city,
            pack=proposal.pack,
            text=proposal.text,
            in_force_on=proposal.in_force_on,
            reason=proposal.reason,
            proposed_by=act.person,
            base_sha256=proposal.base.sha256,
            replay=replay_to_json(proposal.replay),
        )
        others = [person for person in self._managers(act.city) if person != act.person]
        params: dict[str, str | int] = {
            "change": change.number,
            "pack": change.pack,
            "begins_at": start_of(proposal.in_force_on).isoformat(),
            "verdicts": proposal.replay.verdicts,
            "differing": proposal.replay.differing,
            "by": self._desk.person_name(act.city, act.person),
            "who": self._desk.person_names(act.city, others),
        }
        self._record(tx, change, act.person, "pack_change_proposed", change.reason)
        self._tell(tx, act.city, others, {"code": "change_awaits", **params})
        return Outcome(code="change_proposed" if others else "change_proposed_alone", params=params)

    # ── deciding ─────────────────────────────────────────────────────────────────────────────────

    def confirm(self, act: Act, *, number: int, note: str, seen: str) -> Outcome:
        """Put a proposal into force on its 施行日 at 0:00 in Japan, or at once where that has begun.

        Outcomes: `change_confirmed`, `change_confirmed_stopping`, `change_confirmed_already`, `change_refused_already`.

        Raises:
            Refusal: `not_pack_manager`, `no_such_change`, `note_missing`, `own_change` (param who),
                `own_change_alone`, `replay_not_seen`, `pack_base_changed`, `change_unreadable`.
        """
        return self._desk.once(act, lambda tx: self._confirm(tx, act, number, note.strip(), seen))

    def _confirm(self, tx: Transaction, act: Act, number: int, note: str, seen: str) -> Outcome:
        self._require_manager(act)
        change = find_change(tx, act.city, number, is_locked=True)
        if change.decision is not None:
            return self._decided_already(change)
        self._require_another(act, change)
        if not note:
            raise Refusal("note_missing", field="note")
        if seen != digest_replay(change):
            raise Refusal("replay_not_seen", change=number)
        day = change.in_force_on or self._desk.today()
        if self._base(tx, act.city, change.pack, day).sha256 != change.base_sha256:
            raise Refusal("pack_base_changed")
        try:
            self._desk.shelf.read(tx, act.city, change.pack, change.sha256)
        except ConfigurationError:
            raise Refusal("change_unreadable", change=number) from None
        begins = max(start_of(day), tx.now)
        watched = self._foresight.look(tx, act.city, change.pack, since=begins)
        change = rows.decide(tx, change, decision=rows.CONFIRMED, who=act.person, note=note, seen_sha256=seen)
        stopped = self._foresight.tell_stopped(tx, act, change, watched, begins_at=begins)
        params: dict[str, str | int] = {
            "change": number,
            "pack": change.pack,
            "begins_at": begins.isoformat(),
            "stopped": "、".join(stopped),
        }
        self._record(tx, change, act.person, "pack_change_confirmed", note, seen=seen, stopped=list(stopped))
        by = {"by": self._desk.person_name(act.city, act.person)}
        self._tell(tx, act.city, [change.proposed_by], {"code": "change_confirmed_told", **params, **by})
        return Outcome(code="change_confirmed_stopping" if stopped else "change_confirmed", params=params)

    def refuse(self, act: Act, *, number: int, note: str) -> Outcome:
        """Let a proposal go. Outcomes: `change_refused`, and as for `confirm` where it is decided already.

        Raises:
            Refusal: `not_pack_manager`, `no_such_change`, `note_missing`, `own_change`, `own_change_alone`.
        """
        return self._desk.once(act, lambda tx: self._refuse(tx, act, number, note.strip()))

    def _refuse(self, tx: Transaction, act: Act, number: int, note: str) -> Outcome:
        self._require_manager(act)
        change = find_change(tx, act.city, number, is_locked=True)
        if change.decision is not None:
            return self._decided_already(change)
        self._require_another(act, change)
        if not note:
            raise Refusal("note_missing", field="note")
        change = rows.decide(tx, change, decision=rows.REFUSED, who=act.person, note=note)
        params: dict[str, str | int] = {"change": number, "pack": change.pack}
        self._record(tx, change, act.person, "pack_change_refused", note)
        told = {"code": "change_refused_told", **params, "note": note}
        told["by"] = self._desk.person_name(act.city, act.person)
        self._tell(tx, act.city, [change.proposed_by], told)
        return Outcome(code="change_refused", params=params)

    def _decided_already(self, change: PackChange) -> Outcome:
        by = self._desk.person_name(change.city, change.decided_by or "")
        return Outcome(code=_DECIDED[change.decision or ""], params={"change": change.number, "by": by})

    # ── who may, and what is recorded ────────────────────────────────────────────────────────────

    def _managers(self, city: str) -> tuple[str, ...]:
        return self._desk.city(city).with_role(Role.MANAGER, self._desk.today())

    def _require_manager(self, act: Act) -> None:
        managers = self._managers(act.city)
        if act.person not in managers:
            raise Refusal("not_pack_manager", who=self._desk.person_names(act.city, managers))

    def _require_another(self, act: Act, change: PackChange) -> None:
        if act.person != change.proposed_by:
            return
        others = [person for person in self._managers(act.city) if person != act.person]
        if not others:
            raise Refusal("own_change_alone")
        raise Refusal("own_change", who=self._desk.person_names(act.city, others))

    @staticmethod
    def _record(tx: Transaction, change: PackChange, who: str, kind: str, note: str, **more: object) -> None:
        facts = {"number": change.number, "pack": change.pack, "sha256": change.sha256}
        facts["in_force_on"] = None if change.in_force_on is None else change.in_force_on.isoformat()
        facts["replay"] = digest_replay(change)
        audit.append(tx, city=change.city, who=who, kind=kind, facts={**facts, **more}, note=note)

    @staticmethod
    def _tell(tx: Transaction, city: str, people: Sequence[str], params: Mapping[str, str | int]) -> None:
        for person in people:
            notices.add(tx, city=city, kind=NoticeKind.ANSWER, person=person, params=params)
