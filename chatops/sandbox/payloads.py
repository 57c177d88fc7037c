"""The bodies that Slack sends to an app, field for field.

Shapes: the samples of slackapi/java-slack-sdk (json-logs/samples/app-backend) and the bodies in bolt-python's
tests, read 2026-11-21.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from chatops.sandbox.records import ChannelKind

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Channel, Json, Message, OpenView, Person


def slash_command(
    world: SlackWorld,
    *,
    person: Person,
    channel: Channel,
    command: str,
    text: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    """Return a slash command's fields; over HTTP they go as a form."""
    return {
        "token": world.verification_token,
        "team_id": world.team_id,
        "team_domain": world.team_domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.kind is ChannelKind.IM else channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _common(world: SlackWorld, person: Person, kind: str) -> Json:
    return {
        "type": kind,
        "team": {"id": world.team_id, "domain": world.team_domain},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": world.team_id,
        },
        "api_app_id": world.app_id,
        "token": world.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(
    world: SlackWorld,
    *,
    person: Person,
    channel: Channel,
    message: Message,
    action: Json,
    values: Json,
    trigger_id: str,
    response_url: str,
) -> Json:
    """Return the `block_actions` payload of something done to a message's element."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    body = _common(world, person, "block_actions") | {
        "container": container,
        "trigger_id": trigger_id,
        "channel": {
            "id": channel.id,
            "name": "directmessage" if channel.kind is ChannelKind.IM else channel.name,
        },
        "state": {"values": values},
        "response_url": response_url,
        "actions": [action | {"action_ts": _action_ts(world)}],
    }
    if message.ephemeral_to is None:  # Slack does not keep ephemeral messages, so it cannot send them back
        body["message"] = world.conversations.to_slack(message, with_metadata=True)
    return body


def view_action(
    world: SlackWorld, *, person: Person, view: OpenView, action: Json, values: Json, trigger_id: str
) -> Json:
    """Return the `block_actions` payload of something done to a form's element."""
    return _common(world, person, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": world.views.to_slack(view, values=values),
        "actions": [action | {"action_ts": _action_ts(world)}],
    }


def view_submission(world: SlackWorld, *, person: Person, view: OpenView, values: Json, trigger_id: str) -> Json:
    """Return the payload of a form that a person sent."""
    return _common(world, person, "view_submission") | {
        "trigger_id": trigger_id,
        "view": world.views.to_slack(view, values=values),
        "response_urls": [],
    }


def view_closed(world: SlackWorld, *, person: Person, view: OpenView, is_cleared: bool) -> Json:
    """Return the payload of a form that a person closed, where the form asked to be told."""
    return _common(world, person, "view_closed") | {
        "view": world.views.to_slack(view, values=view.values),
        "is_cleared": is_cleared,
    }


def event_callback(world: SlackWorld, event: Json) -> Json:
    """Return the envelope of an event of the Events API."""
    return {
        "token": world.verification_token,
        "team_id": world.team_id,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(world.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team_id,
                "user_id": world.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": secrets.token_urlsafe(16),
    }


def message_event(world: SlackWorld, channel: Channel, message: Message) -> Json:
    """Return the event that a person wrote *message*."""
    event: Json = {
        "type": "message",
        "user": message.user_id,
        "ts": message.ts,
        "client_msg_id": secrets.token_hex(16),
        "text": message.text,
        "team": world.team_id,
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": "im" if channel.kind is ChannelKind.IM else "channel",
    }
    if message.thread_ts is not None:
        event["thread_ts"] = message.thread_ts
    return event


def _action_ts(world: SlackWorld) -> str:
    return f"{world.now().timestamp():.6f}"
