"""What a post looks like once it is taken back, or put right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest

from publisher.delivery import DeliveryKind, DeliveryState
from publisher.outlooks import outlook_of
from publisher.post import Outlook

if TYPE_CHECKING:
    from publisher.store.delivery_record import Delivery

PUBLISH, DELETE = DeliveryKind.PUBLISH, DeliveryKind.DELETE
SENT, DUE, ASKED, CANCELLED = DeliveryState.SENT, DeliveryState.DUE, DeliveryState.ASKED, DeliveryState.CANCELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The three things of a delivery that count."""

    id: str
    kind: DeliveryKind
    state: DeliveryState
    source_id: str | None = None


def made(*several: tuple[str, DeliveryKind, DeliveryState]) -> list[Delivery]:
    """Make deliveries; a deletion is of the publication with its id."""
    return cast(
        "list[Delivery]",
        [
            Made(
                id=key if kind is PUBLISH else f"{key}-{kind}",
                kind=kind,
                state=state,
                source_id=None if kind is PUBLISH else key,
            )
            for key, kind, state in several
        ],
    )


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([("x", PUBLISH, SENT)], Outlook.PUBLISHED),
        ([("x", PUBLISH, SENT), ("x", DELETE, DUE)], Outlook.DELETING),
        ([("x", PUBLISH, SENT), ("x", DELETE, SENT)], Outlook.DELETED),
        ([("x", PUBLISH, SENT), ("x", DELETE, ASKED)], Outlook.ASKED),
        ([("x", PUBLISH, SENT), ("x", DELETE, CANCELLED)], Outlook.PUBLISHED),
        ([("x", PUBLISH, SENT), ("line", PUBLISH, SENT), ("x", DELETE, SENT)], Outlook.PARTLY_DELETED),
        ([("x", PUBLISH, DUE), ("x", DELETE, CANCELLED)], Outlook.SCHEDULED),
    ],
)
def test_a_deletion_shows(several: list[tuple[str, DeliveryKind, DeliveryState]], expected: Outlook) -> None:
    """Computed from the deliveries: the most pressing truth first."""
    assert expected is outlook_of(made(*several))


def test_a_correction_shows_only_where_the_post_is_still_there() -> None:
    """A deleted post is deleted, whatever puts it right."""
    there, gone = made(("x", PUBLISH, SENT)), made(("x", PUBLISH, SENT), ("x", DELETE, SENT))
    assert Outlook.CORRECTED is outlook_of(there, is_corrected=True)
    assert Outlook.DELETED is outlook_of(gone, is_corrected=True)
