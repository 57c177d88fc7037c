"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

City = Annotated[str | None, typer.Option("--city", help="自治体のキー（1つだけなら省略できます）")]
Json = Annotated[bool, typer.Option("--json", help="JSON で出力します")]
As = Annotated[str, typer.Option("--as", metavar="PERSON", help="操作する職員のキー。パスフレーズを尋ねます")]
PassphraseStdin = Annotated[bool, typer.Option("--passphrase-stdin", help="パスフレーズを標準入力の1行目から読みます")]
