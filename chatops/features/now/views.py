"""The one confirmation of `/sns now`. Pure."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from chatops.block_kit import (
    MAX_VIEW_BLOCKS,
    Block,
    choice_element,
    divider,
    escape,
    field,
    modal,
    option,
    section,
    text_element,
)
from chatops.features.now.ids import NowId
from chatops.messages.ja import labels
from chatops.messages.ja import now as words
from chatops.panes import finding_blocks, pane_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops.messages import Voice
    from publisher.api import KindChoice, OverrideForm, Pane

MAX_PANE_CHARS: Final = 1500
BLOCK: Final = "block"
"""The decision of a pack that nobody can lift."""


def build_form(form: OverrideForm, shown: Shown, say: Voice, *, metadata: str, is_changed: bool = False) -> Block:
    """Build the confirmation; *is_changed* says that the preview is new."""
    blocks: list[Block] = [section(f"🚨 {escape(_warning(form, shown, say))}")]
    if is_changed:
        blocks.append(section(f"⚠️ *{escape(say(words.changed))}*"))
    blocks.append(section(_where_text(form, say, is_disaster=_ordinary_kind(form, shown) is None)))
    kinds = [option(say.said(each.name), each.key) for each in form.kinds]
    blocks += [
        field(NowId.TEXT, say(words.text), text_element(form.text, is_multiline=True)),
        field(
            NowId.KIND,
            say(words.kind),
            choice_element("static_select", kinds, shown.kind or form.kind),
            hint=say(words.kind_hint),
        ),
        field(NowId.REASON, say(words.reason), text_element(shown.reason, is_multiline=True)),
        *_short_fields(form.panes, shown.variants, say),
        *finding_blocks(form.panes, say, shows_grounds=_ordinary_kind(form, shown) is None),
    ]
    for pane in form.panes:
        built = [divider(), *pane_blocks(pane, (), say, max_chars=MAX_PANE_CHARS, more="…")]
        if len(blocks) + len(built) <= MAX_VIEW_BLOCKS - 1:
            blocks += built
    return modal(
        NowId.FORM,
        say(words.title),
        blocks,
        submit=say(words.submit),
        close=say(labels.cancel_form),
        metadata=metadata,
    )


class Shown:
    """What the person had typed beside the text, to be kept when the form is built again."""

    def __init__(self, *, kind: str | None = None, reason: str = "", variants: Mapping[str, str] | None = None) -> None:
        self.kind = kind
        self.reason = reason
        self.variants: Mapping[str, str] = variants or {}


def text_mark(text: str) -> str:
    """Return a mark of the text that was previewed."""
    return sha256(text.strip().encode()).hexdigest()[:16]


def can_go(pane: Pane) -> bool:
    """Tell whether an emergency post goes out on an account: its platform takes it and no rule forbids it."""
    return not pane.plan.is_refused and pane.decision != BLOCK


def _ordinary_kind(form: OverrideForm, shown: Shown) -> KindChoice | None:
    """Return the chosen kind where it is no disaster."""
    key = shown.kind or form.kind
    return next((each for each in form.kinds if each.key == key and not each.is_disaster), None)


def _warning(form: OverrideForm, shown: Shown, say: Voice) -> str:
    kind = _ordinary_kind(form, shown)
    return say(words.warning) if kind is None else say(words.no_disaster, say.said(kind.name))


def _where_text(form: OverrideForm, say: Voice, *, is_disaster: bool) -> str:
    going = [pane.name for pane in form.panes if can_go(pane)]
    refused = [pane.name for pane in form.panes if pane.plan.is_refused]
    blocked = [pane.name for pane in form.panes if pane.decision == BLOCK and not pane.plan.is_refused]
    goes = words.going if is_disaster else words.going_later
    lines = [f"*{escape(say(goes, say(labels.names, going)) if going else say(words.going_none))}*"]
    if refused:
        lines.append(f"⛔ {escape(say(words.refused, say(labels.names, refused)))}")
    if blocked:
        lines.append(f"⛔ {escape(say(words.blocked, say(labels.names, blocked)))}")
    if form.reposting and is_disaster:
        lines.append(escape(say(words.reposting, say(labels.names, form.reposting))))
    if form.silent and is_disaster:
        lines.append(escape(say(words.silent, say(labels.names, form.silent))))
    return "\n".join(lines)


def _short_fields(panes: Sequence[Pane], variants: Mapping[str, str], say: Voice) -> list[Block]:
    wanted: dict[str, str] = {}
    for pane in panes:
        if pane.plan.is_refused:
            wanted.setdefault(pane.platform, " ".join(say.remark(each) for each in pane.plan.refusals))
    for platform in variants:
        wanted.setdefault(platform, "")
    return [
        field(
            f"{NowId.SHORT}.{platform}",
            say(words.short, say(labels.platform, platform)),
            text_element(variants.get(platform, ""), is_multiline=True),
            is_optional=True,
            hint=say(words.short_hint, why) if why else None,
        )
        for platform, why in wanted.items()
    ]
