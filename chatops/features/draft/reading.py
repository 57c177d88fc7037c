"""Reads the draft form out of Slack's state, in memory. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops.clockface import read_moment
from chatops.features.draft.ids import DraftId
from chatops.features.draft.views import MAX_FILES, MAX_IMAGES, RELATED
from chatops.slack_files import MEGABYTE, max_bytes
from publisher.api import DraftForm, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """What a person sent: the form, its files, and what is wrong with what only the face knows."""

    form: DraftForm
    """Without media: files are fetched later."""
    kept: tuple[str, ...]
    """The sha256 of files that stay."""
    files: tuple[dict[str, Any], ...]
    """New files, as Slack describes them."""
    descriptions: tuple[str, ...]
    mistakes: tuple[Mistake, ...]


def read_form(state: Mapping[str, Any], *, section: str) -> FilledForm:
    """Read a form's state."""
    values = _Values(state)
    publish_at, mistakes = _read_time(values, DraftId.DAY, DraftId.HOUR, "publish_at")
    latest_at, more = _read_time(values, DraftId.LATEST_DAY, DraftId.LATEST_HOUR, "latest_at")
    files = tuple(values.element(DraftId.FILES).get("files") or ())
    kept = values.several(DraftId.KEPT)
    descriptions = tuple(line.strip() for line in values.text(DraftId.DESCRIPTIONS).split("\n"))
    form = DraftForm(
        section=section,
        text=values.text(DraftId.TEXT),
        accounts=values.several(DraftId.ACCOUNTS),
        category=values.one(DraftId.CATEGORY),
        variants=values.by_platform(DraftId.VARIANT),
        titles=values.by_platform(DraftId.TITLE),
        publish_at=publish_at,
        latest_at=latest_at,
        is_disaster_related=RELATED in values.several(DraftId.RELATED),
    )
    count = len(kept) + len(files)
    return FilledForm(
        form=form,
        kept=kept,
        files=files,
        descriptions=descriptions if any(descriptions) else (),
        mistakes=(*mistakes, *more, *_file_mistakes(files, count), *_description_mistakes(descriptions, count)),
    )


def to_data(filled: FilledForm) -> dict[str, Any]:
    """Return a form as plain JSON, for the inbox."""
    form = filled.form
    return {
        "section": form.section,
        "text": form.text,
        "accounts": list(form.accounts),
        "category": form.category,
        "variants": dict(form.variants),
        "titles": dict(form.titles),
        "publish_at": form.publish_at.isoformat() if form.publish_at else None,
        "latest_at": form.latest_at.isoformat() if form.latest_at else None,
        "is_disaster_related": form.is_disaster_related,
        "kept": list(filled.kept),
        "files": [_file_data(file) for file in filled.files],
        "descriptions": list(filled.descriptions),
    }


class _Values:
    """Slack's `view.state.values`, where a block and its element share one id."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._values: Mapping[str, Any] = state.get("values") or {}

    def element(self, block: str) -> dict[str, Any]:
        """Return an input's state."""
        found: dict[str, Any] = (self._values.get(str(block)) or {}).get(str(block)) or {}
        return found

    def text(self, block: str) -> str:
        """Return what was typed."""
        return str(self.element(block).get("value") or "").strip()

    def one(self, block: str) -> str | None:
        """Return what was chosen from a menu."""
        chosen = self.element(block).get("selected_option")
        return str(chosen["value"]) if chosen else None

    def several(self, block: str) -> tuple[str, ...]:
        """Return all that was ticked."""
        return tuple(str(each["value"]) for each in self.element(block).get("selected_options") or ())

    def by_platform(self, prefix: DraftId) -> dict[str, str]:
        """Return what was typed into each platform's own field, where anything was."""
        blocks = [block for block in self._values if block.startswith(f"{prefix}.")]
        texts = {block.removeprefix(f"{prefix}."): self.text(block) for block in blocks}
        return {platform: text for platform, text in texts.items() if text}


def _read_time(values: _Values, day: str, hour: str, place: str) -> tuple[datetime | None, tuple[Mistake, ...]]:
    date, time = values.element(day).get("selected_date"), values.element(hour).get("selected_time")
    if not date and not time:
        return None, ()
    if not date or not time:
        missing = place if not date else {"publish_at": "hour", "latest_at": "latest_hour"}[place]
        return None, (Mistake(place=missing, code="time_not_clear"),)
    return read_moment(date, time), ()


def _file_mistakes(files: tuple[dict[str, Any], ...], count: int) -> list[Mistake]:
    types = [str(file.get("mimetype", "")) for file in files]
    videos = sum(each.startswith("video/") for each in types)
    mistakes = []
    if count > MAX_FILES or len(files) - videos > MAX_IMAGES or videos > 1:
        mistakes.append(Mistake(place="media", code="too_many_files"))
    for file, mimetype in zip(files, types, strict=True):
        size, limit = int(file.get("size") or 0), max_bytes(mimetype)
        if size > limit:
            params: dict[str, str | int] = {
                "name": str(file.get("name", "")),
                "mib": -(-size // MEGABYTE),
                "limit": limit // MEGABYTE,
            }
            mistakes.append(Mistake(place="media", code="media_too_large", params=params))
    return mistakes


def _description_mistakes(descriptions: tuple[str, ...], count: int) -> list[Mistake]:
    written = len(descriptions)
    while written and not descriptions[written - 1]:
        written -= 1
    return [Mistake(place="descriptions", code="too_many_descriptions")] if written > count else []


def _file_data(file: Mapping[str, Any]) -> dict[str, Any]:
    wanted = ("id", "name", "mimetype", "size", "url_private_download", "url_private")
    return {name: file[name] for name in wanted if name in file}
