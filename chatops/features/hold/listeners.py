"""`/sns hold [アカウント・所属] [理由]`, `/sns hold list`, `/sns resume`, `/sns mark K-12 災害関連`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chatops.features.hold.ids import HoldId
from chatops.features.hold.views import build_triage, outcome_text
from chatops.messages.ja import hold as words
from chatops.ticking import read_pressed, take_buttons_off
from publisher.api import Triage

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops.call import Call
    from chatops.messages import Voice
    from chatops.office import Office, Task
    from chatops.registry import Registry

ANSWERS: Final = {
    HoldId.SEND: Triage.SEND,
    HoldId.DO_NOT_SEND: Triage.DO_NOT_SEND,
    HoldId.LATER: Triage.LATER,
}
_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
"""What can only be meant as a key: a typo in it must not stop the whole city."""
_DECIDED: Final = frozenset({"triage_send", "triage_cancel", "triage_already"})
"""Outcomes after which a question is answered."""
_LISTING: Final = frozenset({"list", "一覧"})


def register(registry: Registry) -> None:
    """Tie the commands, the buttons and the acts to their listeners."""
    registry.command(("hold", "一時停止"), on_hold)
    registry.command(("resume", "再開"), on_resume)
    registry.command(("mark", "災害関連"), on_mark)
    for action_id, answer in ANSWERS.items():
        registry.action(action_id, _listener(answer))
    registry.act(HoldId.HOLD, hold)
    registry.act(HoldId.RESUME, resume)
    registry.act(HoldId.DECIDE, decide)
    registry.act(HoldId.MARK, mark)


def on_hold(call: Call) -> None:
    """Take the order in, or show the list."""
    if call.words.strip().lower() in _LISTING:
        on_list(call)
        return
    target, reason = read_target(call.words)
    call.accept(HoldId.HOLD, {"target": target, "reason": reason})
    call.ack()


def on_resume(call: Call) -> None:
    """Take the order in."""
    target, note = read_target(call.words)
    call.accept(HoldId.RESUME, {"target": target, "note": note})
    call.ack()


def on_list(call: Call) -> None:
    """Show the holds in force and what waits for a word."""
    call.ack()
    call.tell(call.voice(words.title), _triage(call.office, call.caller.city, call.voice))


def on_mark(call: Call) -> None:
    """Take the order in: the number; what stands behind it says in words what the command does."""
    number = call.words.strip().replace("　", " ").partition(" ")[0]
    if not number:
        call.ack()
        call.tell(call.voice(words.usage_mark))
        return
    call.accept(HoldId.MARK, {"number": number.upper()})
    call.ack()


def read_target(text: str) -> tuple[str, str]:
    """Return what must be the key of an account or a section, or nothing; and the rest: a name, a reason, or both."""
    first, _, rest = text.strip().replace("　", " ").partition(" ")
    return (first, rest.strip()) if _KEY.fullmatch(first) else ("", text.strip())


def hold(office: Office, task: Task) -> None:
    """Begin, and give the first answer; the second is a notice."""
    target, reason = _meant(office, task, task.data["reason"])
    outcome = office.services.holding.hold(task.act, target=target, reason=reason, waited_seconds=task.waited_seconds)
    office.link.tell(task.where, outcome_text(outcome, office.voice(task.where.user)))


def _meant(office: Office, task: Task, words: str) -> tuple[str, str]:
    """Return what is meant, and the other words: an account or a section may be called by its name as well."""
    target: str = task.data["target"]
    return (target, words) if target else office.services.holding.target_in(task.act.city, words)


def resume(office: Office, task: Task) -> None:
    """Lift, and show what waits for a word."""
    target, note = _meant(office, task, task.data["note"])
    outcome = office.services.holding.resume(task.act, target=target, note=note, waited_seconds=task.waited_seconds)
    say = office.voice(task.where.user)
    office.link.tell(task.where, outcome_text(outcome, say))
    if outcome.params.get("count"):
        office.link.tell(task.where, say(words.title), _triage(office, task.act.city, say))


def decide(office: Office, task: Task) -> None:
    """Carry out a word of the triage."""
    answer = Triage(task.data["answer"])
    outcome = office.services.holding.decide(
        task.act,
        delivery=task.data["delivery"],
        answer=answer,
        question=task.data.get("question"),  # one that was put by the version before names none
        waited_seconds=task.waited_seconds,
    )
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))
    if task.data.get("text") and outcome.code in _DECIDED:
        label = str(task.data.get("label") or answer)
        take_buttons_off(office, task, pressed=label, is_first=outcome.code != "triage_already")


def mark(office: Office, task: Task) -> None:
    """Mark a post as related to the disaster."""
    outcome = office.services.holding.mark(task.act, number=task.data["number"])
    office.link.tell(task.where, office.voice(task.where.user).outcome(outcome))


def _triage(office: Office, city: str, say: Voice) -> list[dict[str, object]]:
    holding = office.services.holding
    return build_triage(holding.listing(city), holding.waiting(city), say)


def _listener(answer: Triage) -> Callable[[Call], None]:
    def on_answer(call: Call) -> None:
        about = {"delivery": call.button_data["d"], "question": call.button_data.get("q"), "answer": answer}
        # The list is its reader's own, and each of its other posts keeps its buttons.
        is_list = bool((call.body.get("container") or {}).get("is_ephemeral"))
        call.accept(HoldId.DECIDE, about if is_list else about | read_pressed(call))
        call.ack()

    return on_answer
