"""`sns credentials …`: secrets come from standard input and are never shown."""

from __future__ import annotations

import json
import re
import sys
from getpass import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._errors import SaidError, said_errors
from chatops.cli._heart import find_account, find_city, opened_heart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops.messages import Voice

app = typer.Typer(help="アカウントの認証情報", no_args_is_help=True, rich_markup_mode=None)
_NAME = r"[a-z][a-z_]{0,39}"
Account = Annotated[str, typer.Argument(help="アカウントのキー（または 自治体/アカウント）")]


@app.callback()
def credentials() -> None:
    """Work with the accounts' secrets."""


@app.command(name="set", help="標準入力から認証情報を読み、暗号化して保存する")
def set_(account: Account, *, city: options.City = None) -> None:
    """Read an account's secrets from standard input, and store them encrypted."""
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    with said_errors() as say, opened_heart() as heart:
        found, key = find_account(heart, account, city, say)
        wanted = heart.platforms[heart.cities[found].accounts[key].platform].secret_fields
        fields = _ask(wanted) if sys.stdin.isatty() else read_fields(_read_input(wanted, say), say)
        check_fields(fields, wanted, say)
        heart.credentials.set(found, key, fields, who="cli")
        typer.echo(say(words.credentials_set, f"{found}/{key}"))


@app.command(name="list", help="認証情報が登録されているアカウントの一覧（値は表示しません）")
def list_(*, city: options.City = None) -> None:
    """Show which accounts have secrets; no values."""
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    with said_errors() as say, opened_heart() as heart:
        shown = heart.cities if city is None else [find_city(heart, city, say)]
        for key in shown:
            for account in heart.cities[key].accounts:
                state = words.is_set if heart.credentials.has(key, account) else words.is_not_set
                typer.echo(f"{key}/{account}\t{say(state)}")


@app.command(name="forget-all", help="鍵をなくしたとき: すべての認証情報を消し、新しい鍵で登録し直せるようにする")
def forget_all(*, yes: Annotated[bool, typer.Option("--yes", help="確かめずに消す")] = False) -> None:
    """Remove every account's secrets, of every city: for a key that is lost."""
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    with said_errors() as say, opened_heart() as heart:
        if not yes and not typer.confirm(say(words.forget_all_asked)):
            raise typer.Exit(1)
        typer.echo(say(words.forgotten, heart.credentials.forget_all(who="cli")))


def read_fields(text: str, say: Voice) -> Mapping[str, str]:
    """Read a JSON object, or `name=value` lines.

    Raises:
        SaidError: It is neither; what was given is not repeated.
    """
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    stripped = text.strip()
    if stripped.startswith("{"):
        try:
            read = json.loads(stripped)
        except ValueError:
            raise SaidError(say(words.unreadable_fields)) from None
        if not all(isinstance(value, str) for value in read.values()):
            raise SaidError(say(words.unreadable_fields))
        return {str(name): str(value).strip() for name, value in read.items()}
    lines = [line.partition("=") for line in stripped.splitlines() if line.strip()]
    if not lines or not all(sign and name.strip() for name, sign, _ in lines):
        raise SaidError(say(words.unreadable_fields))
    return {name.strip(): _unquoted(value.strip()) for name, _, value in lines}


def check_fields(fields: Mapping[str, str], wanted: Sequence[str], say: Voice) -> None:
    """Check that every field that is *wanted* is there, and no other.

    Raises:
        SaidError: It names the fields; never a value.
    """
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    if not all(re.fullmatch(_NAME, name) for name in fields):
        # Perhaps a bare token that ends in an equals sign: a name that is none is never repeated.
        raise SaidError(say(words.unreadable_fields))
    unknown = [name for name in fields if name not in wanted]
    if unknown:
        raise SaidError(say(words.unknown_fields, ", ".join(unknown), ", ".join(wanted)))
    missing = [name for name in wanted if not fields.get(name)]
    if missing:
        raise SaidError(say(words.missing_fields, ", ".join(missing)))
    unclean = [name for name, value in fields.items() if not re.fullmatch(r"[!-~]+", value)]
    if unclean:
        raise SaidError(say(words.unclean_fields, ", ".join(unclean)))


def _read_input(wanted: Sequence[str], say: Voice) -> str:
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    # Other tools write a byte order mark in front; what is no UTF-8 holds characters that no secret has.
    text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    if not text.strip():
        raise SaidError(say(words.no_fields, ", ".join(wanted)))
    return text


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _ask(wanted: Sequence[str]) -> Mapping[str, str]:
    return {name: getpass(f"{name}: ") for name in wanted}
