"""The form of `/sns correct`, and its answer. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.block_kit import (
    Block,
    choice_element,
    choices_element,
    context,
    divider,
    escape,
    field,
    modal,
    option,
    quotation,
    section,
    text_element,
)
from chatops.features.correct.ids import CONFIRMED, CorrectId
from chatops.messages.ja import correct as words
from chatops.messages.ja import form as form_words
from chatops.messages.ja import labels, notices

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.api import CorrectionForm, CorrectionTarget, Outcome

_NAMED = (
    ("deleting", words.deleting),
    ("waiting", words.waiting),
    ("stopped", words.stopped),
    ("cannot_recall", words.cannot_recall),
    ("forbidden", words.forbidden),
    ("unconsented", words.unconsented),
    ("left", words.left),
    ("left_to", words.left_to),
    ("stop_from", words.stop_from),
    ("ahead", words.ahead),
    ("goes_on", words.goes_on),
    ("stands", words.stands),
)
"""What an outcome names, in the order in which it is told."""


def build_form(form: CorrectionForm, say: Voice, *, metadata: str) -> Block:
    """Build the form: where it went and which way holds there, then why, and whether it goes at once."""
    blocks = [
        quotation(form.excerpt, title=form.number),
        *(_target(one, form.number, say) for one in form.targets),
        divider(),
    ]
    hints = [say(words.not_out_hint, form.number)] if form.is_ahead else []
    hints += [say(words.emergency_hint)] if form.is_emergency and not form.is_ahead else []
    if form.corrected_by:
        hints.append(say(words.corrected_by, say(labels.names, form.corrected_by)))
    if not form.may_delete:
        hints.append(say(words.who_deletes, say(labels.names, form.delete_from)))
    blocks += [context(escape(one)) for one in hints]
    goes = words.stops_at_once if form.is_ahead else words.goes_at_once
    causes = [option(say(labels.cause, one), one, say(goes) if one in form.urgent else "") for one in form.causes]
    blocks.append(field(CorrectId.CAUSE, say(words.cause), choice_element("radio_buttons", causes)))
    if form.may_delete:
        box = [option(say(words.delete_now), CONFIRMED, say(words.delete_now_detail))]
        if form.is_ahead:
            box = [option(say(words.stop_now), CONFIRMED, say(words.stop_now_detail))]
        asked = say(words.stop_at_once if form.is_ahead else words.at_once)
        blocks.append(field(CorrectId.AT_ONCE, asked, choices_element(box, ()), is_optional=True))
    note = text_element(is_multiline=True)
    blocks.append(field(CorrectId.NOTE, say(words.note), note, is_optional=True, hint=say(words.note_hint)))
    return modal(
        CorrectId.FORM,
        say(words.title, form.number),
        blocks,
        submit=say(words.go_on),
        close=say(labels.cancel_form),
        metadata=metadata,
    )


def answer_text(outcome: Outcome, say: Voice) -> str:
    """Say what was ordered, account by account, and what the guideline wants done besides."""
    lines = [say.outcome(outcome)]
    lines += [say(sentence, names) for key, sentence in _NAMED if (names := str(outcome.params.get(key) or ""))]
    language = "en" if say.locale.startswith("en") else "ja"
    tasks = [one for one in str(outcome.params.get(f"tasks_{language}") or "").split("\n") if one]
    if tasks:
        lines += [say(words.tasks), *(f"□ {one}" for one in tasks)]
    return "\n".join(lines)


def _target(target: CorrectionTarget, number: str, say: Voice) -> Block:
    head = f"*{escape(target.account_name)}*"
    if target.sent_at is not None:
        head += f"　{escape(say(words.sent_at, say.moment(target.sent_at)))}"
    if target.url:
        head += f"　<{target.url}|{escape(say(notices.link))}>"
    lines = [head, *(escape(one) for one in way_lines(target, number, say))]
    return section("\n".join(lines))


def _deletion_line(target: CorrectionTarget, say: Voice) -> str:
    if target.is_gone:
        return say(words.is_gone)
    if target.is_deletion_asked:
        return say(words.deletion_asked)
    return say(words.deletes_at, say.moment(target.deletes_at)) if target.deletes_at else say(words.is_deleting)


def way_lines(target: CorrectionTarget, number: str, say: Voice) -> list[str]:
    """Say which way holds on an account, with the pack's own words and clause."""
    if target.is_deleted:
        return [_deletion_line(target, say)]
    if target.is_ahead:
        return [say(words.not_out, say.moment(target.due_at) if target.due_at else "", number)]
    lines = [say(words.way, target.way)]
    if not target.can_recall:
        return [*lines, say(words.no_recall, say(labels.platform, target.platform))]
    if target.message is not None:
        cited = target.citation
        clause = "" if cited is None else say(form_words.citation, say.said(cited.document), cited.section, "")
        lines.append(f"{say.said(target.message)}{clause}")
    if target.consent_from:
        lines.append(say(words.consent_from, say(labels.names, target.consent_from)))
    return lines
