"""What runs until a signal: everything in one process, people's side alone, or deliveries alone."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Final

import structlog

from chatops.courier.postman import build_postman
from chatops.courier.relay import build_relay
from chatops.faces import FaceOptions, Faces
from chatops.home_lock import only_one
from chatops.web.server import WebServer
from publisher.compose import build
from publisher.errors import ConfigurationError, ConfigurationMistake
from publisher.ledger.pace import TURN_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import SecretStr

    from publisher.compose import Heart
    from publisher.settings import Settings

log = logging.getLogger(__name__)

END_SECONDS: Final = 45.0
"""How long calls under way may take after a signal; the systemd units wait 60."""


def serve_until_signal(
    settings: Settings, *, host: str, port: int, greet: Callable[[str], None], sends: bool = True
) -> None:
    """Run until SIGTERM or SIGINT; then take nothing more in, finish what is under way, and end.

    Args:
        settings: What the environment says.
        host: The interface.
        port: 0 takes any free port.
        greet: Is told the address once it answers.
        sends: Whether it delivers too; else others do (`work_until_signal`).

    Raises:
        ConfigurationError: The settings, a city file or the schema is wrong; or SQLite is to be shared.
        CannotListenError: The port is taken, or the interface is not this machine's.
        HomeInUseError: Another process serves people from this home folder.
    """
    heart, ended = _prepare(settings, is_shared=not sends)
    with only_one(settings.home):
        faces = Faces(services=heart.services, options=face_options(settings), now=heart.database.now)
        # The port first: a second process on it must not begin to send.
        server = WebServer(faces.web, host=host, port=port)
        try:
            heart.start(sends=sends)
            heart.on_notices(faces.courier.wake)
            faces.start()
            server.start()
            greet(f"http://{host}:{server.port}")
            ended.wait()
            log.info("ending")
        finally:
            server.stop()
            faces.stop()
            heart.stop(END_SECONDS)


def work_until_signal(settings: Settings, *, greet: Callable[[str, Sequence[str]], None]) -> None:
    """Deliver until SIGTERM or SIGINT; then take nothing more up, finish the calls under way, and end.

    Args:
        settings: What the environment says.
        greet: Is told the worker's name and its platforms once it works.

    Raises:
        ConfigurationError: The settings, a city file or the schema is wrong; or SQLite is to be shared.
    """
    heart, ended = _prepare(settings, is_shared=True)
    # Also from here: who serves people may be down, and that is when they must hear of it.
    postman = build_postman(heart.services, build_relay(settings), heart.database.now)
    try:
        heart.start()
        if postman is not None:
            postman.start()
        greet(heart.worker.owner, list(heart.platforms))
        ended.wait()
        log.info("ending")
    finally:
        if postman is not None:
            postman.stop()
        heart.stop(END_SECONDS)


def _prepare(settings: Settings, *, is_shared: bool) -> tuple[Heart, threading.Event]:
    """Build everything, and return it with what a signal sets."""
    set_up_logging(settings.log_level)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    sys.setswitchinterval(TURN_SECONDS)
    heart = build(settings)
    if is_shared and heart.database.is_sqlite:
        raise ConfigurationError([ConfigurationMistake(code="sqlite_not_shared")])
    # Before anything runs that would have to be stopped: what is wrong here is said as it is.
    heart.migrate()
    heart.credentials.check_key()
    return heart, ended


def face_options(settings: Settings) -> FaceOptions:
    """Return what the faces need from the settings."""
    return FaceOptions(
        home=settings.home,
        slack_api_url=settings.slack_api_url,
        bot_token=_revealed(settings.slack_bot_token),
        app_token=_revealed(settings.slack_app_token),
        signing_secret=_revealed(settings.slack_signing_secret),
        ca_file=str(settings.ca_file) if settings.ca_file else os.environ.get("SSL_CERT_FILE"),
        relay=build_relay(settings),
    )


def set_up_logging(level: str) -> None:
    """Log JSON lines to standard error; libraries that log requests stay quiet."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in ("slack_sdk", "slack_bolt", "urllib3", "httpx", "waitress", "websocket", "apscheduler", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
