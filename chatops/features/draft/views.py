"""The draft form. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    section,
    sentence,
    text_element,
)
from chatops.clockface import picker_values
from chatops.features.draft.ids import DraftId
from chatops.messages.ja import form as words
from chatops.messages.ja import labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import DraftForm, FormModel, Mistake

TITLED_PLATFORMS: Final = frozenset({"youtube"})
"""Platforms whose posts have a title; their text is a description."""
FILE_TYPES: Final = ("jpg", "jpeg", "png", "gif", "webp", "mp4", "mov")
MAX_IMAGES: Final = 4
MAX_FILES: Final = 5
"""Images, and a video for the platforms that want one."""
MAX_SHA_CHARS: Final = 64
RELATED: Final = "related"
"""The value of the ticked box 災害関連."""


def build_form(model: FormModel, say: Voice, *, metadata: str, problem: str = "") -> Block:
    """Build the form, with *model*'s values filled in; *problem* is what went wrong the last time."""
    values = model.form
    head = [context(escape(say(words.section_line, model.section_name)))]
    if model.returned_note:
        head.append(section(f"↩️ {escape(say(words.returned, model.returned_note))}"))
    if problem:
        head.append(section(f"⚠️ {escape(problem)}\n{escape(say(words.choose_files_again))}"))
    blocks = [
        *head,
        field(DraftId.TEXT, say(words.text), text_element(values.text, is_multiline=True)),
        *_account_fields(model, say),
        *_media_fields(model, say),
        *_time_fields(values, say),
        *_related_fields(model, say),
        divider(),
        section(f"*{escape(say(words.variants_head))}*"),
        *_variant_fields(model, say),
    ]
    title = say(words.title_edit, model.number) if model.number else say(words.title_new)
    return modal(
        DraftId.FORM,
        title,
        blocks,
        submit=say(words.go_on),
        close=say(labels.cancel_form),
        metadata=metadata,
    )


def build_checking(say: Voice) -> Block:
    """Build what stands there while files are fetched and the draft is judged."""
    return build_page(say(words.checking), say(words.checking_detail), say)


def build_page(title: str, text: str, say: Voice, *, more: Sequence[Block] = ()) -> Block:
    """Build a page without a form: a sentence, and a way out."""
    return modal("page", title, [sentence(text), *more], close=say(labels.close))


def form_errors(mistakes: Sequence[Mistake], model_blocks: frozenset[str], say: Voice) -> dict[str, str]:
    """Return Slack's errors by block; a mistake whose field is not there stands beside the text."""
    errors: dict[str, str] = {}
    for mistake in mistakes:
        block = block_of(mistake.place)
        place = block if block in model_blocks else str(DraftId.TEXT)
        said = say.mistake(mistake)
        errors[place] = f"{errors[place]} {said}" if place in errors else said
    return errors


def block_of(place: str) -> str:
    """Return the block beside which a mistake at *place* (`text`, `variants.x`) stands."""
    name, _, platform = place.partition(".")
    if name in ("variants", "titles") and platform:
        return (DraftId.VARIANT if name == "variants" else DraftId.TITLE).of(platform)
    known = {
        "text": DraftId.TEXT,
        "accounts": DraftId.ACCOUNTS,
        "category": DraftId.CATEGORY,
        "publish_at": DraftId.DAY,
        "latest_at": DraftId.LATEST_DAY,
        "media": DraftId.FILES,
        "descriptions": DraftId.DESCRIPTIONS,
        "hour": DraftId.HOUR,
        "latest_hour": DraftId.LATEST_HOUR,
    }
    return str(known.get(name, DraftId.TEXT))


def _account_fields(model: FormModel, say: Voice) -> list[Block]:
    chosen = model.form.accounts or tuple(each.key for each in model.accounts if each.is_preselected)
    options = [option(each.name, each.key) for each in model.accounts]
    built = [field(DraftId.ACCOUNTS, say(words.accounts), choices_element(options, chosen))]
    if model.categories:
        names = [option(say.said(each.name), each.key) for each in model.categories]
        menu = choice_element("static_select", names, model.form.category)
        built.append(field(DraftId.CATEGORY, say(words.category), menu))
    return built


def _variant_fields(model: FormModel, say: Voice) -> list[Block]:
    built = []
    for platform in dict.fromkeys(each.platform for each in model.accounts):
        name = say(labels.platform, platform)
        is_titled = platform in TITLED_PLATFORMS
        if is_titled:
            title = text_element(model.form.titles.get(platform, ""))
            hint = say(words.video_title_hint)
            label = say(words.video_title, name)
            built.append(field(DraftId.TITLE.of(platform), label, title, is_optional=True, hint=hint))
        label = say(words.variant_description if is_titled else words.variant, name)
        text = text_element(model.form.variants.get(platform, ""), is_multiline=True)
        built.append(field(DraftId.VARIANT.of(platform), label, text, is_optional=True))
    return built


def _media_fields(model: FormModel, say: Voice) -> list[Block]:
    built = []
    if model.media:
        options = [option(each.name, each.sha256[:MAX_SHA_CHARS]) for each in model.media]
        kept = choices_element(options, [each["value"] for each in options])
        built.append(field(DraftId.KEPT, say(words.kept_files), kept, is_optional=True))
    files: Block = {"type": "file_input", "filetypes": list(FILE_TYPES), "max_files": MAX_FILES}
    alts = "\n".join(each.alt for each in model.media)
    return [
        *built,
        field(DraftId.FILES, say(words.files), files, is_optional=True),
        field(
            DraftId.DESCRIPTIONS,
            say(words.descriptions),
            text_element(alts if alts.strip() else "", is_multiline=True),
            is_optional=True,
            hint=say(words.descriptions_hint),
        ),
    ]


def _time_fields(values: DraftForm, say: Voice) -> list[Block]:
    day, hour = picker_values(values.publish_at) if values.publish_at else (None, None)
    last_day, last_hour = picker_values(values.latest_at) if values.latest_at else (None, None)
    return [
        field(DraftId.DAY, say(words.day), _picker("date", day), is_optional=True),
        field(DraftId.HOUR, say(words.hour), _picker("time", hour), is_optional=True, hint=say(words.hour_hint)),
        field(DraftId.LATEST_DAY, say(words.latest_day), _picker("date", last_day), is_optional=True),
        field(DraftId.LATEST_HOUR, say(words.latest_hour), _picker("time", last_hour), is_optional=True),
    ]


def _related_fields(model: FormModel, say: Voice) -> list[Block]:
    """Offer 災害関連 to who may say so; one that is marked already says it."""
    if model.may_mark:
        ticked = [RELATED] if model.form.is_disaster_related else []
        box = choices_element([option(say(words.related_box), RELATED)], ticked)
        hint = say(words.related_hint)
        return [field(DraftId.RELATED, say(words.related), box, is_optional=True, hint=hint)]
    return [context(escape(say(words.related_already)))] if model.form.is_disaster_related else []


def _picker(what: str, initial: str | None) -> Block:
    built: Block = {"type": f"{what}picker"}
    return built | {f"initial_{what}": initial} if initial else built
