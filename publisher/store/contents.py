"""Where a post's content lies: texts, people's words, files, and what the record says of them.

What is counted here before a decision is what `erase` takes after it. Ids, states, times, addresses, receipts, seals
and digests are no content: they stay.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.store import audit, event_tables, guard_tables, rule_tables, tables, watch_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from publisher.store.engine import Transaction
    from publisher.store.post_records import Post

_HASH: Final = re.compile(r"\b[0-9a-f]{64}\b")
_PLAIN_FACTS: Final = frozenset(
    {
        *("from", "to", "state", "because", "decision", "problem", "rule", "seal", "version", "kind", "n", "number"),
        *("account", "accounts", "platform", "going", "due_at", "external_id", "url", "period", "event", "report"),
        *("newer", "level", "is_closing"),
        *("way", "removal", "older", "unread"),
    }
)
"""Facts that are codes, keys, times and receipts; an event that has another, or a note, is taken for content."""
_KEPT_KINDS: Final = frozenset({"erasure_proposed", "erasure_refused", audit.ERASURE_CONFIRMED})
"""The record of the erasure itself."""
_P, _V, _D, _N, _A = tables.posts, tables.versions, tables.deliveries, tables.notices, tables.acts
_M = watch_tables.mails
_E, _J, _C = guard_tables.evidence, rule_tables.judgements, guard_tables.corrections
_REPORTS: Final = event_tables.reports
_EMPTY: Final = ("{}", "null", "[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a post's content is, and where."""

    counts: Mapping[str, int]
    """How many rows of each kind hold some; kinds as in `publisher.api.ErasureItem`."""
    files: Sequence[tuple[str, str]]
    """(hash, name) of the files that no other post uses."""
    shared_files: Sequence[tuple[str, str]]
    """The same of those that another post uses too: they stay."""
    events: Sequence[int]
    """The trail's events that hold content of the post."""


def survey(tx: Transaction, post: Post) -> Contents:
    """Return what an erasure of *post* would take."""
    versions = tx.execute(sa.select(_V.c.text, _V.c.variants, _V.c.titles, _V.c.media).where(_V.c.post_id == post.id))
    written = versions.all()
    files, shared = _files(tx, post)
    events = [event.seq for event in audit.of_post(tx, post.id) if _holds_content(event)]
    counts = {
        "texts": sum(1 for row in written if row.text or row.variants or row.titles),
        "words": _count_words(tx, post),
        "files": len(files),
        "shared_files": len(shared),
        "alts": sum(1 for row in written for each in row.media if each.get("alt") or each.get("source")),
        "evidence": _count(
            tx, _E, _of_deliveries(_E, post), sa.or_(_E.c.text != "", _E.c.shown_text != "", _is_filled(_E.c.media))
        ),
        "judgements": _count(tx, _J, _of_deliveries(_J, post), _is_filled(_J.c.verdict)),
        "notices": _count(tx, _N, _N.c.post_id == post.id, _is_filled(_N.c.params)),
        "outcomes": _count(tx, _A, *_acts_of(post), _is_filled(_A.c.outcome["params"])),
        "details": _count_details(tx, post),
        "replays": sum(1 for _ in _replays(tx, post)),
        "events": len(events),
    }
    return Contents(counts=counts, files=files, shared_files=shared, events=events)


def erase(tx: Transaction, post: Post, found: Contents, *, erasure_id: str) -> Sequence[str]:
    """Take a locked post's content away; return the hashes of files that no city knows any more.

    The decision *erasure_id* is confirmed already: the database lets the trail's content go by it alone.
    """
    _erase_texts(tx, post)
    _erase_words(tx, post)
    _set(tx, _E, _of_deliveries(_E, post), text="", shown_text="", media=[])
    _set(tx, _J, _of_deliveries(_J, post), verdict={})
    of_post = _N.c.post_id == post.id
    _set(tx, _N, sa.and_(of_post, _N.c.done_at.is_(None)), done_at=tx.lease_now(), lease_until=None)
    _set(tx, _N, of_post, params={}, error=None)
    unsent = sa.and_(_M.c.done_at.is_(None), _M.c.notice_id.in_(sa.select(_N.c.id).where(of_post)))
    _set(tx, _M, unsent, done_at=tx.lease_now(), outcome="needless", lease_until=None)
    _erase_outcomes(tx, post)
    _erase_details(tx, post)
    for change_id, replay in list(_replays(tx, post)):
        _set(tx, rule_tables.pack_changes, rule_tables.pack_changes.c.id == change_id, replay=replay)
    said = tables.audit_content
    stone = {"facts": None, "note": None, "salt": None, "erasure_id": erasure_id}
    _set(tx, said, sa.and_(said.c.city == post.city, said.c.seq.in_(found.events)), **stone)
    return _erase_files(tx, post, [sha256 for sha256, _ in found.files])


def unknown_files(tx: Transaction, hashes: Collection[str]) -> frozenset[str]:
    """Return those of *hashes* that no city has a file of."""
    known = tx.execute(sa.select(tables.media.c.sha256).where(tables.media.c.sha256.in_(sorted(hashes)))).scalars()
    return frozenset(hashes).difference(known)


# ── texts, and people's own words ────────────────────────────────────────────────────────────────


def _erase_texts(tx: Transaction, post: Post) -> None:
    _set(tx, _V, _V.c.post_id == post.id, text="", variants={}, titles={}, media=[], declared=[])
    lines = tables.lines
    for row in tx.execute(sa.select(lines.c.id, lines.c.verdict).where(_of_versions(lines, post))).all():
        if row.verdict and row.verdict.get("text"):
            _set(tx, lines, lines.c.id == row.id, verdict={**row.verdict, "text": ""})


def _words(post: Post) -> Iterator[tuple[sa.Table, str, sa.ColumnElement[bool]]]:
    """Yield (table, column, which rows) of what people wrote about the post in their own words."""
    lines = sa.select(tables.lines.c.id).where(_of_versions(tables.lines, post))
    yield _P, "reason", _P.c.id == post.id
    yield tables.approvals, "note", tables.approvals.c.line_id.in_(lines)
    yield tables.sign_offs, "note", tables.sign_offs.c.post_id == post.id
    event = event_tables.events  # before its reports, by whose words it is known
    of_post = sa.exists().where(_REPORTS.c.event_id == event.c.id, _REPORTS.c.post_id == post.id)
    yield event, "areas", of_post.where(_REPORTS.c.areas == event.c.areas)
    yield _REPORTS, "areas", _REPORTS.c.post_id == post.id
    yield _C, "note", sa.or_(_C.c.post_id == post.id, _C.c.by_post_id == post.id)


def _count_words(tx: Transaction, post: Post) -> int:
    return sum(_count(tx, table, which, table.c[column] != "") for table, column, which in _words(post))


def _erase_words(tx: Transaction, post: Post) -> None:
    for table, column, which in _words(post):
        _set(tx, table, which, **{column: ""})


# ── files ────────────────────────────────────────────────────────────────────────────────────────


def _files(tx: Transaction, post: Post) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return (files that only this post uses, files that another one uses too), each as (hash, name)."""
    own = sa.select(_V.c.media).where(_V.c.post_id == post.id)
    kept = sa.select(_E.c.media).where(_of_deliveries(_E, post))
    hashes = {
        one
        for query in (own, kept)
        for media in tx.execute(query).scalars()
        for one in _HASH.findall(json.dumps(media))
    }
    table = tables.media
    known = tx.execute(
        sa.select(table.c.sha256, table.c.name)
        .where(table.c.city == post.city, table.c.sha256.in_(sorted(hashes)))
        .order_by(table.c.sha256)
    )
    only: list[tuple[str, str]] = []
    shared: list[tuple[str, str]] = []
    for row in known:
        (shared if _is_used_elsewhere(tx, post, row.sha256) else only).append((row.sha256, row.name))
    return only, shared


def _is_used_elsewhere(tx: Transaction, post: Post, sha256: str) -> bool:
    others = (
        sa.select(_V.c.id).where(_V.c.city == post.city, _V.c.post_id != post.id, _mentions(_V.c.media, sha256)),
        sa.select(_E.c.id).where(_E.c.city == post.city, ~_of_deliveries(_E, post), _mentions(_E.c.media, sha256)),
    )
    return any(tx.execute(query.limit(1)).first() is not None for query in others)


def _erase_files(tx: Transaction, post: Post, hashes: Sequence[str]) -> Sequence[str]:
    table = tables.media
    tx.execute(sa.delete(table).where(table.c.city == post.city, table.c.sha256.in_(hashes)))
    return sorted(unknown_files(tx, hashes)) if hashes else []


# ── what was told, answered and remarked ─────────────────────────────────────────────────────────


def _acts_of(post: Post) -> tuple[sa.ColumnElement[bool], ...]:
    return _A.c.city == post.city, _A.c.outcome["number"].as_string() == post.label


def _erase_outcomes(tx: Transaction, post: Post) -> None:
    for row in tx.execute(sa.select(_A.c.key, _A.c.outcome).where(*_acts_of(post))).all():
        _set(tx, _A, sa.and_(_A.c.city == post.city, _A.c.key == row.key), outcome={**row.outcome, "params": {}})


def _count_details(tx: Transaction, post: Post) -> int:
    attempts = tables.attempts
    problems = tx.execute(sa.select(_D.c.problem).where(_D.c.post_id == post.id, _D.c.problem.is_not(None))).scalars()
    said = sum(1 for problem in problems if problem and problem.get("params"))
    return said + _count(tx, attempts, _of_deliveries(attempts, post), _is_filled(attempts.c.detail))


def _erase_details(tx: Transaction, post: Post) -> None:
    """Take away what platforms said of the post; codes stay, and what an unfinished upload needed goes."""
    _set(
        tx,
        tables.attempts,
        sa.and_(_of_deliveries(tables.attempts, post), _is_filled(tables.attempts.c.detail)),
        detail={},
    )
    _set(tx, _D, _D.c.post_id == post.id, resume=None, poll_token=None)
    for row in tx.execute(sa.select(_D.c.id, _D.c.problem).where(_D.c.post_id == post.id)).all():
        if row.problem and row.problem.get("params"):
            _set(tx, _D, _D.c.id == row.id, problem={**row.problem, "params": {}})


def _replays(tx: Transaction, post: Post) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (id, replay without this post's sentences) of the changes of packs whose replay has some."""
    changes = rule_tables.pack_changes
    query = sa.select(changes.c.id, changes.c.replay).where(changes.c.city == post.city, changes.c.replay.is_not(None))
    for row in tx.execute(query).all():
        differences = (row.replay or {}).get("differences", [])
        mine = [one for one in differences if one["number"] == post.label and any(one["message"].values())]
        if mine:
            silent = {"ja": "", "en": ""}
            kept = [one | {"message": silent} if one["number"] == post.label else one for one in differences]
            yield row.id, {**row.replay, "differences": kept}


def _holds_content(event: audit.AuditEvent) -> bool:
    if event.is_erased or event.kind in _KEPT_KINDS:
        return False
    return bool(event.note) or not _PLAIN_FACTS.issuperset(event.facts)


# ── small words of SQL ───────────────────────────────────────────────────────────────────────────


def _of_deliveries(table: sa.Table, post: Post) -> sa.ColumnElement[bool]:
    return table.c.delivery_id.in_(sa.select(_D.c.id).where(_D.c.post_id == post.id))


def _of_versions(table: sa.Table, post: Post) -> sa.ColumnElement[bool]:
    return table.c.version_id.in_(sa.select(_V.c.id).where(_V.c.post_id == post.id))


def _is_filled(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(column.is_not(None), sa.cast(column, sa.Text).not_in(_EMPTY))


def _mentions(column: sa.ColumnElement[Any], sha256: str) -> sa.ColumnElement[bool]:
    return sa.cast(column, sa.Text).contains(sha256)


def _count(tx: Transaction, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    counted: int = tx.execute(sa.select(sa.func.count()).select_from(table).where(*conditions)).scalar_one()
    return counted


def _set(tx: Transaction, table: sa.Table, which: sa.ColumnElement[bool], **values: Any) -> None:
    tx.execute(sa.update(table).where(which).values(**values))
