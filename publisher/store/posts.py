"""Posts, their versions, lines, approvals and later sign-offs; the one door through which a post's state changes.

Whoever means to change anything of a post locks its row first (`lock`), then its deliveries, then the city's chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from publisher.api import NoticeKind
from publisher.errors import NotFoundError
from publisher.post import FINAL, PostEvent, PostState, next_state, plain_label
from publisher.store import audit, inserts, notices, tables
from publisher.store.post_records import PREFIX, Approval, Line, Post, Version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

__all__ = ["PREFIX", "Approval", "Line", "Post", "Version"]  # and the functions below


def create(
    tx: Transaction,
    *,
    city: str,
    section: str,
    author: str,
    emergency_kind: str | None = None,
    reason: str = "",
    is_emergency: bool = False,
) -> Post:
    """Make a draft without a version, under the city's next number."""
    inserts.ensure_city(tx, city)
    cities = tables.cities
    here = cities.c.city == city
    number = tx.execute(sa.select(cities.c.next_number).where(here).with_for_update(key_share=True)).scalar_one()
    tx.execute(sa.update(cities).where(here).values(next_number=number + 1))
    row = {
        "id": tx.new_id(),
        "city": city,
        "number": number,
        "section": section,
        "state": PostState.DRAFT,
        "is_emergency": is_emergency,
        "emergency_kind": emergency_kind,
        "reason": reason,
        "author": author,
        "created_at": tx.now,
        "version": 0,
    }
    tx.execute(sa.insert(tables.posts).values(**row))
    return get(tx, city, f"{PREFIX}{number}")


def get(tx: Transaction, city: str, label: str) -> Post:
    """Return a post by the number people see.

    Raises:
        NotFoundError: The city has no such post.
    """
    return _one(tx, sa.select(tables.posts).where(*_is(city, label)))


def lock(tx: Transaction, city: str, label: str) -> Post:
    """Return a post, locked until the transaction ends.

    Raises:
        NotFoundError: The city has no such post.
    """
    return _one(tx, sa.select(tables.posts).where(*_is(city, label)).with_for_update(key_share=True))


def by_id(tx: Transaction, post_id: str) -> Post:
    """Return a post by its id.

    Raises:
        NotFoundError: There is none.
    """
    return _one(tx, sa.select(tables.posts).where(tables.posts.c.id == post_id))


def move(
    tx: Transaction,
    post: Post,
    event: PostEvent,
    *,
    who: str,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Post:
    """Change a locked post's state: the one door. Leaves the audit event and a CARD notice.

    Raises:
        ForbiddenPostTransitionError: The table has no such transition.
    """
    state = next_state(post.state, event)
    finished_at = tx.now if state in FINAL else None
    changed = tx.execute(
        sa.update(tables.posts)
        .where(tables.posts.c.id == post.id, tables.posts.c.state == post.state)
        .values(state=state, finished_at=finished_at)
    )
    if changed.rowcount != 1:  # the row is locked, so this would be a fault of the caller: never a shrug
        raise NotFoundError(f"{post.label} is not {post.state} any more")
    told = {"from": post.state, "to": state, "version": post.version, **(facts or {})}
    audit.append(tx, city=post.city, who=who, kind=event, post_id=post.id, facts=told, note=note)
    if state is not PostState.DRAFT or post.card_ts is not None:  # nobody else sees a draft that was never submitted
        notices.add(tx, city=post.city, kind=NoticeKind.CARD, post_id=post.id)
    return by_id(tx, post.id)


def add_version(
    tx: Transaction,
    post: Post,
    *,
    editor: str,
    section: str,
    text: str,
    category: str | None,
    variants: Mapping[str, str],
    titles: Mapping[str, str],
    media: Sequence[Mapping[str, str]],
    publish_at: datetime | None,
    latest_at: datetime | None,
    accounts: Sequence[str],
    answers: Mapping[str, bool] | None = None,
    declared: Sequence[str] = (),
) -> Version:
    """Make the next version of a locked post, with an open line for each account."""
    number = post.version + 1
    row = {
        "id": tx.new_id(),
        "city": post.city,
        "post_id": post.id,
        "version": number,
        "editor": editor,
        "created_at": tx.now,
        "text": text,
        "category": category,
        "variants": dict(variants),
        "titles": dict(titles),
        "media": [dict(each) for each in media],
        "publish_at": publish_at,
        "latest_at": latest_at,
        "answers": dict(answers or {}),
        "declared": list(declared),
    }
    tx.execute(sa.insert(tables.versions).values(**row))
    posts = tables.posts
    tx.execute(sa.update(posts).where(posts.c.id == post.id).values(version=number, section=section))
    for position, account in enumerate(accounts):
        line = {"id": tx.new_id(), "city": post.city, "version_id": row["id"], "account": account}
        tx.execute(sa.insert(tables.lines).values(**line, position=position, state="open", route=[], step=0))
    return version(tx, post.id, number)


def version(tx: Transaction, post_id: str, number: int) -> Version:
    """Return a version of a post.

    Raises:
        NotFoundError: There is none.
    """
    table = tables.versions
    row = tx.execute(sa.select(table).where(table.c.post_id == post_id, table.c.version == number)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no version {number}")
    return Version.from_row(row)


def version_by_id(tx: Transaction, version_id: str) -> Version:
    """Return a version by its id.

    Raises:
        NotFoundError: There is none.
    """
    row = tx.execute(sa.select(tables.versions).where(tables.versions.c.id == version_id)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such version")
    return Version.from_row(row)


def mark_submitted(tx: Transaction, version_id: str, *, who: str, publish_at: datetime | None) -> None:
    """Note who submitted a version, when, and for what time (the next opening may have taken its place)."""
    tx.execute(
        sa.update(tables.versions)
        .where(tables.versions.c.id == version_id)
        .values(submitted_at=tx.now, submitted_by=who, publish_at=publish_at)
    )


def set_latest(tx: Transaction, version_id: str, latest_at: datetime | None) -> None:
    """Set a version's latest useful time."""
    tx.execute(sa.update(tables.versions).where(tables.versions.c.id == version_id).values(latest_at=latest_at))


def lines_of(tx: Transaction, version_id: str) -> Sequence[Line]:
    """Return a version's lines in their order."""
    table = tables.lines
    rows = tx.execute(sa.select(table).where(table.c.version_id == version_id).order_by(table.c.position))
    return [Line.from_row(row) for row in rows]


def set_line(tx: Transaction, line: Line, **values: Any) -> None:
    """Change a line of a locked post that is still open.

    Raises:
        NotFoundError: It is not open any more.
    """
    changed = tx.execute(
        sa.update(tables.lines).where(tables.lines.c.id == line.id, tables.lines.c.state == "open").values(**values)
    )
    if changed.rowcount != 1:  # the post is locked, so this would be a fault of the caller
        raise NotFoundError(f"the line of {line.account} is not open any more")


def end_open_lines(tx: Transaction, version_id: str, state: str) -> None:
    """Give every line of a version that is still open an end."""
    table = tables.lines
    tx.execute(sa.update(table).where(table.c.version_id == version_id, table.c.state == "open").values(state=state))


def add_approval(
    tx: Transaction, line: Line, *, person: str, title: str, decision: str, note: str, answers: Mapping[str, bool]
) -> None:
    """Record a decision on a line's open step."""
    row = {"id": tx.new_id(), "city": line.city, "line_id": line.id, "step": line.step, "person": person}
    row |= {"title": title, "decision": decision, "note": note, "answers": dict(answers), "decided_at": tx.now}
    tx.execute(sa.insert(tables.approvals).values(**row))


def approvals_of(tx: Transaction, version_id: str) -> Sequence[Approval]:
    """Return the decisions on a version, oldest first."""
    table, lines = tables.approvals, tables.lines
    columns = [table.c[name] for name in Approval.__dataclass_fields__]
    rows = tx.execute(
        sa.select(*columns)
        .join(lines, lines.c.id == table.c.line_id)
        .where(lines.c.version_id == version_id)
        .order_by(table.c.decided_at, table.c.id)
    )
    return [Approval(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def in_states(
    tx: Transaction, city: str, states: Sequence[PostState], *, sections: Collection[str] | None = None
) -> Sequence[Post]:
    """Return a city's posts in *states*, by number; those of *sections* alone where they are given."""
    table = tables.posts
    query = sa.select(table).where(table.c.city == city, table.c.state.in_(list(states)))
    if sections is not None:
        query = query.where(table.c.section.in_(sorted(sections)))
    return [Post.from_row(row) for row in tx.execute(query.order_by(table.c.number))]


def submitted_too_late(tx: Transaction, now: datetime) -> Sequence[tuple[str, str]]:
    """Return (city, number) of submitted posts whose latest useful time passed."""
    posts, versions = tables.posts, tables.versions
    query = (
        sa.select(posts.c.city, posts.c.number)
        .join(versions, sa.and_(versions.c.post_id == posts.c.id, versions.c.version == posts.c.version))
        .where(posts.c.state == PostState.SUBMITTED, versions.c.latest_at < now)
        .order_by(posts.c.id)
    )
    return [(row.city, f"{PREFIX}{row.number}") for row in tx.execute(query)]


def _one(tx: Transaction, query: sa.Select[Any]) -> Post:
    row = tx.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("there is no such post")
    return Post.from_row(row)


def _is(city: str, label: str) -> tuple[sa.ColumnElement[bool], ...]:
    digits = plain_label(label).removeprefix(PREFIX)
    # More digits than a number can have would overflow the column's type.
    counted = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1  # noqa: PLR2004
    return (tables.posts.c.city == city, tables.posts.c.number == counted)
