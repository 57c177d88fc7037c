"""Holds requests against YouTube's specification: a discovery document, for which there is no validator to install."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from shared_material import SHARED

if TYPE_CHECKING:
    from platforms.sandbox.core import Wire

SPECIFICATION = SHARED / "specs/youtube/youtube.v3.json"

UPLOAD_PARAMETERS = {"uploadType", "upload_id"}
"""https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol (read 2026-11)."""


@lru_cache
def discovery() -> dict[str, Any]:
    """Read the document."""
    document: dict[str, Any] = json.loads(SPECIFICATION.read_text("utf-8"))
    return document


def mistakes_in(wire: Wire) -> list[str]:
    """Hold one request against the document: method, parameters, body."""
    if wire.path == "/token":
        sent = dict(parse_qsl(wire.body.decode()))
        return [] if sent.get("grant_type") == "refresh_token" else [f"token: {sorted(sent)}"]
    is_chunk = "upload_id" in dict(wire.query)
    path = wire.path.removeprefix("/upload").removeprefix("/")
    verb = "POST" if is_chunk else wire.method
    method = next((m for m in methods() if (m["path"], m["httpMethod"]) == (path, verb)), None)
    if method is None:
        return [f"no method {verb} {path}"]
    mistakes = [] if is_chunk else mistakes_in_query(wire, method)
    if wire.body and not is_chunk:
        mistakes += mistakes_in_value(json.loads(wire.body), method["request"], method["id"])
    return mistakes


def methods() -> list[dict[str, Any]]:
    """List every method of the API."""
    return [method for each in discovery()["resources"].values() for method in each.get("methods", {}).values()]


def mistakes_in_query(wire: Wire, method: dict[str, Any]) -> list[str]:
    """Hold a query against a method's parameters."""
    known = discovery()["parameters"] | method["parameters"]
    sent = dict(wire.query)
    if wire.path.startswith("/upload"):
        sent = {name: value for name, value in sent.items() if name not in UPLOAD_PARAMETERS}
    mistakes = [f"{method['id']}: unknown parameter {name}" for name in sent if name not in known]
    required = [name for name, rule in method["parameters"].items() if rule.get("required")]
    mistakes += [f"{method['id']}: {name} is missing" for name in required if name not in sent]
    for name, value in sent.items():
        rule = known.get(name, {})
        is_wrong = (
            (rule.get("type") == "boolean" and value not in {"true", "false"})
            or (rule.get("type") == "integer" and not within(rule, value))
            or ("enum" in rule and value not in rule["enum"])
        )
        mistakes += [f"{method['id']}: {name}={value}"] if is_wrong else []
    return mistakes


def within(rule: dict[str, Any], value: str) -> bool:
    """Tell whether a number is one, and in its range."""
    is_number = re.fullmatch(r"\d+", value) is not None
    return is_number and int(rule.get("minimum", 0)) <= int(value) <= int(rule.get("maximum", 2**32))


TYPES: dict[str, type] = {"string": str, "boolean": bool, "integer": int, "number": float, "object": dict}


def mistakes_in_value(value: object, rule: dict[str, Any], where: str) -> list[str]:
    """Hold a value of a body against its schema; a property that isn't there is a mistake."""
    if "$ref" in rule:
        return mistakes_in_value(value, discovery()["schemas"][rule["$ref"]], where)
    if rule.get("type") == "array":
        items = value if isinstance(value, list) else [value]
        return [m for each in items for m in mistakes_in_value(each, rule["items"], where)]
    if not isinstance(value, TYPES[rule["type"]]):
        return [f"{where}: {value!r} is no {rule['type']}"]
    if "enum" in rule and value not in rule["enum"]:
        return [f"{where}: {value!r}"]
    mistakes: list[str] = []
    for name, each in value.items() if isinstance(value, dict) else ():
        properties = rule.get("properties", {})
        if name not in properties:
            mistakes.append(f"{where}.{name} is unknown")
        else:
            mistakes += mistakes_in_value(each, properties[name], f"{where}.{name}")
    return mistakes
