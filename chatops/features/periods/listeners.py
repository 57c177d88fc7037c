"""`/sns period list | add | end`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.features.periods.ids import PeriodId
from chatops.features.periods.reading import VALUED, order_data, order_of
from chatops.features.periods.views import build_periods, outcome_text
from chatops.messages.ja import rules as words
from chatops.spoken import UnreadableError, read_spoken

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry


def register(registry: Registry) -> None:
    """Tie the command and its acts to their listeners."""
    registry.command(("period", "期間"), on_command)
    registry.act(PeriodId.ADD, add)
    registry.act(PeriodId.END, end)


def on_command(call: Call) -> None:
    """Find out what is asked, and do it; what cannot be read is said."""
    verb, _, rest = call.words.strip().replace("　", " ").partition(" ")
    try:
        listen = _VERBS.get(verb.lower() or "list")
        if listen is None:
            call.ack()
            call.tell(call.voice(words.usage_period))
        else:
            listen(call, rest)
    except UnreadableError as error:
        call.ack()
        call.tell(error.speak(call.voice))


def on_list(call: Call, _rest: str) -> None:
    """Show the periods that are not over."""
    call.ack()
    say = call.voice
    periods = call.office.services.periods.listing(call.caller.city)
    call.tell(say(words.period_title), build_periods(periods, say))


def on_add(call: Call, rest: str) -> None:
    """Take the order in."""
    call.accept(PeriodId.ADD, order_data(read_spoken(rest, valued=VALUED, flags={})))
    call.ack()


def on_end(call: Call, rest: str) -> None:
    """Take the order in: the name, then the reason."""
    spoken = read_spoken(rest, valued=VALUED, flags={})
    name, *reason = spoken.words or ("",)
    call.accept(PeriodId.END, {"name": name, "reason": spoken.one("reason") or " ".join(reason)})
    call.ack()


def add(office: Office, task: Task) -> None:
    """Set a period, and say which approved posts it touches."""
    outcome = office.services.periods.add(task.act, order_of(task.data))
    office.link.tell(task.where, outcome_text(outcome, office.voice(task.where.user)))


def end(office: Office, task: Task) -> None:
    """End a period, and say so."""
    outcome = office.services.periods.end(task.act, name=task.data["name"], reason=task.data["reason"])
    office.link.tell(task.where, outcome_text(outcome, office.voice(task.where.user)))


_VERBS = {
    "list": on_list,
    "一覧": on_list,
    "add": on_add,
    "追加": on_add,
    "設定": on_add,
    "end": on_end,
    "終了": on_end,
}
