"""What every test shares: a clean environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# The developer's shell must not change a result.
for name in [name for name in os.environ if name.startswith("SNS_") or name.lower().endswith("_proxy")]:
    del os.environ[name]

sys.path.insert(0, str(Path(__file__).resolve().parent))  # so that tests import `shared_material`, `factories`
