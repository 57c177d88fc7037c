"""Each promise of the README names a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_that_the_readme_names_exists() -> None:
    """A promise without its test is only a wish."""
    readme = (ROOT / "README.md").read_text("utf-8")
    missing = []
    count = 0
    for row in re.findall(r"^\|.*`tests/.*\|$", readme, re.MULTILINE):
        path = ""
        for name in re.findall(r"`([\w/.:]+)`", row.split("|")[2]):
            path, test = name.split("::") if "::" in name else (path, name)
            count += 1
            if not re.search(rf"^def {test}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE):
                missing.append(name)

    assert count > 15
    assert [] == missing
