"""Opening the draft form, and saving what comes back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chatops.features.draft.ids import DraftId
from chatops.features.draft.reading import read_form, to_data
from chatops.features.draft.views import build_checking, build_form, form_errors
from chatops.features.review.listeners import show_review
from chatops.inbox import Lane
from chatops.messages.ja import form as words
from chatops.where import write_metadata
from publisher.api import DraftForm, FormModel, MediaChoice, plain_label
from publisher.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry
    from chatops.where import Where

NUMBER: Final = re.compile(r"K-\d+")


def register(registry: Registry) -> None:
    """Tie the form's ids to their listeners."""
    registry.command(("draft", "下書き"), on_command)
    registry.action(DraftId.OPEN, on_open)
    registry.view(DraftId.FORM, on_submit)
    registry.act(DraftId.SAVE, save)


def on_command(call: Call) -> None:
    """`/sns draft`, `/sns draft 本文…`, `/sns draft K-12`."""
    call.ack()
    number = plain_label(call.words)
    open_form(call, number=number if NUMBER.fullmatch(number) else None, text=call.words)


def on_open(call: Call) -> None:
    """「続きを書く」 and 「書き直す」: in the modal where it was pressed in one, else in a new one."""
    call.ack()
    open_form(call, number=str(call.button_data["n"]))


def open_form(call: Call, *, number: str | None, text: str = "") -> None:
    """Show the form of a draft, or a blank one."""
    caller, drafting = call.caller, call.office.services.drafting
    if number is None:
        model = drafting.open_form(caller.city, caller.person.key, text)
    else:
        model = drafting.edit_form(caller.city, caller.person.key, number)
    view = build_form(model, call.voice, metadata=form_metadata(model, call.where))
    if call.where.view_id is None or not call.office.link.show_view(call.where.view_id, view):
        call.open(view)


def form_metadata(model: FormModel, where: Where) -> str:
    """Write what the form keeps."""
    return write_metadata(where, number=model.number, version=model.version, section=model.section)


def on_submit(call: Call) -> None:
    """Find mistakes in memory; else take the draft in and say that it is being looked at."""
    caller, kept = call.caller, call.metadata
    filled = read_form(call.view["state"], section=kept["section"])
    mistakes = [
        *filled.mistakes,
        *call.office.services.drafting.mistakes(caller.city, caller.person.key, filled.form),
    ]
    if mistakes:
        blocks = frozenset(block["block_id"] for block in call.view["blocks"] if block["type"] == "input")
        call.ack(response_action="errors", errors=form_errors(mistakes, blocks, call.quick_voice))
        return
    data = to_data(filled) | {"number": kept.get("number"), "version": kept.get("version")}
    lane = Lane.SLOW if filled.files else Lane.QUICK
    call.accept(DraftId.SAVE, data, lane=lane)
    call.ack(response_action="update", view=build_checking(call.quick_voice))


def save(office: Office, task: Task) -> None:
    """Fetch the files, save the draft, and show what the policy and the platforms say of it."""
    data = task.data
    form = _form_of(data)
    try:
        form = replace(form, media=_take_media(office, task))
        review = office.services.drafting.save(task.act, form, number=data.get("number"), version=data.get("version"))
    except Refusal as refusal:
        _show_form_again(office, task, form, refusal)
        return
    show_review(office, task, review)


def _show_form_again(office: Office, task: Task, form: DraftForm, refusal: Refusal) -> None:
    say, drafting = office.voice(task.where.user), office.services.drafting
    number = task.data.get("number")
    if number is None:
        model = drafting.open_form(task.act.city, task.act.person)
    else:
        model = drafting.edit_form(task.act.city, task.act.person, number)
    problem = say.refusal(refusal)
    view = build_form(replace(model, form=form), say, metadata=form_metadata(model, task.where), problem=problem)
    office.show_or_tell(task, view, say(words.not_saved, problem), is_lasting=True)


def _take_media(office: Office, task: Task) -> tuple[MediaChoice, ...]:
    data, drafting = task.data, office.services.drafting
    alts: list[str] = list(data["descriptions"])
    known: dict[str, MediaChoice] = {}
    if data["kept"] and data.get("number"):
        model = drafting.edit_form(task.act.city, task.act.person, data["number"])
        known = {each.sha256: MediaChoice(sha256=each.sha256, source=each.source) for each in model.media}
    choices = [known.get(sha256, MediaChoice(sha256=sha256)) for sha256 in data["kept"]]
    for file in data["files"]:
        with office.files.fetched(file) as path:
            taken = drafting.add_media(task.act.city, path, str(file.get("name") or file["id"]))
        choices.append(MediaChoice(sha256=taken.sha256, source=f"slack:{file['id']}"))
    return tuple(replace(choice, alt=alts[index] if index < len(alts) else "") for index, choice in enumerate(choices))


def _form_of(data: Mapping[str, Any]) -> DraftForm:
    return DraftForm(
        section=data["section"],
        text=data["text"],
        accounts=tuple(data["accounts"]),
        category=data["category"],
        variants=data["variants"],
        titles=data["titles"],
        publish_at=_moment(data["publish_at"]),
        latest_at=_moment(data["latest_at"]),
        is_disaster_related=bool(data.get("is_disaster_related")),
    )


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
