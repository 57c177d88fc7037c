"""The one place that knows where the vendors' specifications and the guidelines lie: beside the repository."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import pytest

SHARED: Final = Path(__file__).resolve().parent.parent.parent / "shared"
"""The folder `../shared`; nothing in it is ever copied into the repository."""

_IS_THERE: Final = (SHARED / "specs").is_dir()

if not _IS_THERE:
    if os.environ.get("CI"):
        raise RuntimeError(f"{SHARED} is missing: CI must have the specifications")
    sys.stderr.write(f"{SHARED} is missing: the tests that read it are SKIPPED\n")

needs_shared: Final = pytest.mark.skipif(not _IS_THERE, reason=f"SKIPPED LOUDLY: {SHARED} is missing")
"""Marks a test that reads `SHARED`."""
