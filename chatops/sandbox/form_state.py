"""What is filled in: the `state.values` of a form, and the checks Slack makes before it asks the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops.sandbox.checks import all_options
from chatops.sandbox.errors import SlackError
from chatops.sandbox.limits import elements_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops.sandbox.records import Json

REQUIRED = "この項目は必須です"
"""What Slack writes under a field that was left empty."""
NOT_AN_OPTION = "選択肢にない値です"

_FIELD = {
    "plain_text_input": "value",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}
_LISTS = {"selected_options", "files"}


def read_values(blocks: list[Json], *, known: Json, given: Json, find_file: Callable[[str], Json]) -> Json:
    """Return Slack's `state.values` for *blocks*.

    Args:
        blocks: The form's (or message's) blocks.
        known: What was filled in before, in Slack's shape; it counts where *given* is silent.
        given: Per block and action: Slack's own shape, or just the value: the text, the option's `value`
            (a list of them), the date, the file ids.
        find_file: Returns a file as Slack shows it.
    """
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            name = _FIELD.get(element["type"])
            if name is None or element["type"] == "overflow":
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            mine = given.get(block_id, {})
            if action_id in mine:
                found = _read(element, name, mine[action_id], find_file)
            elif known.get(block_id, {}).get(action_id, {}).get("type") == element["type"]:
                found = _still_offered(element, name, known[block_id][action_id].get(name))
            else:
                found = element.get(_INITIAL.get(name, ""))
            if name in _LISTS:
                found = found or []
            values.setdefault(block_id, {})[action_id] = {"type": element["type"], name: found}
    return values


def read_action(element: Json, block_id: str, given: Json) -> Json:
    """Return the `actions[0]` of a payload for what a person did to *element*.

    Args:
        element: The button, menu, … of the blocks.
        block_id: Its block.
        given: Nothing for a button; else `value` or Slack's own field, as for `read_values`.
    """
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
    }
    if element["type"] == "button":
        action |= {name: element[name] for name in ("text", "value", "style", "url") if name in element}
        return action
    name = _FIELD[element["type"]]
    raw = given.get(name, given.get("value"))
    action[name] = _read(element, name, raw, lambda _id: {})
    if "placeholder" in element:
        action["placeholder"] = element["placeholder"]
    return action


def find_element(blocks: list[Json], block_id: str | None, action_id: str) -> tuple[Json, Json]:
    """Return the block and the element that a person used; without *block_id* the first that fits.

    Raises:
        SlackError: `action_not_found`.
    """
    for block in blocks:
        if block_id in (None, block["block_id"]):
            for element in elements_of(block):
                if element["action_id"] == action_id:
                    return block, element
    raise SlackError("action_not_found")


def check_values(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return what a person must mend before the form can be sent, by block id."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        filled = values[block["block_id"]][element["action_id"]]
        value = filled[_FIELD[element["type"]]]
        sentence = _complaint(element, value, is_optional=bool(block.get("optional")))
        if sentence:
            errors[block["block_id"]] = sentence
    return errors


def _complaint(element: Json, value: object, *, is_optional: bool) -> str:
    if value in (None, "", []):
        return "" if is_optional else REQUIRED
    if isinstance(value, str) and len(value) > element.get("max_length", 3000):
        return f"{element.get('max_length', 3000)} 文字以内で入力してください"
    if isinstance(value, str) and len(value) < element.get("min_length", 0):
        return f"{element['min_length']} 文字以上で入力してください"
    if element["type"] == "file_input" and isinstance(value, list):
        return _file_complaint(element, value)
    options = {option["value"] for option in all_options(element)}
    chosen = {one["value"] for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)}
    return NOT_AN_OPTION if chosen - options else ""


def _file_complaint(element: Json, files: list[Json]) -> str:
    most = element.get("max_files", 10)
    if len(files) > most:
        return f"ファイルは {most} 個までです"
    allowed = {"jpg" if one == "jpeg" else one for one in element.get("filetypes") or []}
    if allowed and any(file.get("filetype") not in allowed for file in files):
        return "この種類のファイルは添付できません"
    return ""


def _read(element: Json, name: str, raw: object, find_file: Callable[[str], Json]) -> object:
    if isinstance(raw, dict) and name in raw:
        raw = raw[name]
    if name == "files":
        ids = [one["id"] if isinstance(one, dict) else str(one) for one in raw or []]  # type: ignore[attr-defined] # JSON
        return [find_file(one) for one in ids]
    if name == "selected_option":
        return None if raw in (None, "") else _option(element, raw)
    if name == "selected_options":
        return [_option(element, one) for one in raw or []]  # type: ignore[attr-defined] # JSON
    if name == "selected_date_time":
        return None if raw in (None, "") else int(str(raw))
    return None if raw in (None, "") else raw


def _still_offered(element: Json, name: str, value: Any) -> object:  # noqa: ANN401 - any JSON value
    """Drop from what was chosen before what an updated form offers no more."""
    offered = {option["value"] for option in all_options(element)}
    if name == "selected_option":
        return value if value and value["value"] in offered else None
    if name == "selected_options":
        return [option for option in value or [] if option["value"] in offered]
    found: object = value
    return found


def _option(element: Json, raw: object) -> Json:
    value = raw.get("value") if isinstance(raw, dict) else str(raw)
    for option in all_options(element):
        if option["value"] == value:
            return option
    return {"text": {"type": "plain_text", "text": str(value), "emoji": True}, "value": value}
