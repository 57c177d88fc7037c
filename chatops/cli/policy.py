"""`sns policy …`: asking what a guideline says, and looking after the packs."""

from __future__ import annotations

import typer

from chatops.cli import policy_asking

app = typer.Typer(help="運用方針（ガイドラインのルール）", no_args_is_help=True, rich_markup_mode=None)
app.command(name="check", help="投稿せずに、運用方針の判定を聞く")(policy_asking.check)
app.command(name="lint", help="運用方針のファイルの誤りを調べる")(policy_asking.lint)
app.command(name="show", help="運用方針を、読んで署名できる形で出す")(policy_asking.show)
