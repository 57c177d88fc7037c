"""Our records in the words of policy and of platforms: the one place where the three vocabularies meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from platforms import port
from policy import facts
from policy import model as policy
from publisher.api import Citation, Excerpt, FindingView, PeopleShown, Question, Said
from publisher.city.model import day_in_japan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from policy.pack import Pack
    from publisher.api import DraftForm, MediaChoice
    from publisher.circumstances import Surroundings
    from publisher.city.model import Account, City
    from publisher.store.media import StoredMedia
    from publisher.store.post_records import Post, Version

SYSTEM: Final = policy.Actor(roles=frozenset({policy.Role.SCHEDULER}))
"""Who acts when the ledger sends what people approved."""
MAX_PLACES: Final = 3
"""How many places of a text a finding shows."""
_AROUND_CHARS: Final = 10
_PLACE_CHARS: Final = 60
_SYSTEM_IN_EMERGENCY: Final = policy.Actor(roles=frozenset({policy.Role.SCHEDULER, policy.Role.EMERGENCY}))
"""The same, for what somebody with that authority sent at once."""


def actor_of_system(*, is_emergency: bool) -> policy.Actor:
    """Return the system as policy sees it: it acts for whoever approved, or sent at once."""
    return _SYSTEM_IN_EMERGENCY if is_emergency else SYSTEM


# ── towards platforms ───────────────────────────────────────────────────────────────────────────────


def text_for(form: DraftForm, platform: str) -> str:
    """Return the text for a platform: its variant, or the common text."""
    variant = form.variants.get(platform, "")
    return variant if variant.strip() else form.text


def message_for(form: DraftForm, platform: str, media: Sequence[port.Media]) -> port.Message:
    """Return what is to be said on a platform."""
    return port.Message(text=text_for(form, platform), title=form.titles.get(platform, "").strip(), media=tuple(media))


def share_of(
    media: Sequence[port.Media], platform: port.Platform, chosen: Sequence[port.Platform]
) -> tuple[port.Media, ...]:
    """Return the files that go to *platform* when a form's files are for all of *chosen*.

    A film is for the platforms that live on films, where one is chosen: the others get the pictures.
    """
    if _is_for_films(platform) or not any(_is_for_films(other) for other in chosen):
        return tuple(media)
    return tuple(one for one in media if one.kind is not port.MediaKind.VIDEO)


def _is_for_films(platform: port.Platform) -> bool:
    return port.Capability.TEXT not in platform.limits.capabilities


def media_for(stored: StoredMedia, choice: MediaChoice, path: Path, base_url: str | None) -> port.Media:
    """Return a kept file with the author's description and, where there is a public address, its own."""
    folder = None if base_url is None else f"{base_url}/media/{stored.token}/{stored.sha256}"
    return port.Media(
        kind=port.MediaKind(stored.kind),
        path=path,
        sha256=stored.sha256,
        mime=stored.mime,
        size_bytes=stored.size_bytes,
        width_px=stored.width_px,
        height_px=stored.height_px,
        duration_seconds=None if stored.duration_ms is None else stored.duration_ms / 1000,
        alt=choice.alt,
        url=folder and f"{folder}.{stored.extension}",
        preview_url=folder and f"{folder}.preview.jpg",
    )


def account_ref(key: str, account: Account) -> port.AccountRef:
    """Return an account in the words of the port."""
    return port.AccountRef(key=key, handle=account.handle, external_id=account.id)


# ── towards policy ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is asked of the pack beside the text: who acts, when, and what people said of it already."""

    at: datetime
    planned_at: datetime | None = None
    kind: policy.ActionKind = policy.ActionKind.PUBLISH
    actor: policy.Actor | None = None
    emergency: str | None = None
    approved: bool = True
    answers: Mapping[str, bool] = field(default_factory=dict)
    grants: tuple[policy.Grant, ...] = ()
    declared: frozenset[str] = frozenset()
    """Contacts that the sender of `/sns now` declared to be the city's own."""
    target: policy.Target | None = None
    removal: str | None = None
    """Why a post is deleted: `policy.model.Action.removal`."""
    written_at: datetime | None = None
    is_for_owner: bool = False
    """True where the actor hands it to the sections that own the accounts (`/sns now` that is no disaster)."""


def repost_case(post: Post, version: Version, target: policy.Target, *, at: datetime) -> Case:
    """Return what is asked about the repost of *target*'s post by the system itself (A11)."""
    return Case(
        at=at,
        kind=policy.ActionKind.REPOST,
        actor=actor_of_system(is_emergency=post.is_emergency),
        emergency=post.emergency_kind if post.is_emergency else None,
        target=target,
        written_at=version.created_at,
    )


def actor_of(city: City, person: str, section: str, at: datetime) -> policy.Actor:
    """Return a person as policy sees him or her: the roles of the day, and the section acted for."""
    roles = city.roles_of(person, day_in_japan(at)) if person in city.people else frozenset()
    return policy.Actor(roles=frozenset(policy.Role(role.value) for role in roles), section=section_name(city, section))


def section_name(city: City, section: str) -> str:
    """Return a section's name as the city's documents write it: packs name sections so."""
    return city.sections[section].name.ja if section in city.sections else section


def action_of(
    city: City,
    account: str,
    form: DraftForm,
    media: Sequence[port.Media],
    case: Case,
    *,
    answers: Mapping[str, bool],
    history: tuple[policy.PastPost, ...] = (),
) -> policy.Action:
    """Return what somebody wants to do on an account, with the *answers* to its own pack's questions."""
    own = city.accounts[account]
    people = {choice.sha256: choice.people for choice in form.media}
    return policy.Action(
        kind=case.kind,
        at=case.at,
        planned_at=case.planned_at,
        platform=own.platform,
        account=policy.Account(
            key=account,
            kind=policy.AccountKind(own.kind.value),
            section=section_name(city, own.section),
            settings=_settings_of(own),
        ),
        actor=case.actor,
        text=text_for(form, own.platform),
        media=tuple(_media_of(one, people.get(one.sha256, PeopleShown.UNKNOWN)) for one in media),
        category=policy.Category(form.category) if form.category is not None else None,
        emergency=None if case.emergency is None else policy.EmergencyKind(case.emergency),
        target=case.target,
        removal=case.removal,
        history=history,
        grants=case.grants,
        approved=case.approved,
        answers=answers,
        declared_contacts=case.declared,
    )


def _media_of(media: port.Media, people: str) -> policy.Media:
    """Return a file as policy sees it; of which nobody said anything, nobody is known to be in it."""
    return policy.Media(
        kind=policy.MediaKind(media.kind.value),
        alt=media.alt,
        has_people=people in {PeopleShown.AGREED, PeopleShown.NOT_AGREED},
        has_consent=people == PeopleShown.AGREED,
    )


def _settings_of(account: Account) -> policy.AccountSettings:
    hours = account.settings.hours
    return policy.AccountSettings(
        approval=None if account.settings.approval is None else policy.SignOff(account.settings.approval),
        hours=None
        if hours is None
        else policy.AccountHours(every_day=hours.every_day, opens=hours.opens, closes=hours.closes),
        answers_comments=account.settings.answers_comments,
    )


def facts_of(
    city: City,
    planned: Callable[[port.Message], port.Plan],
    plan: port.Plan,
    written_at: datetime | None,
    around: Surroundings,
) -> facts.Facts:
    """Return what is known: by the city's file, by the platform, and by the city's records (*around*).

    *planned* plans another text for the same platform.
    """
    room = _length_of(plan)

    def measure(text: str) -> int:
        length = _length_of(planned(port.Message(text=text)))
        return len(text) if length is None else length.used

    return facts.Facts(
        open_days=city.open_days,
        closed_days=city.closed_days,
        published_contacts=city.published_contacts,
        room=None if room is None else facts.TextRoom(used=room.used, limit=room.limit),
        measure=None if room is None else measure,
        written_on=None if written_at is None else day_in_japan(written_at),
        past=around.past,
        periods=around.periods,
        links=around.links,
        known_sites=around.known_sites,
        denied_sites=around.denied_sites,
    )


def _length_of(plan: port.Plan) -> port.Length | None:
    return next((length for length in plan.lengths if length.field == "text"), None)


# ── towards people ──────────────────────────────────────────────────────────────────────────────────


def said(words: policy.Words) -> Said:
    """Return a pack's sentence for the faces."""
    return Said(ja=words.ja, en=words.en)


def citation_of(pack: Pack, clause: str) -> Citation:
    """Return where in its document a clause stands."""
    found = pack.citation(clause)
    return Citation(clause=clause, document=said(found.document), section=found.section, quote=found.quote)


def finding_view(pack: Pack, finding: policy.Finding, text: str = "") -> FindingView:
    """Return a finding for showing; *text* is the one that was judged."""
    return FindingView(
        effect=finding.effect,
        message=said(finding.message),
        citations=tuple(citation_of(pack, clause) for clause in finding.clauses),
        places=excerpts_of(text, finding.spans),
    )


def excerpts_of(text: str, spans: Sequence[policy.Span]) -> tuple[Excerpt, ...]:
    """Return the first places of a text with what stands around them, each on one line."""
    places = sorted({(one.start, one.end) for one in spans if 0 <= one.start < one.end <= len(text)})
    return tuple(_excerpt(text, start, end) for start, end in places[:MAX_PLACES])


def _excerpt(text: str, start: int, end: int) -> Excerpt:
    first, last = max(start - _AROUND_CHARS, 0), min(end + _AROUND_CHARS, len(text))
    place = _on_one_line(text[start:end])
    return Excerpt(
        before=("…" if first else "") + _on_one_line(text[first:start]),
        place=place if len(place) <= _PLACE_CHARS else f"{place[: _PLACE_CHARS - 1]}…",
        after=_on_one_line(text[end:last]) + ("…" if last < len(text) else ""),
    )


def _on_one_line(text: str) -> str:
    return "".join(" " if sign.isspace() else sign for sign in text)


def question_view(pack: Pack, question: policy.Question, key: str) -> Question:
    """Return a question of the checklist for showing, under the key of its answer."""
    return Question(
        key=key,
        text=said(question.question),
        citation=None if question.clause is None else citation_of(pack, question.clause),
    )
