"""`sns whitelist …`: whose posts may be reposted, and which accounts may be followed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, shell_act
from chatops.cli._errors import SaidError, said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chatops.messages import Voice
    from publisher.api import WhitelistCheck, WhitelistEntry

app = typer.Typer(help="リポスト・フォローできるアカウント", no_args_is_help=True, rich_markup_mode=None)
Platform = Annotated[str, typer.Argument(help="媒体（x など）")]
Handle = Annotated[str, typer.Argument(help="@名前、またはアカウントのページのアドレス")]
SomePlatform = Annotated[
    str | None, typer.Option("--platform", help="媒体（アドレスなら要りません。省略: 最初の媒体）")
]


@app.callback()
def whitelist() -> None:
    """Work with the whitelist."""


@app.command(help="追加する（運用管理者）")
def add(
    platform: Platform,
    handle: Handle,
    *,
    person: options.As,
    relation: Annotated[str, typer.Option(help="区分（public_body、affiliate、…）。市のアカウントには要りません")] = "",
    name: Annotated[str, typer.Option(help="名称")] = "",
    evidence: Annotated[str, typer.Option(help="公式アカウントだと分かる根拠（アドレスや文書名）")] = "",
    review: Annotated[str, typer.Option(help="次に見直す日（2027-03-31）")] = "",
    policy: Annotated[str, typer.Option(help="方向性が一致すると認定した市の施策の名称")] = "",
    verified: Annotated[bool, typer.Option("--verified", help="本人の公式アカウントだと確かめた")] = False,
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Put an account on the list."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.features.whitelist.reading import read_relation  # noqa: PLC0415 - heavy
        from publisher.api import WhitelistOrder  # noqa: PLC0415 - heavy

        order = WhitelistOrder(
            platform=platform,
            handle=handle,
            relation=read_relation(relation),
            name=name,
            evidence=evidence,
            review_on=_day(review, say) if review else None,
            is_verified_official=verified,
            aligned_policy=policy,
        )
        found = find_city(heart, city, say)
        who = acting_as(heart, found, person, from_stdin=passphrase_stdin)
        typer.echo(say.outcome(heart.services.whitelisting.add(shell_act(found, who), order)))


@app.command(help="削除する（運用管理者）。市のアカウントなら、リポストの対象から外す")
def remove(
    platform: Platform,
    handle: Handle,
    *,
    person: options.As,
    reason: Annotated[str, typer.Option(help="理由")],
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Take an account off the list."""
    with said_errors() as say, opened_heart() as heart:
        found = find_city(heart, city, say)
        act = shell_act(found, acting_as(heart, found, person, from_stdin=passphrase_stdin))
        outcome = heart.services.whitelisting.remove(act, platform=platform, handle=handle, reason=reason)
        typer.echo(say.outcome(outcome))


@app.command(name="list", help="一覧。見直しの日が過ぎたものが先")
def list_(*, city: options.City = None, as_json: options.Json = False) -> None:
    """Show what is on the list."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import rules as words  # noqa: PLC0415 - `sns --help` needs no words

        entries = heart.services.whitelisting.listing(find_city(heart, city, say))
        _print(entries, say, as_json=as_json, without=say(words.list_empty))


@app.command(help="これまでの登録と削除")
def history(
    handle: Handle, *, platform: SomePlatform = None, city: options.City = None, as_json: options.Json = False
) -> None:
    """Show every entry there ever was of an account."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import rules as words  # noqa: PLC0415 - `sns --help` needs no words

        entries = heart.services.whitelisting.history(find_city(heart, city, say), handle, platform)
        _print(entries, say, as_json=as_json, without=say(words.history_empty, handle.removeprefix("@")))


@app.command(help="リポスト・フォローしてよいかを、今の運用方針に照らして確かめる")
def check(
    handle: Handle,
    *,
    action: Annotated[str, typer.Option(help="repost または follow")] = "repost",
    about_city: Annotated[bool, typer.Option("--about-city", help="市に関する投稿")] = False,
    account: Annotated[str | None, typer.Option(help="リポスト・フォローする市のアカウント（省略: 代表）")] = None,
    platform: SomePlatform = None,
    city: options.City = None,
    as_json: options.Json = False,
) -> None:
    """Ask the pack what it says now."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.features.whitelist.reading import read_action  # noqa: PLC0415 - heavy
        from chatops.features.whitelist.views import check_lines  # noqa: PLC0415 - heavy

        found = heart.services.whitelisting.check(
            find_city(heart, city, say),
            handle,
            platform=platform,
            action=read_action(action),
            is_about_city=about_city,
            account=account,
        )
        if as_json:
            typer.echo(json.dumps(check_data(found), ensure_ascii=False, indent=2))
        else:
            typer.echo("\n".join(check_lines(found, say)))


def entry_data(entry: WhitelistEntry) -> dict[str, Any]:
    """Return an entry as plain data: a contract for scripts."""
    return {
        "platform": entry.platform,
        "handle": entry.handle,
        "name": entry.name,
        "relation": entry.relation,
        "evidence": entry.evidence,
        "is_verified_official": entry.is_verified_official,
        "aligned_policy": entry.aligned_policy,
        "added_by": entry.added_by,
        "added_at": entry.added_at.isoformat(),
        "review_on": entry.review_on.isoformat() if entry.review_on else None,
        "is_review_due": entry.is_review_due,
        "is_own": entry.is_own,
        "removed_by": entry.removed_by,
        "removed_at": entry.removed_at.isoformat() if entry.removed_at else None,
        "removal_reason": entry.removal_reason,
    }


def check_data(found: WhitelistCheck) -> dict[str, Any]:
    """Return what a pack says as plain data: a contract for scripts."""
    return {
        "platform": found.platform,
        "handle": found.handle,
        "action": found.action,
        "account": found.account_name,
        "relation": found.relation,
        "own_account": found.own_account,
        "entry": entry_data(found.entry) if found.entry else None,
        "decision": found.decision,
        "findings": [
            {"message": one.message.ja, "clauses": [cited.clause for cited in one.citations]} for one in found.findings
        ],
        "who": list(found.who),
        "next_open": found.next_open.isoformat() if found.next_open else None,
    }


def _print(entries: Iterable[WhitelistEntry], say: Voice, *, as_json: bool, without: str) -> None:
    from chatops.features.whitelist.views import entry_lines  # noqa: PLC0415 - heavy

    if as_json:
        typer.echo(json.dumps([entry_data(entry) for entry in entries], ensure_ascii=False, indent=2))
        return
    pages = ["\n  ".join(entry_lines(entry, say)) for entry in entries]
    typer.echo("\n".join(pages) or without)


def _day(text: str, say: Voice) -> date:
    from chatops.spoken import UnreadableError, read_day  # noqa: PLC0415 - heavy

    try:
        return read_day(text)
    except UnreadableError as error:
        raise SaidError(error.speak(say)) from None
