"""Assembles the command `sns`. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import sys

import typer
from typer.exceptions import TyperException

from chatops.cli import (
    answer,
    audit,
    cancel,
    cities,
    correct,
    credentials,
    doctor,
    erase,
    hold,
    ledger,
    migrate,
    now,
    people,
    periods,
    policy,
    posts,
    sandbox_hook,
    serve,
    whitelist,
)
from chatops.cli._errors import MISCONFIGURED, REFUSED, build_voice
from chatops.cli._help import said_help
from chatops.cli._usage import said_usage

app = typer.Typer(
    name="sns",
    help="自治体SNSの下書き・承認・配信（回覧 / Kairan）。Slack では /sns を使います。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(name="serve", help="起動する（Slack・Web・配信）")(serve.serve)
app.command(name="web", help="Slack・Web だけを起動する（PostgreSQL で複数台のとき）")(serve.web)
app.command(name="worker", help="配信だけを起動する（PostgreSQL で複数台のとき）")(serve.worker)
app.command(name="sandbox", help="練習用の環境を起動する（インターネット不要）")(sandbox_hook.sandbox)
app.command(name="migrate", help="データベースを最新の形にする")(migrate.migrate)
app.command(name="now", help="緊急発信をする（Slack が使えないときも）")(now.now)
app.command(name="queue", help="承認待ち・投稿予定の一覧")(posts.queue)
app.command(name="show", help="投稿の全文と経過")(posts.show)
app.command(name="answer", help="投稿についての質問に答える（Slack が使えないとき）")(answer.answer)
app.command(name="cancel", help="まだ投稿していない分を中止する（Slack が使えないとき）")(cancel.cancel)
app.command(name="correct", help="投稿したものを訂正・削除する")(correct.correct)
app.command(name="hold", help="通常の投稿を一時停止する（災害時）")(hold.hold)
app.command(name="resume", help="一時停止を終える")(hold.resume)
app.command(name="held", help="一時停止中のものと、止まった投稿の一覧")(hold.held)
app.command(name="doctor", help="どこが悪いか、どうすればよいかを調べる")(doctor.doctor)
app.add_typer(credentials.app, name="credentials")
app.add_typer(cities.app, name="cities")
app.add_typer(policy.app, name="policy")
app.add_typer(people.app, name="people")
app.add_typer(whitelist.app, name="whitelist")
app.add_typer(periods.app, name="period")
app.add_typer(audit.app, name="audit")
app.add_typer(erase.app, name="erase")
app.add_typer(ledger.app, name="ledger")


def main() -> None:
    """Run the command line; what was mistyped is said in the shell's language."""
    try:
        with said_help(sys.argv, build_voice):
            status = app(prog_name="sns", standalone_mode=False)
    except TyperException as error:
        sys.stderr.write(f"{said_usage(error, build_voice())}\n")
        sys.exit(getattr(error, "exit_code", MISCONFIGURED))
    except typer.Abort:
        from chatops.messages.ja import usage as words  # noqa: PLC0415 - `sns --help` needs no words

        sys.stderr.write(f"{build_voice()(words.stopped)}\n")
        sys.exit(REFUSED)
    sys.exit(status if isinstance(status, int) else 0)
