"""`sns sandbox --script`: the whole job without a browser, through Slack's HTTP interface with signed requests.

It starts on an open Tuesday at 8:59 by the sandbox's clock, whatever the hour, and ends well only if every
delivery arrived exactly once on the right timeline.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.request import urlopen

from chatops.sandbox.footage import make_film, make_picture
from chatops.sandbox.hand import Hand, NothingCameError, wait_until, words_of
from chatops.sandbox.product import Product, free_port
from chatops.sandbox.stage import Stage, seed_credentials
from platforms.sandbox.core import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chatops.sandbox.records import Message

START: Final = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
"""12月1日(火) 8:59 in Japan, one minute before the set time."""
VENDORS: Final = ("x", "line", "facebook", "youtube")
SETTLING_SECONDS: Final = 90.0
"""How long an ambiguous answer may take to be cleared up (X is read twice, half a minute apart), real time."""
ROUTINE: Final = "あけぼの山農業公園でシクラメン展を開きます。12月5日(土) 10時から15時まで、入場は無料です。 #柏市"
URGENT: Final = (
    "【避難指示】手賀沼周辺の浸水想定区域に避難指示を発令しました。直ちに安全な場所へ避難してください。 #柏市"
)
REASON: Final = "手賀沼の水位が氾濫危険水位に達したため"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One thing that must be on one timeline, once."""

    account: str
    text: str
    is_repost: bool = False


EXPECTED: Final = (
    Expected(account="kashiwa_koen", text=ROUTINE),
    Expected(account="kashiwa_shi", text=ROUTINE, is_repost=True),
    Expected(account="kashiwa_line", text=ROUTINE),
    Expected(account="kashiwa_facebook", text=ROUTINE),
    Expected(account="kashiwa_youtube", text=ROUTINE),
    Expected(account="kashiwa_shi", text=URGENT),
    Expected(account="kashiwa_koen", text=URGENT, is_repost=True),
    Expected(account="kashiwa_line", text=URGENT),
    Expected(account="kashiwa_facebook", text=URGENT),
)


class Play:
    """The job, scene by scene.

    Args:
        stage: The stand-ins.
        say: Takes each line of what happens.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        people, channels = stage.city.people, stage.city.slack.channels
        self._cards = channels.approvals

        def hand(person: str, channel: str) -> Hand:
            return Hand(stage.slack, people[person].slack or "", channel)

        self.clerk = hand("koen_tanaka", channels.drafts)
        self.chief = hand("koen_sato", channels.approvals)
        self.head = hand("koho_takahashi", channels.approvals)
        self.duty = hand("bosai_ito", channels.drafts)

    def scenes(self) -> Iterator[str]:
        """Do the job; yields a sentence after each scene.

        Raises:
            NothingCameError: Something that a person waits for did not come.
        """
        number = self.draft()
        yield f"田中 花（公園緑地課）が下書き {number} を書いて提出しました。"
        self.approve(self.chief, number)
        yield f"佐藤 誠（公園緑地課長）が {number} を承認しました。"
        self.approve(self.head, number)
        yield f"高橋 健一（広報広聴課長）が {number} を決裁しました。"
        self._stage.clock.set_to(START + timedelta(minutes=1))
        self.wait_for_results(ROUTINE)
        self.wait_for_end(number)
        yield "12月1日(火) 9:00 になり、投稿されました。"
        self._stage.clock.set_to(START + timedelta(hours=18))
        self.send_now()
        self.wait_for_results(URGENT)
        self.wait_for_end("K-2")
        yield "12月2日(水) 2:59、伊藤 大輔（防災安全課当直）が緊急発信をしました。"

    def draft(self) -> str:
        """Write the post, read the review, submit it; returns its number."""
        clerk = self.clerk
        _well(clerk.type(f"/sns draft {ROUTINE}"))
        form = clerk.wait_for_form("投稿の下書き")
        clerk_files = [
            clerk.attach("cyclamen.jpg", make_picture()),
            clerk.attach("cyclamen.mp4", make_film()),
        ]
        keys = [key for key in self._stage.city.accounts if key != "kashiwa_shi"]
        _well(
            clerk.submit(
                form,
                {
                    "投稿するアカウント": keys,
                    "分類": "event",
                    "YouTube のタイトル": "シクラメン展のご案内",
                    "画像": clerk_files,
                    "画像の説明": "花壇に並ぶ赤いシクラメン",
                    "投稿日": "2026-12-01",
                    "投稿時刻": "09:00",
                },
            )
        )
        review = clerk.wait_for_form("内容の確認")
        number = str(review.payload["title"]["text"]).split()[0]
        _well(clerk.submit(review, clerk.tick_everything(review)))
        return number

    def approve(self, hand: Hand, number: str) -> None:
        """Press the card's first button, and answer the checklist where there is one."""

        def open_for_me(message: Message) -> bool:
            return number in words_of(message.blocks) and _primary(message) is not None

        card = hand.wait_for_message(open_for_me, f"the card of {number}", self._cards)
        _well(hand.press(card, _primary(card) or ""))

        def next_thing() -> object | None:
            stack = self._stage.slack.views.stack(hand.user_id)
            if stack:
                return stack[-1]
            now = next((m for m in hand.messages(self._cards) if m.ts == card.ts), None)
            return now if now is None or now.blocks != card.blocks else None

        wait_until(next_thing, "an answer to the button")
        stack = self._stage.slack.views.stack(hand.user_id)
        if stack:
            _well(hand.submit(stack[-1], hand.tick_everything(stack[-1])))
        self._wait_for_name(hand, card)

    def _wait_for_name(self, hand: Hand, card: Message) -> None:
        name = self._stage.slack.person(hand.user_id).real_name

        def signed() -> bool | None:
            now = next((m for m in hand.messages(self._cards) if m.ts == card.ts), None)
            lines = [] if now is None else words_of(now.blocks).splitlines()
            return True if any(line.startswith("✓") and name in line for line in lines) else None

        wait_until(signed, f"{name}'s decision on the card")

    def send_now(self) -> None:
        """Send an evacuation order at night."""
        _well(self.duty.type(f"/sns now {URGENT}"))
        form = self.duty.wait_for_form("緊急発信の確認")
        _well(self.duty.submit(form, {"緊急発信の理由": REASON}))

    def wait_for_results(self, text: str) -> None:
        """Wait until everything that carries *text* is on its timeline."""
        wanted = [one for one in EXPECTED if one.text == text]

        def all_there() -> bool | None:
            found = read_timelines(self._stage)
            return True if all(count(found, one) for one in wanted) else None

        wait_until(all_there, "a post on every timeline", SETTLING_SECONDS)

    def wait_for_end(self, number: str) -> None:
        """Wait until the card says that every delivery has ended: nothing more can arrive after that."""

        def has_ended(message: Message) -> bool:
            words = words_of(message.blocks)
            return number in words and "完了（投稿済み）" in words

        self.head.wait_for_message(has_ended, f"the end of {number}", self._cards, SETTLING_SECONDS)


def _primary(message: Message) -> str | None:
    for block in message.blocks:
        for element in block.get("elements", []):
            if element.get("type") == "button" and element["text"]["text"] in {"承認", "決裁"}:
                return str(element["text"]["text"])
    return None


def _well(outcome: Any) -> None:  # noqa: ANN401 - the stand-in's Outcome
    if not outcome.is_acknowledged or outcome.errors:
        raise NothingCameError(f"Slack answered {outcome.error or outcome.errors}")


def read_timelines(stage: Stage) -> list[dict[str, Any]]:
    """Read what citizens see."""
    with urlopen(f"{stage.base_url}/_sandbox/timelines", timeout=10) as answer:  # noqa: S310 - our own loopback address
        found: list[dict[str, Any]] = json.load(answer)
    return found


def count(
    timelines: Sequence[dict[str, Any]], wanted: Expected, handles: dict[str, tuple[str, str]] | None = None
) -> int:
    """Count how often a thing stands on the timeline where it belongs."""
    vendor, handle = (handles or HANDLES)[wanted.account]
    return sum(
        1
        for line in timelines
        if (line["vendor"], line["account"]["handle"]) == (vendor, handle)
        for item in line["items"]
        if wanted.text in item["text"] and bool(item["is_repost_of"]) is wanted.is_repost
    )


HANDLES: Final = {
    "kashiwa_shi": ("x", "kashiwa_shi"),
    "kashiwa_koen": ("x", "kashiwa_koen"),
    "kashiwa_line": ("line", "@kashiwa"),
    "kashiwa_facebook": ("facebook", "kashiwa.city"),
    "kashiwa_youtube": ("youtube", "@kashiwacity"),
}


def parse_fault(order: str) -> Fault:
    """Read `x=500_after_accepting`, or a vendor alone.

    Raises:
        ValueError: There is no such vendor, or no such fault; the message says which there are.
    """
    vendor, _, kind = order.partition("=")
    if vendor not in VENDORS:
        raise ValueError(f"{vendor} という媒体はありません。使えるもの: {', '.join(VENDORS)}")
    if kind and kind not in list(FaultKind):
        raise ValueError(f"{kind} という不具合はありません。使えるもの: {', '.join(FaultKind)}")
    return Fault(vendor=vendor, verb="publish", kind=FaultKind(kind or FaultKind.ERROR_AFTER), times=1)


def report(timelines: Sequence[dict[str, Any]]) -> bool:
    """Print what arrived as a table; True where everything arrived exactly once and nothing else did."""
    from rich.console import Console  # noqa: PLC0415 - only needed here
    from rich.table import Table  # noqa: PLC0415

    table = Table(title="配信の結果")
    for title in ("アカウント", "種類", "本文", "件数", "判定"):
        table.add_column(title)
    is_well = True
    for one in EXPECTED:
        times = count(timelines, one)
        is_well &= times == 1
        kind = "リポスト" if one.is_repost else "投稿"
        table.add_row(one.account, kind, one.text[:16] + "…", str(times), "○" if times == 1 else "×")
    total = sum(len(line["items"]) for line in timelines)
    is_well &= total == len(EXPECTED)
    Console(width=100, legacy_windows=False).print(table)
    sys.stdout.write(f"タイムライン上の投稿は全部で{total}件（予定 {len(EXPECTED)}件）。\n")
    return is_well


def play(*, faults: Sequence[Fault] = (), shows_log: bool = False) -> int:
    """Do the whole job once in a home of its own; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="kairan-") as folder:
        stage = Stage(Path(folder))
        stage.clock.set_to(START)
        port = free_port()
        settings = stage.settings(port)
        del settings["SNS_SLACK_APP_TOKEN"]  # without it the product is reached over HTTP
        seed_credentials(stage, settings)
        product = Product(settings, port, log=Path(folder) / "serve.log")
        stage.slack.request_url = f"{product.url}/slack/events"
        for fault in faults:
            stage.platforms.order(fault)
        try:
            return perform(stage, product)
        finally:
            product.stop()
            if shows_log:
                sys.stderr.write((Path(folder) / "serve.log").read_text("utf-8"))
            stage.close()


def perform(stage: Stage, product: Product) -> int:
    """Play the scenes and judge what arrived."""
    if not product.wait_until_well():
        sys.stderr.write("起動できませんでした。\n")
        return 1
    try:
        for sentence in Play(stage).scenes():
            sys.stdout.write(f"{sentence}\n")
    except NothingCameError as failure:
        sys.stderr.write(f"途中で止まりました: {failure}\n")
        report(read_timelines(stage))
        return 1
    is_well = report(read_timelines(stage))
    for entry in stage.platforms.journal():
        if entry["fault"]:
            sys.stdout.write(f"起こした不具合: {entry['vendor']} {entry['verb']} {entry['fault']}\n")
    return 0 if is_well else 1
