"""From the review to the round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.features.draft.views import build_page
from chatops.features.review.ids import ReviewId
from chatops.features.review.views import build_review, build_saved_message
from chatops.messages.ja import form as words
from chatops.messages.ja import general
from chatops.where import write_metadata
from publisher.errors import Refusal

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry
    from publisher.api import Review


def register(registry: Registry) -> None:
    """Tie the review's ids to their listeners."""
    from chatops.features.draft.listeners import on_open  # noqa: PLC0415 - the two features lead to each other

    registry.view(ReviewId.VIEW, on_submit)
    registry.closed(ReviewId.VIEW, on_close)
    registry.action(ReviewId.EDIT, on_open)
    registry.action(ReviewId.SUBMIT, on_submit_button)
    registry.act(ReviewId.SUBMIT, submit)


def show_review(office: Office, task: Task, review: Review, problem: str = "") -> None:
    """Show the review in the open modal, or tell by direct message that the draft is saved."""
    say = office.voice(task.where.user)
    metadata = write_metadata(task.where, number=review.number, version=review.version, can_submit=review.can_submit)
    view = build_review(review, say, metadata=metadata, problem=problem)
    text, blocks = build_saved_message(review.number, review.version, say, can_submit=review.can_submit)
    if problem:
        text = f"{problem} {text}"
    office.show_or_tell(task, view, text, blocks, is_lasting=True)


def on_submit(call: Call) -> None:
    """「提出」 in the review."""
    kept = call.metadata
    offer = (call.view["state"]["values"].get(ReviewId.OFFER) or {}).get(ReviewId.OFFER) or {}
    chosen = (offer.get("selected_option") or {}).get("value")
    data = {"number": kept["number"], "version": kept["version"], "at_opening": chosen == ReviewId.OPENING}
    call.accept(ReviewId.SUBMIT, data)
    say = call.quick_voice
    call.ack(
        response_action="update", view=build_page(say(words.submitting, kept["number"]), say(general.working), say)
    )


def on_submit_button(call: Call) -> None:
    """「提出」 in a direct message: the hours, if they are an obstacle, are asked about in the review."""
    carried = call.button_data
    call.accept(ReviewId.SUBMIT, {"number": carried["n"], "version": carried["v"], "at_opening": False})
    call.ack()


def on_close(call: Call) -> None:
    """The review was closed: the draft stays, and its author is told where."""
    call.ack()
    kept = call.metadata
    text, blocks = build_saved_message(
        kept["number"], int(kept["version"]), call.voice, can_submit=bool(kept.get("can_submit"))
    )
    call.office.link.message(call.where.user, text, blocks)


def submit(office: Office, task: Task) -> None:
    """Put the draft into its round, and say what came of it."""
    data, drafting = task.data, office.services.drafting
    say = office.voice(task.where.user)
    try:
        outcome = drafting.submit(
            task.act, number=data["number"], version=data["version"], at_opening=data["at_opening"]
        )
    except Refusal as refusal:
        if task.where.view_id is None:
            raise
        review = drafting.review(task.act.city, task.act.person, data["number"])
        show_review(office, task, review, problem=say.refusal(refusal))
        return
    text = say.outcome(outcome)
    office.show_or_tell(task, build_page(say(words.done_title, data["number"]), text, say), text)
