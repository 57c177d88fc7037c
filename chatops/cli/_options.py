"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

City = Annotated[str | None, typer.Option("--city", help="自治体のキー（1つだけなら省略できます）")]
Json = Annotated[bool, typer.Option("--json", help="JSON で出力します")]
