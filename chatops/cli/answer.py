"""`sns answer`: answers a question about a post at the shell, for when Slack's buttons can't be reached."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from chatops.cli import _options as options  # noqa: TC001 - Typer reads the annotations when it runs
from chatops.cli._acting import acting_as, shell_act
from chatops.cli._errors import SaidError, said_errors
from chatops.cli._heart import find_city, opened_heart

if TYPE_CHECKING:
    from publisher.api import Act, DeliveryLine, Outcome
    from publisher.compose import Heart


class Said(StrEnum):
    """What a person says."""

    SENT = "sent"
    SEND = "send"
    WAIT = "wait"
    CANCEL = "cancel"


Number = Annotated[str, typer.Argument(help="投稿の番号（K-12）")]
Account = Annotated[str, typer.Argument(help="アカウントのキー")]
Choice = Annotated[
    Said,
    typer.Argument(
        metavar="ANSWER",
        help="sent 投稿されていた / send 送る（もう一度・今すぐ・それでも） / wait 開庁を待つ / cancel 送らない",
    ),
]


def answer(
    number: Number,
    account: Account,
    choice: Choice,
    *,
    person: options.As,
    reason: Annotated[str, typer.Option(help="理由（時間外に送るときなど）")] = "",
    passphrase_stdin: options.PassphraseStdin = False,
    city: options.City = None,
) -> None:
    """Answer a question of the ledger's, or decide about a post that a hold has stopped."""
    from chatops.messages.ja import doctor as words  # noqa: PLC0415 - `sns --help` needs no words

    with said_errors() as say, opened_heart() as heart:
        found = find_city(heart, city, say)
        act = shell_act(found, acting_as(heart, found, person, from_stdin=passphrase_stdin))
        asked = find_asked(heart, found, number, account)
        if asked is None:
            raise SaidError(say(words.nothing_asked, number, account))
        typer.echo(say.outcome(carry_out(heart, act, asked, choice, reason)))


def find_asked(heart: Heart, city: str, number: str, account: str) -> DeliveryLine | None:
    """Return the post's delivery on an account that waits for a person's word, or None.

    Raises:
        Refusal: `no_such_post`.
    """
    from publisher.api import DeliveryState  # noqa: PLC0415 - heavy

    waits = {DeliveryState.ASKED, DeliveryState.HELD}
    lines = heart.services.board.card(city, number).deliveries
    return next((one for one in lines if one.account == account and one.state in waits), None)


def carry_out(heart: Heart, act: Act, asked: DeliveryLine, choice: Said, reason: str) -> Outcome:
    """Hand the answer on to whom it is for.

    Raises:
        Refusal: As `publisher.api.Deciding.answer` and `publisher.api.Holding.decide`.
    """
    from publisher.api import Answer, DeliveryState, Triage  # noqa: PLC0415 - heavy

    if asked.state is DeliveryState.HELD:
        decided = {Said.SEND: Triage.SEND, Said.CANCEL: Triage.DO_NOT_SEND}.get(choice, Triage.LATER)
        return heart.services.holding.decide(act, delivery=asked.id, answer=decided, reason=reason)
    answers = {
        Said.SENT: Answer.IT_IS_THERE,
        Said.SEND: Answer.SEND,
        Said.WAIT: Answer.WAIT,
        Said.CANCEL: Answer.DO_NOT_SEND,
    }
    return heart.services.deciding.answer(
        act, delivery=asked.id, answer=answers[choice], reason=reason, question=asked.question
    )
