"""The checks of `sns doctor` that the faces know of: Slack and the mail relay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError

from chatops.courier.relay import RelayError, build_relay
from chatops.slack_link import SLACK_FAILURES, build_client, error_code
from publisher.city.model import Role, day_in_japan
from publisher.clock import RealClock
from publisher.doctor.check import note, well, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from slack_sdk import WebClient

    from publisher.city import City
    from publisher.doctor.check import Check
    from publisher.settings import Settings

SCOPES: Final = frozenset(
    {
        *("channels:history", "chat:write", "commands", "files:read"),
        *("groups:history", "im:history", "im:write", "users:read"),
    }
)
"""What the app's manifest asks for."""
_MUST_HEAR: Final = (Role.MANAGER, Role.EMERGENCY, Role.APPROVER)
_SCOPES_HEADER: Final = "x-oauth-scopes"


def look_at_slack(settings: Settings, cities: Mapping[str, City]) -> Iterator[Check]:
    """Ask Slack whether it takes the tokens, with which scopes, and whether the channels can be read."""
    if settings.slack_bot_token is None:
        yield wrong("slack", "slack_not_set")
        return
    token = settings.slack_bot_token.get_secret_value()
    ca_file = None if settings.ca_file is None else str(settings.ca_file)
    client = build_client(token=token, base_url=settings.slack_api_url, ca_file=ca_file)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        yield wrong("slack", "slack_refused", error=error_code(error))
        return
    except SLACK_FAILURES as error:
        yield wrong("slack", "slack_unreachable", error=error_code(error))
        return
    yield well("slack", "slack_well", team=str(answer.get("team") or ""), user=str(answer.get("user") or ""))
    headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
    yield from _scopes(str(headers.get(_SCOPES_HEADER, "")))
    yield from _way_in(client, settings)
    for key, city in cities.items():
        if city.slack.team != answer.get("team_id"):
            yield wrong("slack", "slack_other_team", city=key, team=city.slack.team, found=str(answer.get("team_id")))
        else:
            yield from _channel(client, city)


def _scopes(granted: str) -> Iterator[Check]:
    if not granted:
        yield note("slack", "scopes_unknown")
        return
    missing = sorted(SCOPES - {one.strip() for one in granted.split(",")})
    if missing:
        yield wrong("slack", "scopes_missing", names=", ".join(missing))


def _way_in(client: WebClient, settings: Settings) -> Iterator[Check]:
    if settings.slack_app_token is not None:
        try:
            client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
        except SLACK_FAILURES as error:
            yield wrong("slack", "app_token_refused", error=error_code(error))
    elif settings.slack_signing_secret is None:
        yield wrong("slack", "slack_no_way_in")
    else:
        yield note("slack", "signing_unchecked")


def _channel(client: WebClient, city: City) -> Iterator[Check]:
    """Read one message of the approvals channel: what the courier does before it repeats one."""
    channel = city.slack.channels.approvals
    try:
        client.conversations_history(channel=channel, limit=1)
    except SLACK_FAILURES as error:
        yield wrong("slack", "channel_refused", channel=channel, error=error_code(error))


def look_at_mail(settings: Settings, cities: Mapping[str, City]) -> Iterator[Check]:
    """Ask the relay whether it takes a connection, the log-in and a NOOP; and who has no address."""
    relay = build_relay(settings)
    if relay is None:
        yield note("mail", "mail_not_set")
        return
    host = urlsplit(relay.url).netloc
    try:
        relay.check()
    except RelayError as error:
        yield wrong("mail", f"relay_{error.code}", host=host, detail=error.detail)
    else:
        yield well("mail", "relay_well", host=host)
    day = day_in_japan(RealClock().now())
    for key, city in cities.items():
        people = dict.fromkeys(person for role in _MUST_HEAR for person in city.with_role(role, day))
        silent = [city.people[person].name for person in people if not city.people[person].email]
        if silent:
            yield note("mail", "mail_people", city=key, names="、".join(silent[:10]), count=len(silent))
    if settings.mail_admins is None:
        yield note("mail", "admins_not_set")
