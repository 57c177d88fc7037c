"""What a changed pack would have said of past posts: each is judged twice, with what was known at its time.

Rebuilt as they were: text, files, time, answers, consents, declared contacts, the author's roles, what the account had
said before, and the pack in force then. What the city's file says (accounts, open days, sites) is taken as it is now.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy import judge
from policy.model import PastPost
from publisher import mapping
from publisher.api import DraftForm, MediaChoice, Replay
from publisher.desk import answers_of
from publisher.differing import by_strictness, compare
from publisher.store import media as media_rows
from publisher.store import past_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from platforms.port import Media
    from policy.pack import Pack
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.reviewing import Asked, Reviewer
    from publisher.store.engine import Transaction
    from publisher.store.past_lines import PastLine, Utterance


_REMEMBERED: Final = timedelta(days=40)
"""How far back earlier texts are shown one by one: longer than any shipped pack's window of repeats (30 days)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A changed pack, and which texts it stands between."""

    name: str
    """The pack that it would take the place of, as the city's file names it."""
    pack: Pack
    sha256: str
    base_sha256: str


class Replayer:
    """Judges past posts again.

    Args:
        desk: The shared collaborators.
        reviewer: Puts together what a pack is asked.
        circulation: Knows the consents.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, circulation: Circulation) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._circulation = circulation

    def replay(
        self, tx: Transaction, city: str, candidate: Candidate, *, since: datetime, limit: int | None = None
    ) -> Replay:
        """Judge every approved post since an instant by the pack in force at its time, and by the changed one.

        Args:
            tx: The transaction, which may be a reading one: nothing is written.
            city: The city.
            candidate: The changed pack.
            since: The earliest instant at which a post went out, or was to go out.
            limit: How many differences are kept; None: all.

        Raises:
            ConfigurationError: A stored text cannot be read by this program.
        """
        own = self._desk.city(city)
        said = _Earlier(past_lines.published(tx, city, since=since - _REMEMBERED))
        numbers: set[str] = set()
        verdicts, found = 0, []
        for line in past_lines.approved(tx, city, since=since):
            account = own.accounts.get(line.account)
            is_known = line.source is None or line.source in own.accounts
            if account is None or not is_known or own.packs.get(account.platform) != candidate.name:
                continue
            asked = self._ask(tx, line, said)
            old, new = (judge(pack, asked.action, asked.facts) for pack in (asked.held.pack, candidate.pack))
            numbers.add(line.post.label)
            verdicts += 1
            difference = compare(
                (asked.held.pack, old),
                (candidate.pack, new),
                number=line.post.label,
                account=line.account,
                account_name=account.name,
                is_repost=line.source is not None,
                at=line.at,
            )
            found += [] if difference is None else [difference]
        found.sort(key=by_strictness)
        return Replay(
            pack=candidate.name,
            base_sha256=candidate.base_sha256,
            changed_sha256=candidate.sha256,
            since=since,
            made_at=tx.now,
            posts=len(numbers),
            verdicts=verdicts,
            differing=len(found),
            differences=tuple(found if limit is None else found[:limit]),
        )

    def _ask(self, tx: Transaction, line: PastLine, said: _Earlier) -> Asked:
        post, form = line.post, _form_of(line)
        case = self._case(line) if line.source is None else self._repost_case(tx, line, line.source)
        asked = self._reviewer.ask(
            tx,
            post.city,
            line.account,
            form,
            self._files(tx, post.city, form.media),
            self._reviewer.case_for(post.city, line.account, case),
            but_post=post.id,
        )
        if asked.facts.past is None:
            history = said.on(asked.action.platform, before=line.at, but_post=post.id)
        else:  # an index tells what is alike, by its time; one by one stand the posts of that day
            history = tuple(one for one in asked.action.history if one.at < line.at)
        return replace(asked, action=replace(asked.action, history=history))

    def _case(self, line: PastLine) -> mapping.Case:
        post, version = line.post, line.version
        return mapping.Case(
            at=line.at,
            planned_at=line.delivery.planned_at,
            actor=mapping.actor_of(self._desk.city(post.city), post.author, post.section, version.created_at),
            emergency=post.emergency_kind,
            approved=not post.is_emergency,
            answers=answers_of(version, line.approvals),
            grants=self._circulation.grants_of(post.city, line.account, line.approvals),
            written_at=version.created_at,
            declared=frozenset(version.declared),
            is_for_owner=post.emergency_kind is not None,
        )

    def _repost_case(self, tx: Transaction, line: PastLine, source: str) -> mapping.Case:
        return self._circulation.repost_case(tx, line.post, line.version, source, at=line.at)

    def _files(self, tx: Transaction, city: str, choices: Sequence[MediaChoice]) -> tuple[Media, ...]:
        """Return what is known of a post's files; the files themselves may be gone, the packs never look into them."""
        stored = media_rows.of_city(tx, city, [choice.sha256 for choice in choices])
        return tuple(
            mapping.media_for(stored[choice.sha256], choice, Path(choice.sha256), None)
            for choice in choices
            if choice.sha256 in stored
        )


def _form_of(line: PastLine) -> DraftForm:
    """Return what the author filled in; for a repost the text alone, since the files are the post's own."""
    version = line.version
    return DraftForm(
        section=line.post.section,
        text=version.text,
        accounts=line.accounts if line.source is None else (),
        category=version.category,
        variants=version.variants,
        titles=version.titles,
        publish_at=version.publish_at,
        latest_at=version.latest_at,
        media=tuple(MediaChoice(**choice) for choice in version.media) if line.source is None else (),
    )


class _Earlier:
    """What the city's accounts had said by some instant."""

    def __init__(self, published: Sequence[Utterance]) -> None:
        self._on_platform: dict[str, list[Utterance]] = defaultdict(list)
        for one in published:
            self._on_platform[one.platform].append(one)

    def on(self, platform: str, *, before: datetime, but_post: str) -> tuple[PastPost, ...]:
        """Return the texts of a platform in the days before an instant, newest first."""
        said = self._on_platform[platform]
        first = bisect_left(said, before - _REMEMBERED, key=lambda one: one.at)
        end = bisect_left(said, before, key=lambda one: one.at)
        return tuple(
            PastPost(at=one.at, text=one.text, account=one.account, platform=platform)
            for one in reversed(said[first:end])
            if one.post_id != but_post
        )
