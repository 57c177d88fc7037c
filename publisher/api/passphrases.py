"""Pass phrases: how the shell knows who acts, where Slack cannot say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from publisher.api.acts import Act, Outcome


class Passphrases(Protocol):
    """The pass phrases of a city's people."""

    def is_set(self, city: str, person: str) -> bool:
        """Tell whether a person has a pass phrase.

        Raises:
            Refusal: `no_such_person` (param `person`).
        """
        ...

    def set(self, act: Act, *, person: str, new: str, is_reset: bool = False) -> Outcome:
        """Give a person a first pass phrase, or with *is_reset* another one without the old; a lock ends with it.

        Outcomes: `passphrase_set`.

        Raises:
            Refusal: `no_such_person`, `passphrase_short` (param `least`), `passphrase_is_set` (a first one is wanted
                where there is one).
        """
        ...

    def change(self, act: Act, *, person: str, old: str, new: str) -> Outcome:
        """Give a person another pass phrase in place of *old*.

        Outcomes: `passphrase_set`.

        Raises:
            Refusal: `passphrase_short` (param `least`), and those of `check`.
        """
        ...

    def check(self, city: str, person: str, given: str) -> None:
        """Find out whether *given* is the person's pass phrase; each failure is counted and recorded.

        Raises:
            Refusal: `no_such_person`, `no_position_today` (param `person`), `passphrase_not_set` (param `person`),
                `passphrase_wrong` (param `left`: tries until it is locked), `passphrase_locked` (param `until`).
        """
        ...
