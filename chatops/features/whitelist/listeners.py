"""`/sns whitelist list | add | remove | history | check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops.features.whitelist.ids import WhitelistId
from chatops.features.whitelist.reading import order_data, order_of, read_action, read_words
from chatops.features.whitelist.views import build_check, build_entries, check_lines
from chatops.messages.ja import rules as words
from chatops.spoken import UnreadableError

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry


def register(registry: Registry) -> None:
    """Tie the command and its acts to their listeners."""
    registry.command(("whitelist", "ホワイトリスト"), on_command)
    registry.act(WhitelistId.ADD, add)
    registry.act(WhitelistId.REMOVE, remove)


def on_command(call: Call) -> None:
    """Find out what is asked, and do it; what cannot be read is said."""
    verb, _, rest = call.words.strip().replace("　", " ").partition(" ")
    try:
        listen = _VERBS.get(verb.lower() or "list")
        if listen is None:
            call.ack()
            call.tell(call.voice(words.usage_whitelist))
        else:
            listen(call, rest)
    except UnreadableError as error:
        call.ack()
        call.tell(error.speak(call.voice))


def on_list(call: Call, _rest: str) -> None:
    """Show what is on the list."""
    call.ack()
    say, city = call.voice, call.caller.city
    entries = call.office.services.whitelisting.listing(city)
    title = say(words.list_title)
    call.tell(title, build_entries(title, entries, say, without=words.list_empty))


def on_history(call: Call, rest: str) -> None:
    """Show every entry there ever was of an account."""
    _, platform, handle, _ = read_words(rest)
    call.ack()
    say = call.voice
    entries = call.office.services.whitelisting.history(call.caller.city, handle, platform)
    name = entries[0].handle if entries else handle.removeprefix("@")
    title = say(words.history_title, name)
    call.tell(title, build_entries(title, entries, say, without=say(words.history_empty, name)))


def on_check(call: Call, rest: str) -> None:
    """Show what the pack says now."""
    spoken, platform, handle, _ = read_words(rest)
    call.ack()
    say = call.voice
    found = call.office.services.whitelisting.check(
        call.caller.city,
        handle,
        platform=platform,
        action=read_action(spoken.one("action")),
        is_about_city=spoken.has("about-city"),
        account=spoken.one("account") or None,
    )
    call.tell("\n".join(check_lines(found, say)), build_check(found, say))


def on_add(call: Call, rest: str) -> None:
    """Take the order in."""
    spoken, platform, handle, _ = read_words(rest)
    _accept(call, WhitelistId.ADD, order_data(spoken, platform, handle))


def on_remove(call: Call, rest: str) -> None:
    """Take the order in."""
    spoken, platform, handle, reason = read_words(rest)
    reason = spoken.one("reason") or reason
    _accept(call, WhitelistId.REMOVE, {"platform": platform, "handle": handle, "reason": reason})


def _accept(call: Call, kind: WhitelistId, data: dict[str, Any]) -> None:
    call.accept(kind, data)
    call.ack()


def add(office: Office, task: Task) -> None:
    """Put an account on the list, and say so."""
    outcome = office.services.whitelisting.add(task.act, order_of(task.data))
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))


def remove(office: Office, task: Task) -> None:
    """Take an account off the list, and say so."""
    outcome = office.services.whitelisting.remove(task.act, **task.data)
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))


_VERBS = {
    "list": on_list,
    "一覧": on_list,
    "add": on_add,
    "追加": on_add,
    "remove": on_remove,
    "削除": on_remove,
    "history": on_history,
    "履歴": on_history,
    "check": on_check,
    "確認": on_check,
}
