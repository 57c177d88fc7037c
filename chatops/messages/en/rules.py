# ruff: noqa: E501 - a sentence stays on its line
"""What a city decides about its rules: `whitelist` and `period`, in Slack and at the shell, and their notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

RELATIONS: Final[Mapping[str, str]] = {
    "section_account": "account of the city",
    "public_body": "public body",
    "affiliate": "affiliate",
    "designated_manager": "designated manager",
    "transport": "public transport",
    "cosponsored": "co-sponsored body",
    "other": "other",
}
EFFECTS: Final[Mapping[str, str]] = {
    "head": "the manager must consent",
    "wait": "posts wait until it is over",
}
EFFECTS_AHEAD: Final[Mapping[str, str]] = {
    "head": "At its time the manager is asked first; without consent it is not sent.",
    "wait": "It waits until the period is over. What is past its latest useful time by then is not sent without asking.",
}
DECISIONS: Final[Mapping[str, str]] = {
    "allow": "allowed",
    "warn": "allowed, with a warning",
    "escalate": "a consent is needed",
    "block": "not allowed",
}
ACTIONS: Final[Mapping[str, str]] = {
    "repost": "repost",
    "follow": "follow",
}


def relation(name: str) -> str:
    """Name what an account is to the city."""
    return RELATIONS.get(name, name)


def effect(name: str) -> str:
    """Name what a period asks."""
    return EFFECTS.get(name, name)


def effect_ahead(name: str) -> str:
    """Say what will become of a post that a period touches."""
    return EFFECTS_AHEAD.get(name, "")


def decision(name: str) -> str:
    """Say in short what a pack says."""
    return DECISIONS.get(name, name)


def action(name: str) -> str:
    """Name what is asked about."""
    return ACTIONS.get(name, name)


def reviews_due(names: str) -> str:
    """Tell a manager whose entries are to be looked at again."""
    return f"The day of review has passed for: {names}. Please look whether they should stay on the list (they hold until then; to keep one, remove it and add it with a new day)."


def period_touches(name: str, starts: str, ends: str, numbers: str, happens: str, reason: str) -> str:
    """Tell whose approved posts a period touches."""
    return f"The period “{name}” ({starts} to {ends}) touches posts that were approved: {numbers}. {happens} (Its reason: {reason})"


def list_title() -> str:
    """Head the whitelist."""
    return "Accounts that may be reposted and followed"


def list_empty() -> str:
    """Say that the list is empty."""
    return "Nothing is on the list. The city's own accounts need no entry."


def list_more(count: int) -> str:
    """Say that the list is cut."""
    return f"{count} more. For all of them run sns whitelist list on the server."


def history_title(handle: str) -> str:
    """Head the history of an account."""
    return f"History of @{handle}"


def history_empty(handle: str) -> str:
    """Say that an account was never listed."""
    return f"@{handle} was never on the list."


def verified() -> str:
    """Say that an account is known to be the real one."""
    return "verified"


def aligned(policy: str) -> str:
    """Say with which policy an account agrees."""
    return f"policy: {policy}"


def evidence(text: str) -> str:
    """Say where it shows."""
    return f"evidence: {text}"


def review_on(day: str) -> str:
    """Say when somebody looks again."""
    return f"next review: {day}"


def review_due(day: str) -> str:
    """Say that the day of review has passed."""
    return f"⚠️ its day of review ({day}) has passed"


def added(who: str, moment: str) -> str:
    """Say who added it."""
    return f"added by {who} ({moment})"


def removed(who: str, moment: str, reason: str) -> str:
    """Say who removed it, and why."""
    return f"removed by {who} ({moment}): {reason}"


def not_mirrored() -> str:
    """Say that an own account is not reposted."""
    return "⏸ not reposted"


def check_result(handle: str, what: str, account: str, result: str) -> str:
    """Say in one line what the pack says."""
    return f"{what} of @{handle} by {account}: {result}"


def check_own(account: str) -> str:
    """Say that it is an account of the city."""
    return f"It is an account of the city ({account})"


def check_listed(relation: str, name: str) -> str:
    """Say what it is to the city."""
    return f"on the list: {name} ({relation})"


def check_unlisted() -> str:
    """Say that it is not listed."""
    return "not on the list"


def check_who(names: str) -> str:
    """Say who can consent."""
    return f"can consent: {names}"


def check_opens(moment: str) -> str:
    """Say from when it is allowed."""
    return f"allowed from {moment}"


def period_title() -> str:
    """Head the list of periods."""
    return "Periods"


def period_empty() -> str:
    """Say that there is no period."""
    return "No period is set."


def period_span(starts: str, ends: str) -> str:
    """Say from when to when."""
    return f"{starts} to {ends}"


def period_now() -> str:
    """Say that it is in force."""
    return "in force"


def period_ended(who: str, moment: str, reason: str) -> str:
    """Say who ended it, and why."""
    return f"ended by {who} ({moment}): {reason}"


def period_about(what: str) -> str:
    """Say which posts it is about."""
    return f"about: {what}"


def period_about_all() -> str:
    """Say that it is about every post."""
    return "about: every post"


def period_reason(text: str) -> str:
    """Say why."""
    return f"reason: {text}"


def period_numbers(numbers: str) -> str:
    """Say which approved posts a new period touches."""
    return f"approved posts that it touches: {numbers} (their authors and approvers are told)"


def period_no_numbers() -> str:
    """Say that a new period touches nothing yet."""
    return "It touches no post that is approved."


def unreadable_day(text: str) -> str:
    """Say that a day could not be read."""
    return f"“{text}” is no day. Write it like 2027-03-31."


def unreadable_moment(text: str) -> str:
    """Say that a moment could not be read."""
    return f"“{text}” is no day and no moment. Write 2027-04-18 or 2027-04-18T09:00 (Japan's time)."


def unknown_option(name: str, known: str) -> str:
    """Say that there is no such option."""
    return f"There is no {name}. Known: {known}."


def option_without_value(name: str) -> str:
    """Say that an option needs a value."""
    return f"Please give a value after {name}."


def unknown_relation(name: str, known: str) -> str:
    """Say that there is no such relation."""
    return f"There is no relation “{name}”. Known: {known}."


def usage_whitelist() -> str:
    """Explain /sns whitelist."""
    return "/sns whitelist list … the list\n/sns whitelist add @name --relation public_body --name NAME --evidence ADDRESS --review 2027-03-31 … add\n　 also: --policy NAME, --verified, --platform x\n/sns whitelist remove @name REASON … remove\n/sns whitelist history @name … history\n/sns whitelist check @name … what the guideline says (--action follow, --about-city)"


def usage_period() -> str:
    """Explain /sns period."""
    return "/sns period list … the list\n/sns period add ELECTION --from 2027-04-18 --to 2027-04-25 --effect head --reason WHY … set one (head: the manager must consent; wait: posts wait until it is over)\n　 also: --category, --word, --account (as many as you like)\n/sns period end ELECTION WHY … end one"
