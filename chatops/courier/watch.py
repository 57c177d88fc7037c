"""What the watchdog tells, from the state at the moment of telling. Pure, but for the board that is read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chatops.block_kit import sentence
from chatops.messages.ja import labels
from chatops.messages.ja import watch as words
from chatops.panes import account_name
from publisher.api import TAKES_BACK, DeliveryState, WatchKind, Why
from publisher.errors import NotFoundError, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops.courier.render import Rendered
    from chatops.messages import Voice
    from publisher.api import Board, DeliveryLine, Notice

_OVER = "_over"
_ENDED = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.SUPERSEDED})


def watch_subject(notice: Notice, say: Voice) -> str:
    """Head an e-mail with what it is about."""
    return say(words.subject, str(notice.params["code"]))


def build_watch(notice: Notice, board: Board, say: Voice) -> Rendered:
    """Say what is late, stuck or gone, what it waits for, and what to do; or that it is over."""
    code = str(notice.params["code"])
    if "deliveries" in notice.params:
        text = "\n".join(_about_deliveries(notice, board, say, code))
    else:
        text = _about_the_rest(notice, say, code)
    return text, [sentence(text)]


def _about_deliveries(notice: Notice, board: Board, say: Voice, code: str) -> list[str]:
    lines = [say(words.heading, code)]
    named = [one.split(":") for one in str(notice.params["deliveries"]).split(",")]
    for delivery, why, until in named:
        try:
            number, line = board.delivery(notice.city, delivery)
        except (Refusal, NotFoundError):
            continue
        lines.append(_line(number, line, _why(line, why, until, say), say, code))
    left = int(notice.params["count"]) - len(named)
    if left > 0:
        lines.append(say(words.and_more, left))
    return [*lines, *([] if code.endswith(_OVER) else [say(words.what_to_do, code)])]


def _line(number: str, line: DeliveryLine, why: str, say: Voice, code: str) -> str:
    name = account_name(line, say)
    if line.state is DeliveryState.SENT and line.kind in TAKES_BACK:
        return say(words.was_taken_back, number, name, max((line.late_seconds or 0) // 60, 0))
    if line.state is DeliveryState.SENT:
        return say(words.went_out, number, name, max((line.late_seconds or 0) // 60, 0))
    if line.state is DeliveryState.ASKED:
        return say(words.is_asked, number, name)
    problem = say.remark(line.problem) if line.problem is not None else ""
    if line.state in _ENDED or line.state is DeliveryState.HELD or code.endswith(_OVER):
        is_ahead = (
            line.kind not in TAKES_BACK
            and line.state is DeliveryState.DUE
            and line.due_at is not None
            and line.due_at > say.now
        )
        if is_ahead and line.due_at is not None:
            return say(words.goes_later, number, name, say.moment(line.due_at), problem)
        return say(words.ended, number, name, say(labels.delivery, line.state), problem)
    planned = "" if line.planned_at is None else say.moment(line.planned_at)
    return say(words.is_late, number, name, planned, f"{why}{problem}")


def _why(line: DeliveryLine, why: str, until: str, say: Voice) -> str:
    if why not in set(Why):
        return ""
    again = say.moment(datetime.fromtimestamp(int(until), UTC)) if until else ""
    return say(words.waits_for, why, say(labels.platform, line.platform), again)


def _about_the_rest(notice: Notice, say: Voice, code: str) -> str:
    params = {name: str(value) for name, value in notice.params.items()}
    at = {name: say.moment(datetime.fromisoformat(params[name])) for name in ("at", "back_at") if params.get(name)}
    machine, waiting = params.get("machine", ""), int(params.get("waiting", 0))
    sentences: dict[str, Callable[[], str]] = {
        WatchKind.WORKER: lambda: say(words.worker_gone, machine, at["at"], int(params["others"])),
        WatchKind.RESTARTED: lambda: say(words.worker_restarted, machine, at["at"], at["back_at"]),
        WatchKind.CLOCK: lambda: say(words.clock_wrong, machine, int(params["seconds"])),
        WatchKind.NOBODY_SENDS: lambda: say(words.nobody_sends, machine, at.get("at", ""), int(params["due"])),
        WatchKind.NOTICES: lambda: say(words.notices_stuck, waiting, at["at"], params.get("error", "")),
        WatchKind.INBOX: lambda: say(words.inbox_stuck, machine, waiting),
        WatchKind.EXPIRY: lambda: say(words.expiry_stuck, params.get("subjects", "")),
        WatchKind.HOLD: lambda: say(words.hold_stuck, at["at"]),
    }
    sentence_of = sentences.get(code)
    return say(words.over, code.removesuffix(_OVER), machine) if sentence_of is None else sentence_of()
