"""The table of Block Kit: which blocks and elements there are, what each needs, and how much it holds.

Numbers: docs.slack.dev/reference/block-kit, and the class attributes of slack_sdk 3.47, both read on
2026-11-21. An option's value is held to 75 characters, the smaller of the two figures in circulation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatops.sandbox.checks import (
    Check,
    Complaints,
    all_options,
    boolean,
    by_type,
    either,
    integer,
    items,
    matching,
    one_word_of,
    shape,
    string,
    text_object,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MESSAGE_BLOCKS_MAX = 50
VIEW_BLOCKS_MAX = 100
SECTION_TEXT_MAX = 3000
SECTION_FIELDS_MAX = 10
SECTION_FIELD_TEXT_MAX = 2000
HEADER_TEXT_MAX = 150
CONTEXT_ELEMENTS_MAX = 10
ACTIONS_ELEMENTS_MAX = 25
BUTTON_TEXT_MAX = 75
BUTTON_VALUE_MAX = 2000
URL_MAX = 3000
ACTION_ID_MAX = 255
BLOCK_ID_MAX = 255
OPTIONS_MAX = 100
OPTION_TEXT_MAX = 75
OPTION_VALUE_MAX = 75
CHOICES_MAX = 10
"""Radio buttons and checkboxes."""
OVERFLOW_MAX = 5
LABEL_MAX = 2000
INPUT_TEXT_MAX = 3000
PLACEHOLDER_MAX = 150
IMAGE_ALT_MAX = 2000
MARKDOWN_TEXT_MAX = 12000
FILES_MAX = 10

PLAIN = "plain_text"
MRKDWN = "mrkdwn"
_ANY: Check = lambda _value, _pointer, _complaints: None  # noqa: E731 - a check that passes
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

_confirm = shape(
    required={
        "title": text_object(PLAIN, most=100),
        "text": text_object(PLAIN, MRKDWN, most=300),
        "confirm": text_object(PLAIN, most=30),
        "deny": text_object(PLAIN, most=30),
    },
    optional={"style": one_word_of("primary", "danger")},
)


def _option(*text_kinds: str) -> Check:
    return shape(
        required={
            "text": text_object(*text_kinds, most=OPTION_TEXT_MAX),
            "value": string(most=OPTION_VALUE_MAX, least=1),
        },
        optional={
            "description": text_object(*text_kinds, most=OPTION_TEXT_MAX),
            "url": string(most=URL_MAX),
        },
    )


def _initial_is_an_option(value: object, pointer: str, complaints: Complaints) -> None:
    if not isinstance(value, dict):
        return
    known = [(o.get("value"), o.get("text", {}).get("text")) for o in all_options(value)]
    chosen = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    for option in chosen:
        if (option.get("value"), option.get("text", {}).get("text")) not in known:
            name = "initial_option" if "initial_option" in value else "initial_options"
            complaints.add(f"{name} must match one of the options", f"{pointer}/{name}")


def _element(
    *,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    also: tuple[Check, ...] = (),
) -> Check:
    return shape(
        required={"type": _ANY, **(required or {})},
        optional={
            "action_id": string(most=ACTION_ID_MAX, least=1),
            "confirm": _confirm,
            "focus_on_load": boolean,
            **(optional or {}),
        },
        also=also,
    )


_placeholder = {"placeholder": text_object(PLAIN, most=PLACEHOLDER_MAX)}
_menu = {
    **_placeholder,
    "options": items(_option(PLAIN), most=OPTIONS_MAX, least=1),
    "option_groups": items(
        shape(
            required={
                "label": text_object(PLAIN, most=OPTION_TEXT_MAX),
                "options": items(_option(PLAIN), most=OPTIONS_MAX, least=1),
            },
            optional={},
        ),
        most=OPTIONS_MAX,
        least=1,
    ),
}
_choices = {"options": items(_option(PLAIN, MRKDWN), most=CHOICES_MAX, least=1)}
_day = matching(lambda value: _DATE.fullmatch(value) is not None, what="a date in the format YYYY-MM-DD")
_hour = matching(lambda value: _TIME.fullmatch(value) is not None, what="a time in the format HH:mm")
_slack_file = shape(required={}, optional={"id": string(), "url": string()}, also=(either("id", "url"),))

ELEMENTS: dict[str, Check] = {
    "button": _element(
        required={"text": text_object(PLAIN, most=BUTTON_TEXT_MAX)},
        optional={
            "value": string(most=BUTTON_VALUE_MAX),
            "url": string(most=URL_MAX),
            "style": one_word_of("primary", "danger"),
            "accessibility_label": string(most=75),
        },
    ),
    "static_select": _element(
        optional={**_menu, "initial_option": _option(PLAIN)},
        also=(either("options", "option_groups"), _initial_is_an_option),
    ),
    "multi_static_select": _element(
        optional={
            **_menu,
            "initial_options": items(_option(PLAIN), most=OPTIONS_MAX, least=1),
            "max_selected_items": integer(least=1, most=OPTIONS_MAX),
        },
        also=(either("options", "option_groups"), _initial_is_an_option),
    ),
    "checkboxes": _element(
        required=_choices,
        optional={"initial_options": items(_option(PLAIN, MRKDWN), most=CHOICES_MAX, least=1)},
        also=(_initial_is_an_option,),
    ),
    "radio_buttons": _element(
        required=_choices,
        optional={"initial_option": _option(PLAIN, MRKDWN)},
        also=(_initial_is_an_option,),
    ),
    "overflow": _element(required={"options": items(_option(PLAIN), most=OVERFLOW_MAX, least=1)}),
    "datepicker": _element(optional={**_placeholder, "initial_date": _day}),
    "timepicker": _element(optional={**_placeholder, "initial_time": _hour, "timezone": string()}),
    "datetimepicker": _element(optional={"initial_date_time": integer(least=1_000_000_000, most=9_999_999_999)}),
    "plain_text_input": _element(
        optional={
            **_placeholder,
            "initial_value": string(most=INPUT_TEXT_MAX),
            "multiline": boolean,
            "min_length": integer(least=0, most=INPUT_TEXT_MAX),
            "max_length": integer(least=1, most=INPUT_TEXT_MAX),
            "dispatch_action_config": shape(
                required={},
                optional={
                    "trigger_actions_on": items(
                        one_word_of("on_enter_pressed", "on_character_entered"), most=2, least=1
                    )
                },
            ),
        }
    ),
    "file_input": _element(
        optional={
            "filetypes": items(string(least=1), most=100, least=1),
            "max_files": integer(least=1, most=FILES_MAX),
        }
    ),
    "image": shape(
        required={"type": _ANY, "alt_text": string(most=IMAGE_ALT_MAX, least=1)},
        optional={"image_url": string(most=URL_MAX, least=1), "slack_file": _slack_file},
        also=(either("image_url", "slack_file"),),
    ),
}

_MENUS = ("static_select", "multi_static_select", "checkboxes", "radio_buttons", "datepicker", "timepicker")


def _rows(*names: str) -> Check:
    return by_type({name: ELEMENTS[name] for name in names})


def _block(
    *,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    also: tuple[Check, ...] = (),
) -> Check:
    return shape(
        required={"type": _ANY, **(required or {})},
        optional={"block_id": string(most=BLOCK_ID_MAX, least=1), **(optional or {})},
        also=also,
    )


_context_text = text_object(PLAIN, MRKDWN, most=SECTION_TEXT_MAX)

MESSAGE_BLOCKS: dict[str, Check] = {
    "section": _block(
        optional={
            "text": text_object(PLAIN, MRKDWN, most=SECTION_TEXT_MAX),
            "fields": items(text_object(PLAIN, MRKDWN, most=SECTION_FIELD_TEXT_MAX), most=SECTION_FIELDS_MAX, least=1),
            "accessory": _rows("button", "image", "overflow", *_MENUS),
            "expand": boolean,
        },
        also=(either("fields", "text"),),
    ),
    "header": _block(required={"text": text_object(PLAIN, most=HEADER_TEXT_MAX)}),
    "divider": _block(),
    "context": _block(
        required={
            "elements": items(
                by_type({PLAIN: _context_text, MRKDWN: _context_text, "image": ELEMENTS["image"]}),
                most=CONTEXT_ELEMENTS_MAX,
                least=1,
            )
        }
    ),
    "actions": _block(
        required={
            "elements": items(
                _rows("button", "overflow", "datetimepicker", *_MENUS), most=ACTIONS_ELEMENTS_MAX, least=1
            )
        }
    ),
    "image": _block(
        required={"alt_text": string(most=IMAGE_ALT_MAX, least=1)},
        optional={
            "image_url": string(most=URL_MAX, least=1),
            "slack_file": _slack_file,
            "title": text_object(PLAIN, most=LABEL_MAX),
        },
        also=(either("image_url", "slack_file"),),
    ),
    "input": _block(
        required={
            "label": text_object(PLAIN, most=LABEL_MAX),
            "element": _rows("plain_text_input", "datetimepicker", *_MENUS),
        },
        optional={
            "hint": text_object(PLAIN, most=LABEL_MAX),
            "optional": boolean,
            "dispatch_action": boolean,
        },
    ),
    "rich_text": _block(required={"elements": items(_ANY, most=1000)}),
    "markdown": _block(required={"text": string(most=MARKDOWN_TEXT_MAX, least=1)}),
}

VIEW_BLOCKS: dict[str, Check] = {
    **{name: check for name, check in MESSAGE_BLOCKS.items() if name != "markdown"},
    "input": _block(
        required={
            "label": text_object(PLAIN, most=LABEL_MAX),
            "element": _rows("plain_text_input", "datetimepicker", "file_input", *_MENUS),
        },
        optional={
            "hint": text_object(PLAIN, most=LABEL_MAX),
            "optional": boolean,
            "dispatch_action": boolean,
        },
    ),
}
