"""The words of `sns policy show`: a pack as a page to read and to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final[Mapping[str, str]] = {
    "always": "Always",
    "platforms": "Platforms covered",
    "operators": "Section that operates",
    "categories": "Kind of information",
    "authority": "Authority in an emergency",
    "confirmed": "What a person confirmed",
    "officers": "Roles that may act",
    "own_hours": "The account's own hours",
    "any_consent": "Consent of one of several roles",
    "hours": "Hours of posting",
    "whitelist": "Accepted parties",
    "words": "Words",
    "source": "Source named",
    "abolished_terms": "Abolished terms",
    "masked": "Masked letters",
    "addressed": "Speaking to one party",
    "set_answer": "Set answer",
    "personal": "Personal information",
    "security": "Security",
    "credentials": "Credentials",
    "links": "Links",
    "links_to": "Links to some sites",
    "weekdays": "Dates and weekdays",
    "times": "Times of day",
    "past_dates": "Past dates",
    "relative_dates": "Words that move with the day",
    "alt_text": "Descriptions of images",
    "consent": "Consent of people shown",
    "frequency": "Number of posts",
    "repeats": "Repeats",
    "cross_repeats": "Repeats over accounts",
    "length": "Length",
    "hashtag": "Hashtag added",
    "era_years": "Era and western years",
    "impossible_times": "Times that are none",
    "backward_spans": "Spans that end before they begin",
}
"""The kinds of rules."""

OUTCOMES: Final[Mapping[str, str]] = {
    "hit": "",
    "missing": "none chosen",
    "unlisted": "a kind not listed",
    "entitled": "sent by somebody entitled",
    "asked": "sent by anybody else",
    "any_consent.asked": "without consent",
    "any_consent.given": "with consent",
    "outside": "outside the hours",
    "disaster": "in a disaster",
    "whitelist.outside": "none of them",
    "listed": "one of them",
    "unmet": "conditions not met",
    "set": "the set text",
    "free": "any other text",
    "denied": "a denied site",
    "dead": "cannot be opened",
    "shortened": "shortened",
    "unknown": "unknown",
    "other": "somebody else's",
    "unclear": "nobody knows whose",
    "mismatch": "they disagree",
    "no_such_day": "no such day",
    "again": "for the second time",
    "more": "from the third time on",
    "declared": "declared to be the city's own",
}
"""When a rule speaks; `kind.outcome` goes before the outcome alone."""

ABOUT: Final[Mapping[str, str]] = {
    "actions": "",
    "account_kinds": "",
    "platforms": "",
    "categories": "kind ",
    "relations": "party ",
    "removals": "reason of deletion ",
    "comments": "comment ",
    "contains": "posts with ",
    "approval": "the account's sign-off ",
    "answers_comments": "answers to comments ",
    "own_hours": "the account's hours ",
    "emergency": "sent at once ",
}
"""What narrows a rule."""

VALUES: Final[Mapping[str, str]] = {
    "publish": "posts",
    "repost": "reposts",
    "undo_repost": "undone reposts",
    "follow": "follows",
    "unfollow": "unfollows",
    "reply": "replies",
    "like": "likes",
    "direct_message": "direct messages",
    "poll": "polls",
    "pin": "pins",
    "delete": "deletions",
    "correct": "corrections",
    "hide_reply": "hidden replies",
    "delete_comment": "deleted comments",
    "answer_comment": "answers to comments",
    "official": "official accounts",
    "section": "section accounts",
    "field": "field accounts",
    "related": "related accounts",
    "x": "X",
    "line": "LINE",
    "facebook": "Facebook",
    "youtube": "YouTube",
    "administration": "city administration",
    "website": "website updates",
    "living": "everyday life",
    "publicity": "city newsletter",
    "disaster": "disaster",
    "promotion": "promotion of the city",
    "event": "events",
    "tourism": "tourism",
    "mayor": "the mayor",
    "other": "other",
    "section_account": "the city's own account",
    "public_body": "public body",
    "affiliate": "affiliate",
    "designated_manager": "designated manager",
    "transport": "public transport",
    "cosponsored": "co-sponsored body",
    "about_city": "about the city",
    "policy_aligned": "recognised as agreeing with a policy of the city",
    "verified_official": "verified as official",
    "error": "ordinary error",
    "takeover": "takeover",
    "unstated": "not stated",
    "opinion": "opinion or criticism",
    "inquiry": "question or wish",
    "misleading": "misleading",
    "T01": "defamation",
    "T02": "disrespect",
    "T03": "discrimination",
    "T04": "illegal acts",
    "T05": "secrets",
    "T06": "Personal information",
    "T07": "rights of others",
    "T08": "Security",
    "T09": "rumour or falsehood",
    "T10": "public order and morals",
    "T11": "obscenity",
    "T12": "politics, religion, elections",
    "T13": "advertising",
    "T14": "undecided or not the official view",
    "T15": "Masked letters",
    "T16": "repetition",
    "T17": "provocation",
    "T18": "inaccurate or misleading",
    "T19": "impersonation",
    "T20": "altered content",
    "T21": "off topic",
    "T22": "against the terms",
    "T23": "links to forbidden content",
    "T24": "otherwise unsuitable",
    "T25": "outside the city's business",
    "T26": "contact with one party",
    "image": "images",
    "video": "videos",
    "hashtag": "hashtags",
    "link": "links",
    "required": "needed",
    "not_required": "not needed",
    "yes": "yes",
    "no": "no",
    "stated": "stated",
    "none": "none",
    "own": "the account's own section",
    "mobile": "mobile numbers",
    "landline": "landline numbers",
    "e_mail": "e-mail addresses",
    "my_number": "individual numbers",
    "bank_account": "bank accounts",
    "street_address": "persons' addresses",
    "licence_plate": "licence plates",
    "birth_date": "names with birth dates",
    "author": "author",
    "operator": "operator",
    "approver": "approver",
    "responsible": "responsible person",
    "manager": "manager",
    "emergency": "emergency duty officer",
    "scheduler": "system",
    "earthquake": "earthquake",
    "storm_flood": "storm and flood",
    "evacuation": "evacuation",
    "weather_warning": "weather warning",
    "j_alert": "J-Alert",
    "fire": "fire",
    "armed_attack": "armed attack",
    "epidemic": "epidemic",
    "lifeline": "lifelines cut",
    "name": "names of persons",
    "name_with_age": "names with an age",
    "letters": "letters",
    "digits": "digits",
    "symbols": "symbols",
    "leaving": "leaving",
    "transfer": "transfer",
    "same_day": "the same day",
    "month": "month",
    "page": "Facebook pages",
    "group": "groups",
    "profile": "personal profiles",
    "platform_mark": "the platform's mark",
    "link_on_own_site": "a link on the body's own site",
    "published_url": "the address of the published page",
    "url": "address",
    "date": "date",
    "decision": "decision",
    "reason": "reason",
    "result": "result",
    "checked_on": "day of the check",
    "true": "yes",
    "false": "no",
}
"""Values of what narrows a rule, and of parameters; what is not here is shown as the pack writes it."""

EVERYTHING: Final = "everything"


def edition(name: str, in_force: str) -> str:
    """Say which edition of the document it is, and since when it holds."""
    since = f" (in force since {in_force})" if in_force else ""
    return f"Edition: {name}{since}"


def platforms(names: str) -> str:
    """Say for which platforms it is."""
    return f"Platforms: {names}"


def contacts(listed: str) -> str:
    """List the contacts that are public."""
    return f"Published contacts: {listed}"


def sites(listed: str) -> str:
    """List the domains that are known."""
    return f"Sites of public offices: {listed}"


def digest(name: str, sha256: str) -> str:
    """Name the file and its digest, so that what was signed can be told from what runs."""
    return f"File of the rules: {name} (SHA-256: {sha256})"


def columns() -> str:
    """Head the columns of the printed page, joined by bars."""
    return "Clause|Words|What this system does"


def signature() -> str:
    """Head the box for signing."""
    return "I have confirmed that we operate as above."


def signing() -> str:
    """Label the fields of the box for signing, joined by bars."""
    return "Title|Name|Date|Seal"


def own_rules() -> str:
    """Head the rules that stand under no clause."""
    return "The city's own choice (in no document)"


def reading(text: str) -> str:
    """Say how a clause is read."""
    return f"Read as: {text}"


def given(values: str) -> str:
    """Say the values that the document gives."""
    return f"From the document: {values}"


def chosen(values: str) -> str:
    """Say the values that the city chose."""
    return f"The city's own choice: {values}"


def carried(text: str) -> str:
    """Say what else carries a clause."""
    return f"Carried by: {text}"


def elsewhere(kind: str) -> str:
    """Say that no judgement of a post carries a clause of this kind."""
    said = {"workflow": "a course of work", "monitor": "watched", "record": "kept", "config": "set"}
    return f"Not judged post by post ({said.get(kind, kind)})"


def rule_kind(name: str) -> str:
    """Name a kind of rule."""
    return KINDS.get(name, name)


def rule(kind: str, about: str) -> str:
    """Head a rule."""
    return f"Rule ({kind}), about: {about}"


def outcome(kind: str, name: str) -> str:
    """Say when a rule speaks."""
    return OUTCOMES.get(f"{kind}.{name}", OUTCOMES.get(name, name))


def when(names: str, effect: str) -> str:
    """Say what a rule does, and when."""
    return f"{names} → {effect}" if names else f"→ {effect}"


def effect(name: str, role: str) -> str:
    """Name what a rule does; *role* is whose consent lifts it."""
    if name == "escalate":
        return f"[needs the consent of {role}]"
    return {"allow": "[allowed]", "warn": "[warning]", "block": "[forbidden]"}.get(name, name)


def guess() -> str:
    """Say that a rule is a machine's guess."""
    return " (a machine's guess; only a warning in an emergency)"


def asked_when(name: str) -> str:
    """Say who answers a question."""
    return {"draft": "to the author", "approve": "to the approver", "request": "to whoever asks"}.get(name, "")


def question(who: str, text: str, about: str) -> str:
    """Show a question."""
    return f"Question ({who}): {text} About: {about}"


def answered_no() -> str:
    """Stand for the answer that stops a post."""
    return "answered no"


def route(steps: str, about: str) -> str:
    """Show a route."""
    return f"Route: {steps}, about: {about}"


def task(title: str, role: str, about: str) -> str:
    """Show a duty."""
    return f"What follows: {title} ({role}), about: {about}"


def mirror(source: str, by: str) -> str:
    """Show an order to repost."""
    return f"Mirror: what {source} post is reposted by {by}."


def about(name: str, values: tuple[str, ...]) -> str:
    """Say what narrows a rule."""
    return ABOUT.get(name, "") + ", ".join(values)


def everything() -> str:
    """Say that nothing narrows a rule."""
    return EVERYTHING


def value(name: str) -> str:
    """Say a value."""
    return VALUES.get(name, name)


def nothing() -> str:
    """Stand for an empty list."""
    return "none"
