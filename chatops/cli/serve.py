"""`sns serve`, `sns web` and `sns worker`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from chatops.cli._errors import REFUSED, SaidError, said_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.settings import Settings

Host = Annotated[str, typer.Option("--host", help="待ち受けるアドレス")]
Port = Annotated[int, typer.Option("--port", help="待ち受ける番号", min=0, max=65535)]


def serve(*, host: Host = "127.0.0.1", port: Port = 8080) -> None:
    """Run the product until a signal ends it: Slack, web, timers and workers in one process."""
    _serve(host, port, sends=True)


def web(*, host: Host = "127.0.0.1", port: Port = 8080) -> None:
    """Run people's side until a signal ends it: Slack, web and notices; `sns worker` delivers. PostgreSQL only."""
    _serve(host, port, sends=False)


def worker() -> None:
    """Deliver until a signal ends it, beside other workers and `sns web`. PostgreSQL only."""
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs none of it

    with said_errors() as say:
        from chatops.serve import work_until_signal  # noqa: PLC0415 - heavy
        from publisher.settings import load_settings  # noqa: PLC0415 - heavy

        def greet(name: str, platforms: Sequence[str]) -> None:
            typer.echo(say(words.working, name, ", ".join(platforms)))

        work_until_signal(load_settings(), greet=greet)


def _serve(host: str, port: int, *, sends: bool) -> None:
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs none of it

    with said_errors() as say:
        from chatops.home_lock import HomeInUseError  # noqa: PLC0415 - heavy
        from chatops.serve import serve_until_signal  # noqa: PLC0415 - heavy
        from chatops.web.server import CannotListenError  # noqa: PLC0415 - heavy
        from publisher.settings import load_settings  # noqa: PLC0415 - heavy

        settings = load_settings()

        def greet(url: str) -> None:
            typer.echo(say(words.serving if sends else words.serving_people, url))
            if names := missing_for_slack(settings):
                typer.echo(say(words.no_slack, names), err=True)

        try:
            serve_until_signal(settings, host=host, port=port, greet=greet, sends=sends)
        except CannotListenError as error:
            raise SaidError(say(words.cannot_listen, host, port, str(error)), REFUSED) from None
        except HomeInUseError as error:
            raise SaidError(say(words.home_in_use, str(error)), REFUSED) from None


def missing_for_slack(settings: Settings) -> str:
    """Return the settings that Slack needs and that are not set; empty where there is a way to Slack."""
    if settings.slack_bot_token is None:
        return "SNS_SLACK_BOT_TOKEN"
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        return "SNS_SLACK_APP_TOKEN / SNS_SLACK_SIGNING_SECRET"
    return ""
