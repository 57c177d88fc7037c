"""The five ways in which a call to a platform fails, each saying what to do next.

An adapter raises nothing else on purpose; whatever else escapes from it counts as `PerhapsSent`.
A failure carries a *code* (a word of ours, stable) and *params*; the sentence for
people is made from them by the faces, in the person's language. Neither may hold a secret.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Who(StrEnum):
    """The person who must act before a failed delivery can go on."""

    IT = "it"
    """Whoever keeps the accounts' credentials: reconnect, renew, pay."""
    MANAGER = "manager"
    """The head who answers for the account: the vendor restricted it."""
    AUTHOR = "author"
    """The person who wrote the post."""


class PlatformError(Exception):
    """A call to a platform failed."""

    def __init__(self, code: str, *, params: Mapping[str, str | int] | None = None, detail: str = "") -> None:
        """Keep the *code*, its *params* and the vendor's own words (*detail*, scrubbed of secrets)."""
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, str | int] = dict(params or {})
        self.detail = detail

    def __str__(self) -> str:
        """Read as the code, with the vendor's words behind it."""
        return f"{self.code}: {self.detail}" if self.detail else self.code


class Rejected(PlatformError):  # noqa: N818 - the five are outcomes, named as DESIGN.md names them
    """The platform refuses this content. Never repeat it; the text must change."""


class NeedsPerson(PlatformError):  # noqa: N818
    """A person must act first (reconnect, appeal, buy); until then the account's deliveries wait."""

    def __init__(self, code: str, *, who: Who, params: Mapping[str, str | int] | None = None, detail: str = "") -> None:
        """Say *who* must act."""
        super().__init__(code, params=params, detail=detail)
        self.who = who


class Throttled(PlatformError):  # noqa: N818
    """The platform takes nothing more before *until* (aware UTC): a rate limit or a used-up quota. Nothing was sent."""

    def __init__(
        self,
        code: str,
        *,
        until: datetime,
        params: Mapping[str, str | int] | None = None,
        detail: str = "",
        is_app_wide: bool = False,
    ) -> None:
        """Say *until* when, and whether for every account that uses the same app (`port.SharesQuota`)."""
        super().__init__(code, params=params, detail=detail)
        self.until = until
        self.is_app_wide = is_app_wide


class NotSent(PlatformError):  # noqa: N818
    """No byte of the request reached the platform, or it said that it did nothing. Safe to repeat."""


class PerhapsSent(PlatformError):  # noqa: N818
    """The platform may have accepted the request. Find out first; never repeat on a guess."""
