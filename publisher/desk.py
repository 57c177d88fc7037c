"""What every service works with: the cities, their packs, the platforms, the files, the clock, the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from publisher import mapping
from publisher.api import DraftForm, MediaChoice, MediaView, Outcome
from publisher.city.model import Role, day_in_japan
from publisher.errors import NotFoundError, Refusal
from publisher.logs import build_logger
from publisher.store import acts, posts
from publisher.store import media as media_rows
from publisher.store.engine import CrossedError

_log = build_logger(__name__)
_TRIES: Final = 4
"""How often an act is done at most, where each time it crosses another transaction."""
SYSTEM_PARTS: Final = frozenset({"ledger", "timer"})
"""Parts of the program that act where no person does."""
SYSTEM_NAME: Final = "システム"

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from platforms.port import Media, Platform
    from publisher.api import Act
    from publisher.city.model import City
    from publisher.media import MediaStore
    from publisher.pack_shelf import PackShelf
    from publisher.store.engine import Database, Transaction
    from publisher.store.media import StoredMedia
    from publisher.store.posts import Approval, Line, Post, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The collaborators that the services share."""

    cities: Mapping[str, City]
    shelf: PackShelf
    platforms: Mapping[str, Platform]
    media: MediaStore
    media_base_url: str | None
    database: Database

    def city(self, key: str) -> City:
        """Return a city.

        Raises:
            NotFoundError: There is none of this key.
        """
        try:
            return self.cities[key]
        except KeyError:
            raise NotFoundError(f"there is no city {key}") from None

    def today(self) -> date:
        """Return the calendar day in Japan."""
        return day_in_japan(self.database.now())

    def account_name(self, city: str, account: str) -> str:
        """Return an account's name, also of one that left the file."""
        own = self.cities[city].accounts.get(account)
        return account if own is None else own.name

    def account_names(self, city: str, accounts: Sequence[str]) -> str:
        """Return accounts' names in one line."""
        return "、".join(self.account_name(city, account) for account in dict.fromkeys(accounts))

    def person_name(self, city: str, person: str) -> str:
        """Return a person's name with section and title of today, also of one who left the file."""
        own = self.cities[city]
        if person not in own.people:
            return SYSTEM_NAME if person in SYSTEM_PARTS else person
        held = own.positions_of(person, self.today())
        if not held:
            return own.people[person].name
        position = own.positions[held[0]]
        return f"{join_title(own.sections[position.section].name.ja, position.title.ja)} {own.people[person].name}"

    def person_names(self, city: str, people: Sequence[str]) -> str:
        """Return people's names in one line."""
        return "、".join(self.person_name(city, person) for person in people)

    def require_manager(self, act: Act) -> None:
        """Let nobody but today's managers do it.

        Raises:
            Refusal: `manager_only` (param `who`).
        """
        managers = self.city(act.city).with_role(Role.MANAGER, self.today())
        if act.person not in managers:
            raise Refusal("manager_only", who=self.person_names(act.city, managers))

    def files(self, tx: Transaction, city: str, choices: Sequence[MediaChoice]) -> tuple[Media, ...]:
        """Return a form's files in the words of the port.

        Raises:
            Refusal: `media_missing` (param `name`): a file is not in the store.
        """
        return self.files_among(media_rows.of_city(tx, city, [choice.sha256 for choice in choices]), choices)

    def files_among(self, stored: Mapping[str, StoredMedia], choices: Sequence[MediaChoice]) -> tuple[Media, ...]:
        """Return a form's files in the words of the port, from what is known of them by hash.

        Raises:
            Refusal: as `files`.
        """
        found = []
        for choice in choices:
            path = self.media.path_of(choice.sha256)
            if choice.sha256 not in stored or path is None:
                raise Refusal("media_missing", field="media", name=choice.source or choice.sha256[:12])
            found.append(mapping.media_for(stored[choice.sha256], choice, path, self.media_base_url))
        return tuple(found)

    def media_views(self, tx: Transaction, city: str, choices: Sequence[MediaChoice]) -> tuple[MediaView, ...]:
        """Return a form's files for showing; one that is gone is left out."""
        stored = media_rows.of_city(tx, city, [choice.sha256 for choice in choices])
        views = []
        for choice in choices:
            path, row = self.media.path_of(choice.sha256), stored.get(choice.sha256)
            if path is not None and row is not None:
                views.append(
                    MediaView(
                        sha256=choice.sha256,
                        kind=row.kind,
                        name=row.name,
                        alt=choice.alt,
                        path=path,
                        mime=row.mime,
                        source=choice.source,
                        people=choice.people,
                    )
                )
        return tuple(views)

    def once(self, act: Act, work: Callable[[Transaction], Outcome]) -> Outcome:
        """Do *work* once for *act*, in one transaction; a repeated act gets the first one's outcome.

        Where the transaction crossed another one it is done again: a person's act is not lost to a deadlock.

        Raises:
            Refusal: *work* refused; nothing changed.
        """
        self.city(act.city)
        for _ in range(_TRIES - 1):
            try:
                return self._once(act, work)
            except CrossedError:
                _log.warning("act_crossed", city=act.city)
        return self._once(act, work)

    def _once(self, act: Act, work: Callable[[Transaction], Outcome]) -> Outcome:
        with self.database.transaction() as tx:
            first = acts.once(tx, act)
            return acts.keep(tx, act, work(tx)) if first is None else first


def join_title(section: str, title: str) -> str:
    """Write a title as an office does: 公園緑地課 and 課長 are 公園緑地課長, 公園緑地課 and 主事 stay apart."""
    return section + title[1:] if title[:1] == section[-1:] else f"{section} {title}"


def form_of(post: Post, version: Version, lines: Sequence[Line]) -> DraftForm:
    """Return what a person filled in for a version."""
    return form_for(post, version, tuple(line.account for line in lines))


def form_for(post: Post, version: Version, accounts: tuple[str, ...]) -> DraftForm:
    """Return what a person filled in for a version, whose accounts are known."""
    return DraftForm(
        section=post.section,
        text=version.text,
        accounts=accounts,
        category=version.category,
        variants=version.variants,
        titles=version.titles,
        publish_at=version.publish_at,
        latest_at=version.latest_at,
        media=tuple(MediaChoice(**choice) for choice in version.media),
        is_disaster_related=post.is_disaster_related,
    )


def answers_of(version: Version, approvals: Sequence[Approval]) -> dict[str, bool]:
    """Return what author and approvers answered to the packs' questions; the later answer counts."""
    answers = dict(version.answers)
    for approval in approvals:
        answers |= approval.answers
    return answers


def find_post(tx: Transaction, city: str, number: str) -> Post:
    """Return a post.

    Raises:
        Refusal: `no_such_post`.
    """
    try:
        return posts.get(tx, city, number)
    except NotFoundError:
        raise Refusal("no_such_post", number=number) from None


def lock_post(tx: Transaction, city: str, number: str) -> Post:
    """Return a post, locked until the transaction ends.

    Raises:
        Refusal: `no_such_post`.
    """
    try:
        return posts.lock(tx, city, number)
    except NotFoundError:
        raise Refusal("no_such_post", number=number) from None
