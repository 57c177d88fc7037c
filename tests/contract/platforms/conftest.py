"""The stand-ins, served over real sockets, with every request held against the vendor's own specification."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.responses.exceptions import ResponseNotFound
from shared_material import SHARED
from werkzeug.datastructures import Headers, ImmutableMultiDict

from platforms.port import Endpoints, Media, MediaKind
from platforms.sandbox.app import serving
from platforms.sandbox.core import Reply, Wire, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PROBLEM_JSON = {"application/problem+json": json.loads}
SPECIFICATIONS = {
    "x": (SHARED / "specs/x/openapi.json", "https://api.x.com"),
    "line": (SHARED / "specs/line/messaging-api.oneof.derived.json", "https://api.line.me"),
}


@dataclass
class Clock:
    """A clock that a test moves."""

    at: datetime

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at

    def pass_by(self, **spans: float) -> None:
        """Let time go by."""
        self.at += timedelta(**spans)


@dataclass
class OnVendorsHost:
    """A request as the vendor's own host would have got it, in openapi-core's terms."""

    wire: Wire
    host_url: str

    @property
    def path(self) -> str:
        """Below the host."""
        return self.wire.path

    @property
    def method(self) -> str:
        """In lower case."""
        return self.wire.method.lower()

    @property
    def body(self) -> bytes | None:
        """As it came."""
        return self.wire.body or None

    @property
    def content_type(self) -> str:
        """As the header says."""
        return self.parameters.header.get("Content-Type", "")

    @cached_property  # openapi-core writes the path's values into it
    def parameters(self) -> RequestParameters:
        """The query and the headers."""
        return RequestParameters(query=ImmutableMultiDict(self.wire.query), header=Headers(list(self.wire.headers)))


@dataclass
class FromStandIn:
    """An answer in openapi-core's terms."""

    reply: Reply

    @property
    def data(self) -> bytes:
        """As it went."""
        return self.reply.body

    @property
    def status_code(self) -> int:
        """As it went."""
        return self.reply.status

    @property
    def headers(self) -> Headers:
        """As they went."""
        return Headers(list(self.reply.headers))

    @property
    def content_type(self) -> str:
        """As the header says."""
        return self.headers.get("Content-Type", "")


@lru_cache
def specification(vendor: str) -> OpenAPI:
    """Load a vendor's OpenAPI once.

    X's own lists an enumeration's values twice, so it is not itself checked. `security` is left out: openapi-core
    doesn't know OAuth 1.0a, and the stand-ins verify signatures and tokens themselves.
    """
    path, _ = SPECIFICATIONS[vendor]
    document = json.loads(path.read_text("utf-8"))
    document.pop("security", None)
    for operations in document["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return OpenAPI.from_dict(
        document, config=Config(spec_validator_cls=None, extra_media_type_deserializers=PROBLEM_JSON)
    )


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands still until the test moves it."""
    return Clock(at=datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def world(clock: Clock) -> Iterator[World]:
    """Everything the stand-ins know; what our adapters send must follow the specification where there is one."""
    world, mistakes = World(clock), []

    def hold_against_specification(wire: Wire) -> None:
        if wire.vendor in SPECIFICATIONS and SPECIFICATIONS[wire.vendor][0].is_file():
            try:
                specification(wire.vendor).validate_request(OnVendorsHost(wire, SPECIFICATIONS[wire.vendor][1]))
            except Exception as error:  # noqa: BLE001 - whatever it is, the test must fail for it
                mistakes.append(f"{wire.method} {wire.path}: {error!r} {error.__cause__!r}")

    def hold_reply_against_specification(wire: Wire, reply: Reply) -> None:
        if b'"about:blank"' in reply.body:
            return  # X's specification doesn't list the type that X really sends with 401 and with duplicates
        if wire.vendor in SPECIFICATIONS and SPECIFICATIONS[wire.vendor][0].is_file():
            try:
                specification(wire.vendor).validate_response(
                    OnVendorsHost(wire, SPECIFICATIONS[wire.vendor][1]), FromStandIn(reply)
                )
            except ResponseNotFound:
                assert reply.status == 401  # LINE's specification doesn't list it; its reference does
            except Exception as error:  # noqa: BLE001 - the same
                mistakes.append(f"{wire.method} {wire.path} -> {reply.status}: {error!r} {error.__cause__!r}")

    world.observers.append(hold_against_specification)
    world.reply_observers.append(hold_reply_against_specification)
    yield world
    world.close()
    assert mistakes == []


@pytest.fixture
def endpoints(world: World) -> Iterator[Endpoints]:
    """Serve the stand-ins on a free port of this machine."""
    with serving(world) as endpoints:
        yield endpoints


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Media]:
    """Make an image of ours."""

    def make(*, alt: str = "", url: str | None = None) -> Media:
        path = tmp_path / f"{uuid.uuid4()}.png"
        path.write_bytes(PNG)
        return Media(
            kind=MediaKind.IMAGE,
            path=path,
            sha256="0" * 64,
            mime="image/png",
            size_bytes=len(PNG),
            width_px=640,
            height_px=480,
            alt=alt,
            url=url,
        )

    return make


@pytest.fixture
def new_key() -> Callable[[], str]:
    """Make deliveries' ids."""
    return lambda: str(uuid.uuid4())
