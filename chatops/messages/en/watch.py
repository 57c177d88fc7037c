# ruff: noqa: E501 - a sentence stays on its line
"""What the watchdog tells: what is late, stuck or gone, what it waits for, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SUBJECTS: Final[Mapping[str, str]] = {
    "late": "Posts are late",
    "late_over": "What became of the late posts",
    "late_emergency": "An emergency post is not out yet",
    "late_emergency_over": "What became of the emergency post",
    "late_deletion": "A deletion is not done yet",
    "late_deletion_over": "What became of the late deletion",
    "lease": "Posts have stopped half-way",
    "lease_over": "Posts that had stopped go on",
    "unknown": "Nobody knows whether some posts arrived",
    "unknown_over": "What became of the posts in doubt",
    "processing": "Videos are still being processed",
    "processing_over": "What became of the videos",
    "mirror": "Reposts have stopped",
    "mirror_over": "Reposts that had stopped go on",
    "expiry": "Posts past their time still await approval",
    "hold": "A hold's second answer is missing",
    "notices": "Slack takes no notices",
    "notices_over": "Slack takes notices again",
    "inbox": "Acts from Slack are not applied",
    "inbox_over": "Acts from Slack were applied",
    "worker": "One machine has stopped sending",
    "worker_over": "The machine that had stopped is settled",
    "restarted": "Sending broke down and started again",
    "clock": "A server's clock is wrong",
    "clock_over": "The server's clock is right again",
    "nobody_sends": "Nothing is sending right now",
    "nobody_sends_over": "Sending goes on",
}
HEADINGS: Final[Mapping[str, str]] = {
    "late": "⏰ Their time has passed, and they are not out yet.",
    "late_over": "What became of the late posts that you heard of:",
    "late_emergency": "🚨 The emergency post is not out yet. Use other means at once too: loudspeakers, mail, telephone.",
    "late_emergency_over": "What became of the emergency post that you heard of:",
    "late_deletion": "⚠️ These deletions are not done yet.",
    "late_deletion_over": "What became of the late deletions that you heard of:",
    "lease": "⚠️ These posts stopped half-way through sending.",
    "lease_over": "The posts that had stopped go on.",
    "unknown": "⚠️ Nobody knows whether these posts arrived.",
    "unknown_over": "What became of the posts in doubt:",
    "processing": "⚠️ The platform has been working on these videos for a long time.",
    "processing_over": "What became of the videos:",
    "mirror": "⚠️ These reposts still wait, although the posts they wait for have ended.",
    "mirror_over": "The reposts that had stopped go on.",
}
WAITS: Final[Mapping[str, str]] = {
    "no_worker": "Nothing is sending right now. ",
    "queue": "It waits for other posts to end. ",
    "sending": "It is being sent to {platform}, which has not answered yet. ",
    "retrying": "{platform} cannot be reached; it is tried again (next: {again}). ",
    "throttled": "{platform}'s rate limit makes it wait until {again}. ",
    "checking": "It is being found out whether {platform} has it. ",
    "processing": "{platform} is working on the video. ",
    "repair": "It waits until the trouble of the account on {platform} is mended (what to do stands in the question in the approvals channel). ",
    "lane_closed": "Nothing is sent to {platform} for now: its trouble, or its limit. ",
}
DO: Final[Mapping[str, str]] = {
    "late": "They go out as soon as they can, and you will hear of it. If you cannot wait, first stop the post with /sns cancel (without Slack: sns cancel on the server), then post by hand on the platform (without stopping it, it would be there twice). If it goes on, have the IT division run sns doctor on the server.",
    "late_emergency": "It goes out as soon as it can, and you will hear of it. Before you post by hand on the platform, stop it with /sns cancel (without Slack: sns cancel on the server) (or it would be there twice). Where it is being found out whether it arrived, look at the platform first.",
    "late_deletion": "They are made as soon as they can, and you will hear of it. If it is urgent, delete the posts on the platform (no harm is done by being first). If it goes on, have the IT division run sns doctor on the server.",
    "lease": "IT: run sns doctor on the server. Look at the platform too, whether the post is there.",
    "unknown": "Look at the platform, whether the post is there. IT: run sns doctor on the server.",
    "processing": "Look at the platform, how the video stands. IT: run sns doctor on the server.",
    "mirror": "If the repost is needed, make it on the platform. IT: run sns doctor on the server.",
}
OVER: Final[Mapping[str, str]] = {
    "notices": "✅ The notices that waited are in Slack.",
    "inbox": "✅ {machine}: all acts from Slack that waited were applied.",
    "worker": "✅ {machine}: the sender that had stopped is settled. Posts go out as before.",
    "clock": "✅ {machine}: the matter of its clock is settled.",
    "nobody_sends": "✅ Sending goes on. What waited goes out in turn; about what is too late you will be asked first.",
}


def subject(code: str) -> str:
    """Head an e-mail."""
    return SUBJECTS.get(code, "Notice")


def heading(code: str) -> str:
    """Say what the deliveries below have in common."""
    return HEADINGS[code]


def is_late(number: str, account: str, planned: str, why: str) -> str:
    """Say of one delivery since when it waits, and for what."""
    return f"• {number} {account} (planned {planned}): {why}"


def went_out(number: str, account: str, minutes: int) -> str:
    """Say that it went out after all."""
    late = f", {minutes} min late" if minutes else ""
    return f"• {number} {account}: published{late}."


def was_taken_back(number: str, account: str, minutes: int) -> str:
    """Say that a deletion, or the undoing of a repost, is done after all."""
    late = f", {minutes} min late" if minutes else ""
    return f"• {number} {account}: done{late}."


def is_asked(number: str, account: str) -> str:
    """Say that it is a question now."""
    return f"• {number} {account}: your answer is needed. See the question in the approvals channel."


def goes_later(number: str, account: str, moment: str, why: str) -> str:
    """Say that it is to go out later."""
    return f"• {number} {account}: goes out {moment}. {why}"


def ended(number: str, account: str, state: str, why: str) -> str:
    """Say how it ended, or where it is."""
    return f"• {number} {account}: {state}. {why}"


def waits_for(why: str, platform: str, again: str) -> str:
    """Say what a late delivery waits for."""
    return WAITS[why].format(platform=platform, again=again)


def and_more(count: int) -> str:
    """Say how many more there are."""
    return f"and {count} more (see /sns queue)"


def what_to_do(code: str) -> str:
    """Say what to do."""
    return DO[code]


def worker_gone(machine: str, moment: str, others: int) -> str:
    """Tell that a worker stopped beating while others go on."""
    where = f" on {machine}" if machine else ""
    return f"⚠️ A sender{where} has been silent since {moment}. {others} others go on, so posts go out. IT: see whether sns worker (or sns serve) runs there, and start it if it does not."


def clock_wrong(machine: str, seconds: int) -> str:
    """Tell that a worker's clock is ahead of the database's (below 0: behind), so that it sends nothing planned."""
    where = f"The clock of {machine}" if machine else "The clock of a server that sends"
    way = "ahead of" if seconds > 0 else "behind"
    return f"⚠️ {where} is {abs(seconds)} seconds {way} the database's. Nothing could go out at its time, so only emergencies are sent from there. IT: run timedatectl on both servers and mend the synchronisation (NTP). It goes on by itself then."


def worker_restarted(machine: str, moment: str, back: str) -> str:
    """Tell that a worker broke down and is there again."""
    where = f" on {machine}" if machine else ""
    return f"⚠️ A sender{where} broke down at {moment} and started again at {back}. What was on its way is looked for before it goes on. IT: find the reason in the log (journalctl -u 'kairan*')."


def nobody_sends(machine: str, moment: str, due: int) -> str:
    """Tell that nobody sends."""
    last = f" The last sign came at {moment}{f' from {machine}' if machine else ''}." if moment else ""
    waiting = f" {due} posts that should go out are waiting." if due else " No post is waiting."
    do = " IT: run systemctl status 'kairan*' and sns doctor on the server; if it has stopped, systemctl start kairan (kairan-worker where there are several machines)."
    if due:
        do += " Use other means too for what is urgent. Before you post by hand on the platform, stop it with /sns cancel (without Slack: sns cancel on the server): otherwise it would be there twice."
    return f"🚨 Nothing is sending right now.{last}{waiting}{do}"


def notices_stuck(count: int, moment: str, error: str) -> str:
    """Tell that Slack takes no notices."""
    why = f" (Slack says: {error})" if error else ""
    return f"⚠️ Slack has not taken {count} notices, the oldest since {moment}{why}. Posts go out all the same. IT: run sns doctor on the server; check Slack's tokens and whether the app is in the channels."


def inbox_stuck(machine: str, count: int) -> str:
    """Tell that accepted acts are not applied."""
    return f"⚠️ {count} acts accepted from Slack are not applied yet (server {machine}). Whoever approved or withdrew something: check the card. IT: run sns doctor on the server."


def expiry_stuck(numbers: str) -> str:
    """Tell that submitted posts have outlived their time."""
    return f"⚠️ These posts still await approval although their time has passed: {numbers}. Do not approve them as they are. IT: run sns doctor on the server."


def hold_stuck(moment: str) -> str:
    """Tell what a hold's second answer would have told."""
    return f"⏸ The hold that began {moment} is in force, and what was on its way then has ended (this notice is late; IT: run sns doctor on the server)."


def over(kind: str, machine: str) -> str:
    """Tell that something is over."""
    return OVER.get(kind, "✅ What you heard of is settled.").format(machine=machine or "server")
