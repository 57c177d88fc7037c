"""The glossary and the code use the same names."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("chatops", "platforms", "policy", "publisher")


def test_every_identifier_of_the_glossary_stands_in_the_code() -> None:
    """A word in the glossary that the code does not use is a lie about the code."""
    code = "\n".join(path.read_text("utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    rows = re.findall(r"^\|[^|]+\|[^|]+\| `([\w.]+)` \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE)

    missing = [name for name in rows if not re.search(rf"\b{re.escape(name)}\b", code)]

    assert len(rows) > 20
    assert [] == missing
