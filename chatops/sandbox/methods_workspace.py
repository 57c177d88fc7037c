"""The Web API's methods about the app itself, people, conversations, forms and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.sandbox.errors import SlackError
from chatops.sandbox.records import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops.sandbox.call import Call
    from chatops.sandbox.records import Channel, Json, Person

TIMEZONE_OFFSET_SECONDS = 9 * 3600


def auth_test(call: Call) -> Json:
    """Answer `auth.test`."""
    world = call.world
    return {
        "url": f"{world.base_url}/",
        "team": world.team_name,
        "user": world.bot_name.lower(),
        "team_id": world.team_id,
        "user_id": world.bot_user_id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """Answer `apps.connections.open`."""
    link = call.world.link
    if link is None:
        raise SlackError("internal_error")
    return {"url": f"{link.url}?ticket={link.issue_ticket()}"}


def users_info(call: Call) -> Json:
    """Answer `users.info`."""
    person = call.world.person(call.text("user"))
    return {"user": _show_person(call, person)}


def users_list(call: Call) -> Json:
    """Answer `users.list`, in one page."""
    members = [_show_person(call, person) for person in call.world.people]
    return {
        "members": members,
        "cache_ts": int(call.world.now().timestamp()),
        "response_metadata": {"next_cursor": ""},
    }


def conversations_open(call: Call) -> Json:
    """Answer `conversations.open` for one person's direct messages."""
    users = (call.optional("users") or "").split(",")
    channel = call.world.channel(call.optional("channel") or call.world.person(users[0]).id)
    if call.flag("return_im"):
        return {"channel": _show_channel(call, channel)}
    return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}


def conversations_info(call: Call) -> Json:
    """Answer `conversations.info`."""
    return {"channel": _show_channel(call, call.world.channel(call.text("channel")))}


def conversations_members(call: Call) -> Json:
    """Answer `conversations.members`."""
    channel = call.channel()
    if channel.user_id is not None:
        members = [channel.user_id, call.world.bot_user_id]
    else:
        members = [*(person.id for person in call.world.people), call.world.bot_user_id]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


def views_open(call: Call) -> Json:
    """Answer `views.open`."""
    view = call.world.views.open(call.text("trigger_id"), _view(call))
    return {"view": call.world.views.to_slack(view)}


def views_push(call: Call) -> Json:
    """Answer `views.push`."""
    view = call.world.views.push(call.text("trigger_id"), _view(call))
    return {"view": call.world.views.to_slack(view)}


def views_update(call: Call) -> Json:
    """Answer `views.update`."""
    view = call.world.views.update(
        _view(call),
        view_id=call.optional("view_id"),
        external_id=call.optional("external_id"),
        view_hash=call.optional("hash"),
    )
    return {"view": call.world.views.to_slack(view)}


def views_publish(call: Call) -> Json:
    """Answer `views.publish`."""
    view = call.world.views.publish(call.text("user_id"), _view(call), view_hash=call.optional("hash"))
    return {"view": call.world.views.to_slack(view)}


def files_info(call: Call) -> Json:
    """Answer `files.info`."""
    file = call.world.files.find(call.text("file"))
    return {"file": call.world.files.to_slack(file), "comments": [], "response_metadata": {"next_cursor": ""}}


def files_get_upload_url(call: Call) -> Json:
    """Answer `files.getUploadURLExternal`."""
    name, length = call.text("filename"), call.text("length")
    if not length.isdecimal() or int(length) == 0:
        raise SlackError("invalid_arguments", messages=("must be a number greater than 0: length",))
    file = call.world.files.await_upload(
        name=name, user_id=call.world.bot_user_id, alt_text=call.optional("alt_txt") or ""
    )
    return {"upload_url": call.world.files.upload_url(file), "file_id": file.id}


def files_complete_upload(call: Call) -> Json:
    """Answer `files.completeUploadExternal`: with a channel, the files are posted there."""
    given = call.structure("files", otherwise="invalid_arguments")
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", messages=("missing required field: files",))
    named = call.optional("channel_id") or call.optional("channels")
    channel = call.world.channel(named.split(",")[0]) if named else None
    if channel is not None and not channel.has_bot:
        raise SlackError("not_in_channel")
    files = [
        call.world.files.complete(
            str(one.get("id")), title=one.get("title"), channel_id=channel.id if channel else None
        )
        for one in given
    ]
    if channel is not None:
        call.world.conversations.post(
            channel_id=channel.id,
            author_id=call.world.bot_user_id,
            text=call.optional("initial_comment") or "",
            thread_ts=call.optional("thread_ts"),
            file_ids=[file.id for file in files],
        )
    return {"files": [call.world.files.to_slack(file) for file in files]}


def _view(call: Call) -> object:
    return call.structure("view", otherwise="invalid_arguments")


def _show_person(call: Call, person: Person) -> Json:
    shown: Json = {
        "id": person.id,
        "team_id": call.world.team_id,
        "name": person.name,
        "deleted": False,
        "real_name": person.real_name,
        "tz": "Asia/Tokyo",
        "tz_label": "Japan Standard Time",
        "tz_offset": TIMEZONE_OFFSET_SECONDS,
        "profile": {
            "title": person.title,
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.name,
            "display_name_normalized": person.name,
            "email": person.email,
            "team": call.world.team_id,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }
    if call.flag("include_locale"):
        shown["locale"] = person.locale
    return shown


def _show_channel(call: Call, channel: Channel) -> Json:
    if channel.kind is ChannelKind.IM:
        return {"id": channel.id, "is_im": True, "user": channel.user_id, "is_archived": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "is_archived": False,
        "is_general": False,
        "is_member": channel.has_bot,
        "creator": call.world.bot_user_id,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "context_team_id": call.world.team_id,
        "num_members": len(call.world.people) + 1,
    }


WORKSPACE_METHODS: dict[str, Callable[[Call], Json]] = {
    "apps.connections.open": open_connection,
    "auth.test": auth_test,
    "conversations.info": conversations_info,
    "conversations.members": conversations_members,
    "conversations.open": conversations_open,
    "files.completeUploadExternal": files_complete_upload,
    "files.getUploadURLExternal": files_get_upload_url,
    "files.info": files_info,
    "users.info": users_info,
    "users.list": users_list,
    "views.open": views_open,
    "views.publish": views_publish,
    "views.push": views_push,
    "views.update": views_update,
}
