"""What the author sees and must say of a draft before it goes in: the review, the packs' questions, who is pictured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publisher.api import PeopleShown, Review
from publisher.consents import added_by_no, needs_consent, strongest
from publisher.desk import find_post, form_of
from publisher.errors import Refusal
from publisher.questions import asked_of_author, prefilled, unsaid, with_people
from publisher.routes import role_holders
from publisher.store import audit, author_answers, posts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from publisher.api import Act
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.reviewing import Look, Reviewer
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post, Version


class Answering:
    """Asks the author.

    Args:
        desk: The shared collaborators.
        reviewer: Plans and judges.
        circulation: Judges a version as it would go round.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, circulation: Circulation) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._circulation = circulation

    def review(
        self,
        tx: Transaction,
        city: str,
        number: str,
        *,
        answers: Mapping[str, bool] | None = None,
        people: Mapping[str, str] | None = None,
    ) -> Review:
        """Judge the newest version as if its author had answered this; what was answered before is a first value.

        Raises:
            Refusal: `no_such_post`; a file is gone.
        """
        post = find_post(tx, city, number)
        version = posts.version(tx, post.id, post.version)
        given_answers, given_people = answers or {}, people or {}
        before = self._looks(tx, post, version, {}, {})
        after = self._looks(tx, post, version, given_answers, given_people)
        first_answers, first_people = self._first_values(tx, post)
        shown = with_people(version.media, {**first_people, **given_people})
        form = form_of(post, version, posts.lines_of(tx, version.id))
        media = form_of(post, replace(version, media=shown), ()).media
        return Review(
            number=post.label,
            version=post.version,
            form=form,
            media=self._desk.media_views(tx, city, media),
            panes=tuple(
                self._reviewer.pane(
                    city, look, self._reviewer.plan_route(city, look, section=post.section, author=post.author)
                )
                for look in after.values()
            ),
            offer_open_at=opening(before.values()),
            can_submit=bool(before) and not any(look.plan.is_refused or look.is_blocked for look in before.values()),
            questions=prefilled(asked_of_author(before.values()), {**first_answers, **given_answers}),
            effect=strongest(one for account, look in after.items() for one in added_by_no(before[account], look)),
            consent_from=self._consent_from(city, after.values()),
        )

    def keep(
        self,
        tx: Transaction,
        act: Act,
        post: Post,
        version: Version,
        *,
        answers: Mapping[str, bool],
        people: Mapping[str, str],
    ) -> Version:
        """Keep what the author of a locked post answers, once everything is answered.

        Raises:
            Refusal: `questions_open`, `people_unsaid` (param `count`).
        """
        asked = asked_of_author(self._looks(tx, post, version, {}, {}).values())
        left = sum(one.key not in answers for one in asked)
        if left:
            raise Refusal("questions_open", count=left)
        if unsaid(version.media, people):
            raise Refusal("people_unsaid", count=unsaid(version.media, people))
        if not asked and not version.media:
            return version
        kept = {one.key: answers[one.key] for one in asked}
        media = with_people(version.media, people)
        author_answers.keep(tx, version.id, answers=kept, media=media)
        facts: dict[str, Any] = {"version": version.version, "answers": kept}
        facts["people"] = {one["sha256"]: one["people"] for one in media}
        audit.append(tx, city=post.city, who=act.person, kind="answered", post_id=post.id, facts=facts)
        return posts.version(tx, post.id, version.version)

    def _looks(
        self, tx: Transaction, post: Post, version: Version, answers: Mapping[str, bool], people: Mapping[str, str]
    ) -> dict[str, Look]:
        """Judge a version as if this and nothing else had been said of it."""
        unsaid_media = [{**one, "people": PeopleShown.UNKNOWN} for one in version.media]
        said = replace(version, media=with_people(unsaid_media, people))
        return self._circulation.looks(tx, post, said, answers=answers)

    @staticmethod
    def _first_values(tx: Transaction, post: Post) -> tuple[Mapping[str, bool], Mapping[str, str]]:
        former = author_answers.last_submitted(tx, post.id)
        if former is None:
            return {}, {}
        return former.answers, {one["sha256"]: one["people"] for one in former.media if "people" in one}

    def _consent_from(self, city: str, looks: Iterable[Look]) -> tuple[str, ...]:
        own, day = self._desk.city(city), self._desk.today()
        needing = (look for look in looks if needs_consent(look))
        people = (one for look in needing for one in role_holders(own, look.role_needed or "", look.account, day))
        return tuple(self._desk.person_name(city, one) for one in dict.fromkeys(people))


def opening(looks: Iterable[Look]) -> datetime | None:
    """Return the opening to offer: the latest of those that accounts wait for."""
    openings: Sequence[datetime] = [look.next_open for look in looks if look.next_open is not None]
    return max(openings, default=None)
