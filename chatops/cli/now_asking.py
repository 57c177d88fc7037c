"""What `sns now` asks and shows before it sends: the same form as in Slack, in lines."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chatops.block_kit import texts_of
from chatops.cli._errors import REFUSED, SaidError
from chatops.features.now.event_fields import choice_text, drawn_order, shown_lines
from chatops.features.now.views import where_lines
from chatops.messages.ja import events, labels
from chatops.messages.ja import now as form_words
from chatops.messages.ja import shell_now as words
from chatops.panes import finding_blocks
from publisher.api import NEW_EVENT, NOTHING_CHOSEN, EventOrder, OverrideOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chatops.messages import Voice
    from publisher.api import EventForm, OverrideForm
    from publisher.compose import Heart

_NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the person has typed, and answered since."""

    city: str
    person: str
    text: str
    reason: str
    kind: str
    event: str
    """The number of an event, or `new`; empty: not said."""
    level: str | None
    areas: str | None
    is_closing: bool | None
    variants: Mapping[str, str]
    own: frozenset[str]
    """Contacts of the city's own, as they are written in the text."""
    others_checked: bool
    event_key: str | None = None

    def declared(self, form: OverrideForm) -> frozenset[str]:
        """Return the declared contacts by the heart's own keys."""
        return frozenset(one.key for one in form.contacts if one.written in self.own or one.key in self.own)

    def event_order(self) -> EventOrder:
        """Return what is said of the event; the rest is proposed by the heart."""
        return EventOrder(event=self.event_key, areas=self.areas, level=self.level, is_closing=self.is_closing)

    def order(self, form: OverrideForm) -> OverrideOrder:
        """Return what was shown, as it is sent."""
        return OverrideOrder(
            text=form.text,
            kind=form.kind or "",
            reason=self.reason,
            variants=self.variants,
            declared=self.declared(form),
            others_checked=self.others_checked,
            event=NOTHING_CHOSEN if form.event is None else drawn_order(form.event),
        )


def read_short(given: Sequence[str], say: Voice) -> dict[str, str]:
    """Read `x=短い本文`.

    Raises:
        SaidError: One has no platform, or no text.
    """
    found = {}
    for one in given:
        platform, _, text = one.partition("=")
        if not text.strip() or say(labels.platform, platform) == platform:
            raise SaidError(say(words.short_unreadable, one), REFUSED)
        found[platform] = text.strip()
    return found


def look(heart: Heart, asked: Asked) -> OverrideForm:
    """Ask the heart what would happen now.

    Raises:
        Refusal: As `publisher.api.Overriding.open_form`.
    """

    def once(declared: frozenset[str]) -> OverrideForm:
        return heart.services.overriding.open_form(
            asked.city,
            asked.person,
            asked.text,
            asked.variants,
            kind=asked.kind or None,
            declared=declared,
            event=asked.event_order(),
        )

    form = once(frozenset())
    return once(asked.declared(form)) if asked.own else form


def preview(form: OverrideForm, asked: Asked, say: Voice) -> list[str]:
    """Say what goes out, where it goes and where not, as which report, and what the guideline says."""
    ordinary = form.ordinary_kind
    kind = next((say.said(one.name) for one in form.kinds if one.key == form.kind), "")
    lines = [say(words.kind, kind), say(words.reason, asked.reason), *where_lines(form, say)]
    if ordinary is not None:
        lines.insert(0, say(form_words.no_disaster, say.said(ordinary.name)))
    if form.event is not None:
        lines += shown_lines(form.event, say)
    by_text: dict[str, list[str]] = {}
    for pane in form.panes:
        by_text.setdefault(pane.plan.text, []).append(pane.name)
        lines += [f"⛔ {pane.name}: {say.remark(one)}" for one in pane.plan.refusals]
    for text, names in by_text.items():
        lines += ["", say(words.reads, say(labels.names, names)), text]
    found = [one.replace("*", "") for one in texts_of(finding_blocks(form.panes, say))]
    return [*lines, "", *found, ""] if found else [*lines, ""]


# ── questions ────────────────────────────────────────────────────────────────────────────────────


def is_asking() -> bool:
    """Tell whether somebody sits there who can answer."""
    return sys.stdin.isatty()


def is_yes(question: str) -> bool:
    """Ask, and take nothing but y for a yes."""
    return input(question).strip().lower() in {"y", "yes", "はい"}


def ask_missing(heart: Heart, asked: Asked, say: Voice) -> Asked:
    """Ask for what only the person can say: kind, event, contacts, reason.

    Raises:
        SaidError: Nobody is there to answer; it names the options.
    """
    form = look(heart, asked)
    if form.kind is None:
        asked = replace(asked, kind=_kind(form, say))
        form = look(heart, asked)
    if form.event is not None:
        asked = replace(asked, event_key=_event(form.event, asked, say))
        form = look(heart, asked)
    open_contacts = [one.written for one in form.contacts if not one.is_declared]
    if open_contacts and form.ordinary_kind is None and not asked.others_checked and is_asking():
        own = {one for one in open_contacts if is_yes(say(words.is_own, one))}
        left = [one for one in open_contacts if one not in own]
        is_checked = bool(left) and is_yes(say(words.is_checked, say(labels.names, left)))
        asked = replace(asked, own=asked.own | own, others_checked=is_checked)
    if not asked.reason.strip() and is_asking():
        asked = replace(asked, reason=input(say(words.ask_reason)).strip())
    return asked


def _kind(form: OverrideForm, say: Voice) -> str:
    names = {one.key: say.said(one.name) for one in form.kinds}
    if not is_asking():
        listed = "\n".join(f"  --kind {key}: {name}" for key, name in names.items())
        raise SaidError(say(words.choose_kind, listed), REFUSED)
    return _picked(say(words.kinds), names, "", say)


def _event(form: EventForm, asked: Asked, say: Voice) -> str:
    """Return the key of the event that it belongs to, or `NEW_EVENT`."""
    by_number = {str(one.number): one.key for one in form.choices} | {_NEW: NEW_EVENT}
    if asked.event:
        if asked.event.lower() not in by_number:
            raise SaidError(say(words.no_such_event, asked.event, "、".join(by_number)), REFUSED)
        return by_number[asked.event.lower()]
    if not form.choices:
        return NEW_EVENT
    names = {str(one.number): choice_text(one, say) for one in form.choices} | {_NEW: say(events.new_event)}
    if not is_asking():
        listed = "\n".join(f"  --event {number}: {name}" for number, name in names.items())
        raise SaidError(say(words.choose_event, listed), REFUSED)
    proposed = next(number for number, key in by_number.items() if key == form.chosen)
    return by_number[_picked(say(words.events), names, proposed, say)]


def _picked(question: str, names: Mapping[str, str], proposed: str, say: Voice) -> str:
    """Let the person pick one; an empty line takes what is proposed."""
    sys.stdout.write("\n".join([question, *_listed(names), ""]))
    while True:
        given = input(say(words.pick, proposed)).strip() or proposed
        if given in names:
            return given


def _listed(names: Mapping[str, str]) -> Iterable[str]:
    return (f"  {key}: {name}" for key, name in names.items())
