"""Builds the Bolt app: no global, no hidden environment, verification on."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from slack_bolt import App

from chatops.register import register_features

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from chatops.office import Office

log = logging.getLogger(__name__)

LISTENER_THREADS: Final = 32
NO_SECRET: Final = ""
"""Without a signing secret the HTTP endpoint stays shut (`chatops.web`); Socket Mode needs none."""


def build_app(office: Office, *, client: WebClient, signing_secret: str = NO_SECRET) -> App:
    """Build the app and tie every feature to it.

    Slack is asked once whether the token is good.

    Raises:
        slack_bolt.error.BoltError: It is not, or Slack can't be reached.
    """
    app = App(
        name="kairan",
        logger=logging.getLogger("slack_bolt"),
        client=client,
        signing_secret=signing_secret,
        token_verification_enabled=True,
        request_verification_enabled=True,
        process_before_response=False,
        listener_executor=ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="slack"),
        raise_error_for_unhandled_request=False,
    )
    register_features(app, office)
    return app
