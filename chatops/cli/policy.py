"""`sns policy …`: asking what a guideline says, and looking after the packs."""

from __future__ import annotations

import typer

from chatops.cli import policy_asking, policy_changes

app = typer.Typer(help="運用方針（ガイドラインのルール）", no_args_is_help=True, rich_markup_mode=None)
app.command(name="check", help="投稿せずに、運用方針の判定を聞く")(policy_asking.check)
app.command(name="lint", help="運用方針のファイルの誤りを調べる")(policy_asking.lint)
app.command(name="show", help="運用方針を、読んで署名できる形で出す")(policy_asking.show)
app.command(name="propose", help="運用方針の変更を提案する（過去の投稿での試算付き）")(policy_changes.propose)
app.command(name="changes", help="施行中の運用方針と、変更の提案")(policy_changes.changes)
app.command(name="confirm", help="提案された変更を確認し、施行する（提案者とは別の運用管理者）")(policy_changes.confirm)
app.command(name="refuse", help="提案された変更を認めない（提案者とは別の運用管理者）")(policy_changes.refuse)
app.command(name="replay", help="変更後の運用方針で、過去の投稿の判定がどう変わるかを調べる")(policy_changes.replay)
