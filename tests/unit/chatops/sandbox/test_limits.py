"""Block Kit's limits, as the vendor's own packages state them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from shared_material import SHARED, needs_shared

from chatops.sandbox import block_kit, limits
from chatops.sandbox.errors import SlackError

LIMITS = SHARED / "specs" / "slack" / "blockkit-limits.from-slack_sdk-3.47.0.json"
PLAIN = {"type": "plain_text", "text": "語"}


def refused(blocks: list[dict[str, Any]]) -> tuple[str, ...]:
    """Return what is wrong with *blocks* of a message."""
    with pytest.raises(SlackError) as error:
        limits.check_message_blocks(blocks)
    assert error.value.code == "invalid_blocks"
    return error.value.messages


def actions(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a message's blocks with one row of elements."""
    return [{"type": "actions", "elements": list(elements)}]


@needs_shared
@pytest.mark.specs
def test_our_numbers_are_those_of_slacks_own_package() -> None:
    """Each constant equals the class attribute that slack_sdk 3.47 checks."""
    theirs = json.loads(LIMITS.read_text("utf-8"))
    blocks, elements = "slack_sdk.models.blocks.blocks.", "slack_sdk.models.blocks.block_elements."
    view = theirs["slack_sdk.models.views.View"]

    assert theirs[blocks + "SectionBlock"] == {
        "fields_max_length": block_kit.SECTION_FIELDS_MAX,
        "text_max_length": block_kit.SECTION_TEXT_MAX,
    }
    assert theirs[blocks + "HeaderBlock"]["text_max_length"] == block_kit.HEADER_TEXT_MAX
    assert theirs[blocks + "ContextBlock"]["elements_max_length"] == block_kit.CONTEXT_ELEMENTS_MAX
    assert theirs[blocks + "ActionsBlock"]["elements_max_length"] == block_kit.ACTIONS_ELEMENTS_MAX
    assert theirs[blocks + "Block"]["block_id_max_length"] == block_kit.BLOCK_ID_MAX
    assert theirs[blocks + "InputBlock"]["label_max_length"] == block_kit.LABEL_MAX
    assert theirs[blocks + "ImageBlock"]["alt_text_max_length"] == block_kit.IMAGE_ALT_MAX
    assert theirs[blocks + "MarkdownBlock"]["text_max_length"] == block_kit.MARKDOWN_TEXT_MAX
    assert theirs[elements + "ButtonElement"]["text_max_length"] == block_kit.BUTTON_TEXT_MAX
    assert theirs[elements + "ButtonElement"]["value_max_length"] == block_kit.BUTTON_VALUE_MAX
    assert theirs[elements + "InteractiveElement"]["action_id_max_length"] == block_kit.ACTION_ID_MAX
    assert theirs[elements + "StaticSelectElement"]["options_max_length"] == block_kit.OPTIONS_MAX
    assert theirs[elements + "OverflowMenuElement"]["options_max_length"] == block_kit.OVERFLOW_MAX
    assert view["title_max_length"] == limits.TITLE_MAX
    assert view["blocks_max_length"] == block_kit.VIEW_BLOCKS_MAX
    assert view["private_metadata_max_length"] == limits.PRIVATE_METADATA_MAX
    assert view["callback_id_max_length"] == limits.CALLBACK_ID_MAX


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        (
            actions(*[{"type": "button", "text": PLAIN, "action_id": str(n)} for n in range(26)]),
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            actions({"type": "button", "text": PLAIN, "disabled": True}),
            "invalid additional property: disabled [json-pointer:/blocks/0/elements/0]",
        ),
        (
            actions({"type": "button", "text": {"type": "plain_text", "text": "語" * 76}}),
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
            "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        ),
        ([{"type": "banner"}], "unsupported type: banner [json-pointer:/blocks/0/type]"),
        ([{"type": "header"}], "missing required field: text [json-pointer:/blocks/0]"),
        ([{"type": "section"}], "must define either `fields` or `text` [json-pointer:/blocks/0]"),
    ],
)
def test_a_block_over_a_limit_is_named_with_its_place(blocks: list[dict[str, Any]], message: str) -> None:
    """Slack's sentence and a pointer to the very property."""
    assert message in refused(blocks)


def test_ids_are_unique() -> None:
    """A block's id is unique in a message, an action's id in its block; across blocks it may repeat."""
    button = {"type": "button", "text": PLAIN, "action_id": "ok"}
    twice = refused([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}])

    assert "/blocks/1/block_id" in twice[0]
    assert "/blocks/0]" in refused(actions(button, button))[0]
    assert len(limits.check_message_blocks(actions(button) + actions(button))) == 2


def test_an_initial_option_is_one_of_the_options() -> None:
    """Text and value both have to match."""
    menu = {
        "type": "static_select",
        "action_id": "menu",
        "options": [{"text": PLAIN, "value": "a"}],
        "initial_option": {"text": PLAIN, "value": "b"},
    }

    assert "/initial_option" in refused(actions(menu))[0]


def test_all_text_of_a_message_together_is_limited() -> None:
    """Five sections of 3,000 characters pass each check and are refused together."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "語" * 3000}}

    with pytest.raises(SlackError) as error:
        limits.check_message_blocks([section] * 5)

    assert error.value.code == "msg_blocks_too_long"


def test_a_form_with_inputs_needs_a_button_to_send_it() -> None:
    """A modal with an input block and without `submit` is refused."""
    element = {"type": "plain_text_input", "action_id": "a"}
    view = {
        "type": "modal",
        "title": PLAIN,
        "blocks": [{"type": "input", "label": PLAIN, "element": element}],
    }

    with pytest.raises(SlackError) as error:
        limits.check_view(view)

    assert "missing required field: submit [json-pointer:/view]" in error.value.messages
    assert limits.check_view(view | {"submit": PLAIN})["type"] == "modal"


def test_files_are_attached_in_forms_alone() -> None:
    """`file_input` is no element of a message."""
    block = {"type": "input", "label": PLAIN, "element": {"type": "file_input", "action_id": "f"}}

    assert refused([block]) == ("unsupported type: file_input [json-pointer:/blocks/0/element/type]",)
