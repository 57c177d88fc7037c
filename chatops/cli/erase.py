"""`sns erase …`: a post's content goes by the decision of two people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, shell_act
from chatops.cli._errors import REFUSED, SaidError, said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops.messages import Voice
    from publisher.api import ErasureList, ErasureView

app = typer.Typer(help="投稿の内容の消去（2人の決定が必要）", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(help="投稿の番号（K-1）")]
Proposal = Annotated[str, typer.Argument(help="提案の ID、または投稿の番号（K-1）")]
Seen = Annotated[
    str | None, typer.Option("--seen", metavar="DIGEST", help="確かめた一覧の照合値（付けると、確認を尋ねません）")
]


@app.callback()
def erase() -> None:
    """Work with erasures."""


@app.command(help="消去したら何が消えるかを見る（何も変わりません）")
def show(number: Number, *, city: options.City = None) -> None:
    """Show what an erasure would take."""
    with said_errors() as say, opened_heart() as heart:
        found = find_city(heart, city, say)
        typer.echo(list_text(heart.erasing.listing(found, number=number), say))


@app.command(help="消去を提案する（運用管理者）")
def propose(
    number: Number,
    *,
    person: options.As,
    reason: Annotated[str, typer.Option(help="personal_data（個人情報の誤掲載）または retention（保存期間の満了）")],
    note: Annotated[str, typer.Option(help="理由。記録に残るので、個人情報は書かないでください")],
    seen: Seen = None,
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Propose to erase a post's content."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import erasures as words  # noqa: PLC0415 - `sns --help` needs no words

        found = find_city(heart, city, say)
        who = acting_as(heart, found, person, from_stdin=passphrase_stdin)
        read = _read(heart.erasing.listing(found, number=number), words.ask_propose, seen, say)
        act = shell_act(found, who)
        typer.echo(say.outcome(heart.erasing.propose(act, number=number, reason=reason, note=note, seen=read)))


@app.command(help="提案どおりに消去する（提案した人とは別の運用管理者・管理責任者）")
def confirm(
    proposal: Proposal,
    *,
    person: options.As,
    seen: Seen = None,
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Erase what somebody else proposed to erase."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import erasures as words  # noqa: PLC0415 - `sns --help` needs no words

        found = find_city(heart, city, say)
        who = acting_as(heart, found, person, from_stdin=passphrase_stdin)
        view = heart.erasing.find(found, erasure=proposal)
        typer.echo(proposal_text(view, say))
        read = _read(heart.erasing.listing(found, number=view.number), words.ask_confirm, seen, say)
        typer.echo(say.outcome(heart.erasing.confirm(shell_act(found, who), erasure=view.id, seen=read)))


@app.command(help="消去しないことにする（提案した人とは別の運用管理者・管理責任者）")
def refuse(
    proposal: Proposal,
    *,
    person: options.As,
    note: Annotated[str, typer.Option(help="理由")],
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Let a proposal go."""
    with said_errors() as say, opened_heart() as heart:
        found = find_city(heart, city, say)
        act = shell_act(found, acting_as(heart, found, person, from_stdin=passphrase_stdin))
        typer.echo(say.outcome(heart.erasing.refuse(act, erasure=proposal, note=note)))


@app.command(name="list", help="決定を待っている提案の一覧")
def list_(*, city: options.City = None) -> None:
    """List the proposals that wait for a decision."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import erasures as words  # noqa: PLC0415 - `sns --help` needs no words

        found = heart.erasing.open_ones(find_city(heart, city, say))
        typer.echo("\n".join(proposal_text(one, say) for one in found) or say(words.none_open))


@app.command(help="保存期間が満了した投稿の一覧")
def due(*, city: options.City = None) -> None:
    """List the posts whose time has ended."""
    with said_errors() as say, opened_heart() as heart:
        from chatops.messages.ja import erasures as words  # noqa: PLC0415 - `sns --help` needs no words

        key = find_city(heart, city, say)
        if heart.cities[key].retention_days is None:
            typer.echo(say(words.no_retention))
            return
        lines = [
            say(
                words.due,
                one.number,
                one.section_name,
                say.moment(one.finished_at),
                say.moment(one.due_at),
                is_proposed=one.is_proposed,
            )
            for one in heart.erasing.due(key)
        ]
        typer.echo("\n".join(lines) or say(words.none_due))


def proposal_text(view: ErasureView, say: Voice) -> str:
    """Tell of a proposal in two lines."""
    from chatops.messages.ja import erasures as words  # noqa: PLC0415 - `sns --help` needs no words

    reason = say(words.reason, view.reason)
    told = say(words.proposal, view.number, reason, view.proposed_by, say.moment(view.proposed_at), view.note)
    return f"{told}\n{say(words.proposal_id, view.id)}"


def list_text(found: ErasureList, say: Voice) -> str:
    """Tell exactly what goes, what stays, and what this does not reach."""
    from chatops.messages.ja import erasures as words  # noqa: PLC0415 - `sns --help` needs no words

    lines = [say(words.list_head, found.number)]
    lines += [say(words.item, one.kind, one.count, "、".join(one.names)) for one in found.items]
    lines.append(say(words.stays))
    if found.public:
        lines.append(say(words.still_public, "\n".join(f"  {name} {url}".rstrip() for name, url in found.public)))
    return "\n".join([*lines, say(words.elsewhere), say(words.list_digest, found.digest)])


def _read(found: ErasureList, question: Callable[[], str], seen: str | None, say: Voice) -> str:
    """Show the list, and return the digest of the one that the person says yes to.

    Raises:
        SaidError: The person does not say yes, or cannot be asked.
    """
    from chatops.messages.ja import erasures as words  # noqa: PLC0415 - `sns --help` needs no words

    typer.echo(list_text(found, say))
    if seen is not None:
        return seen.strip()
    if not sys.stdin.isatty():
        raise SaidError(say(words.ask_by_option), REFUSED)
    if not typer.confirm(say(question)):
        raise SaidError(say(words.not_done), REFUSED)
    return found.digest
