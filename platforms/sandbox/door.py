"""The door every stand-in's requests come through: observers, faults, and the journal."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, g, request

from platforms.sandbox.core import Entry, Fault, FaultKind, Reply, Wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Blueprint

    from platforms.sandbox.core import Account, Timeline, World

DROP_FLAG = "sandbox.drop"
"""The WSGI key that asks the server to close the connection without an answer."""

Answer = Response | tuple[Any, int] | tuple[Any, int, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One stand-in: its HTTP faces and what citizens see of it."""

    name: str
    blueprints: tuple[Blueprint, ...]
    """Each carries its own `url_prefix` (`/x`; `/facebook` and `/facebook-video`)."""
    failure: Callable[[FaultKind], Response]
    """The vendor's own answer for `ERROR_*` (500), `THROTTLED` and `EXPIRED_TOKEN`."""
    timelines: Callable[[], list[Timeline]]


class Doorkeeper:
    """Guards one vendor's views.

    Args:
        world: What the stand-ins know.
        vendor: The name the journal and the faults use.
        failure: See `Vendor.failure`.
        whose: Names the account whose token came along, before anything is checked; None where it is nobody's.
    """

    def __init__(
        self, world: World, vendor: str, failure: Callable[[FaultKind], Response], whose: Callable[[], Account | None]
    ) -> None:
        self._world = world
        self._vendor = vendor
        self._failure = failure
        self._whose = whose

    def guard(self, verb: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Decorate a view: let observers see the request, obey faults for *verb*, write the journal.

        The view itself says more with `note(account=…, text=…, key=…, external_id=…)`.
        """

        def decorate(view: Callable[..., Response]) -> Callable[..., Response]:
            @functools.wraps(view)
            def guarded(**path: Any) -> Response:
                return self._answer(verb, lambda: view(**path))

            return guarded

        return decorate

    def _answer(self, verb: str, view: Callable[[], Response]) -> Response:
        g.note = {}
        wire = self._observe()
        fault = self._world.take_fault(self._vendor, verb, is_after=False)
        drawn = self._world.misbehave(verb, wire) if fault is None and self._world.misbehave is not None else None
        if drawn is not None and not drawn.kind.is_after:
            fault = drawn
        if fault is not None:
            response = self._spoilt(fault)
            note(text=fault.about)
            if fault.kind in {FaultKind.THROTTLED, FaultKind.QUOTA} and (account := self._whose()) is not None:
                note(account=account.handle)  # a limit is somebody's
            self._record(verb, response, fault, was_accepted=False)
            return response
        response = view()
        reply = Reply(status=response.status_code, headers=tuple(response.headers.items()), body=response.get_data())
        for observer in list(self._world.reply_observers):
            observer(wire, reply)
        was_accepted = response.status_code < 400  # noqa: PLR2004 - HTTP's line between yes and no
        if was_accepted:
            fault = self._world.take_fault(self._vendor, verb, is_after=True) or drawn
        if fault is not None:
            response = self._spoilt(fault)
        self._record(verb, response, fault, was_accepted=was_accepted)
        if fault is not None and fault.kind is FaultKind.HANG_AFTER:
            self._world.closing.wait(fault.seconds)
        return response

    def _observe(self) -> Wire:
        prefix = "/" + request.path.split("/", 2)[1]
        wire = Wire(
            vendor=self._vendor,
            method=request.method,
            path=request.path.removeprefix(prefix),
            query=tuple(request.args.items(multi=True)),
            headers=tuple(request.headers.items()),
            body=request.get_data(cache=True),
        )
        for observer in list(self._world.observers):
            observer(wire)
        return wire

    def _spoilt(self, fault: Fault) -> Response:
        if fault.kind in {FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER, FaultKind.HANG_AFTER}:
            request.environ[DROP_FLAG] = True
            return Response(status=200)
        if fault.kind is FaultKind.GARBAGE_AFTER:
            return Response("<html>", status=200, mimetype="text/html")
        g.reset_seconds = fault.reset_seconds
        return self._failure(fault.kind)

    def _record(self, verb: str, response: Response, fault: Fault | None, *, was_accepted: bool) -> None:
        said: dict[str, Any] = dict(g.note)
        self._world.record(
            Entry(
                at=self._world.now(),
                vendor=self._vendor,
                account=said.pop("account", None),
                verb=verb,
                method=request.method,
                path=request.path,
                key=said.pop("key", None),
                text=said.pop("text", None),
                outcome="accepted" if was_accepted else "refused",
                status=None if request.environ.get(DROP_FLAG) else response.status_code,
                fault=fault.kind.value if fault else None,
                external_id=said.pop("external_id", None),
                extra=said,
            )
        )


def note(**said: object) -> None:
    """Tell the journal about the request under way: `account`, `text`, `key`, `external_id`, or more."""
    g.note.update(said)


def note_closed(until: datetime) -> None:
    """Tell the journal until when the answer under way says that the account is closed."""
    note(closed_until=until.isoformat())


def bearer_token() -> str:
    """Return the bearer token of the request under way, or nothing."""
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ") if header.startswith("Bearer ") else ""
