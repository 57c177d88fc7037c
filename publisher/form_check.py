"""What is wrong with a form, found in memory: no database, no file, a few milliseconds. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.port import Message
from publisher import mapping
from publisher.api import Mistake
from publisher.words import category_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from platforms.port import Plan, Platform
    from publisher.api import DraftForm
    from publisher.city.model import City


def find_mistakes(
    city: City, platforms: Mapping[str, Platform], form: DraftForm, *, now: datetime
) -> tuple[Mistake, ...]:
    """Return the mistakes of a form, one for each place.

    Args:
        city: The city.
        platforms: For their plans.
        form: What was filled in. Its files are not looked at: they may still be on their way.
        now: The time before which nothing can be planned.
    """
    found: dict[str, Mistake] = {}
    for mistake in (*_of_choices(city, form), *_of_times(form, now), *_of_texts(city, platforms, form)):
        found.setdefault(mistake.place, mistake)
    return tuple(found.values())


def _of_choices(city: City, form: DraftForm) -> Iterator[Mistake]:
    if not form.accounts or any(account not in city.accounts for account in form.accounts):
        yield Mistake(place="accounts", code="no_account")
    if category_view(form.category) is None:
        yield Mistake(place="category", code="category_missing")


def _of_times(form: DraftForm, now: datetime) -> Iterator[Mistake]:
    if form.publish_at is not None and form.publish_at < now:
        yield Mistake(place="publish_at", code="time_past", params={"at": form.publish_at.isoformat()})
    if form.latest_at is not None and form.latest_at <= (form.publish_at or now):
        yield Mistake(place="latest_at", code="latest_before_time", params={"at": form.latest_at.isoformat()})


def _of_texts(city: City, platforms: Mapping[str, Platform], form: DraftForm) -> Iterator[Mistake]:
    chosen = (city.accounts[account].platform for account in form.accounts if account in city.accounts)
    for name in dict.fromkeys(chosen):
        text = mapping.text_for(form, name)
        place = "text" if text == form.text else f"variants.{name}"
        if not text.strip():
            yield Mistake(place="text", code="text_empty")
        plan = platforms[name].plan(Message(text=text, title=form.titles.get(name, "").strip()))
        yield from _of_plan(plan, name, place)


def _of_plan(plan: Plan, name: str, place: str) -> Iterator[Mistake]:
    for length in plan.lengths:
        if length.is_over:
            where = place if length.field == "text" else f"titles.{name}"
            params: dict[str, str | int] = {
                "used": length.used,
                "limit": length.limit,
                "unit": length.unit,
                "platform": name,
            }
            yield Mistake(place=where, code="too_long", params=params)
    if any(remark.code.endswith("_needs_title") for remark in plan.refusals):
        yield Mistake(place=f"titles.{name}", code="title_missing")
