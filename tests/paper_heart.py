# ruff: noqa: ARG002 - the protocols name arguments that paper ignores
"""A heart of paper: the services of `publisher.api` in memory, just enough for the faces to talk to."""

from __future__ import annotations

import itertools
import re
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper_packs import PaperPacks

from platforms.port import Length, Media, MediaKind, Plan, Remark
from publisher.api import (
    NEW_EVENT,
    AccountChoice,
    Act,
    Allowance,
    Answer,
    CardView,
    Category,
    Citation,
    ClosedAccount,
    CopyView,
    CorrectionForm,
    CorrectionOrder,
    CorrectionTarget,
    Decision,
    DeliveryKind,
    DeliveryLine,
    DeliveryState,
    DraftForm,
    EventChoice,
    EventForm,
    EventOrder,
    Finding,
    FindingView,
    FormModel,
    FoundContact,
    HealthLine,
    HeldView,
    HistoryLine,
    HoldView,
    KindChoice,
    Mail,
    MailState,
    MediaView,
    Mistake,
    Notice,
    NoticeKind,
    Outcome,
    Outlook,
    OverrideForm,
    OverrideOrder,
    Pane,
    PeriodOrder,
    PeriodView,
    Person,
    PostState,
    Question,
    QueueLine,
    Replacing,
    Review,
    Said,
    Services,
    SickPlatform,
    SignOffView,
    SlackRef,
    StepView,
    Triage,
    Weighing,
    WhitelistCheck,
    WhitelistEntry,
    WhitelistOrder,
)
from publisher.errors import NotFoundError, Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

TEAM = "T1"
CITY = "kashiwa"
NOW = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
"""12月1日(火) 8:59 in Japan."""
OPENING = datetime(2026, 12, 6, 23, 30, tzinfo=UTC)
"""12月7日(月) 8:30."""
CHANNEL = "C1"
PREFECTURE_ACCOUNTS = {
    "koen": ("柏市公園緑地課X @kashiwa_koen", "x"),
    "line": ("柏市LINE", "line"),
    "video": ("柏市YouTube", "youtube"),
}
CATEGORIES = (Category(key="event", name=Said(ja="催し", en="Event")),)
KINDS = (
    KindChoice(key="evacuation", name=Said(ja="避難情報", en="Evacuation"), is_disaster=True),
    KindChoice(key="other", name=Said(ja="その他", en="Other"), is_disaster=False),
)
CITED = Citation(
    clause="kashiwa-2-4-ki-hours",
    document=Said(ja="柏市Twitter運用方針", en="Kashiwa's guideline"),
    section="2(4)キ",
    quote="発信は開庁日の8時30分から17時15分までとする。",
)
HOURS = FindingView(effect="warn", message=Said(ja="開庁時間の外です。", en="Outside hours."), citations=(CITED,))
X_LIMIT = 280
MARKED = "いつ・どこで"
QUESTION = Question(key="checked.1", text=Said(ja="誤りがないか確かめましたか。", en="Checked?"), citation=CITED)


def person(key: str, name: str, title: str, user: str, *roles: str) -> Person:
    """Make a person of 公園緑地課."""
    return Person(
        key=key,
        name=name,
        title=title,
        sections=("koen",),
        section_name="公園緑地課",
        roles=frozenset(roles),
        slack_user=user,
        shown=f"公園緑地課{title} {name}",
    )


PEOPLE = (
    person("tanaka", "田中 花", "主事", "U1", "author"),
    person("sato", "佐藤 誠", "課長", "U2", "approver", "manager"),
    person("ito", "伊藤 大輔", "当直", "U3", "emergency"),
)


def correction_form(number: str, *, may_delete: bool) -> CorrectionForm:
    """Return what can be done about a post on X and LINE."""
    said = Said(
        ja="誤りのある投稿は、訂正の投稿で正しく伝えるのが基本です。", en="An error is put right by a correction."
    )
    document = Said(ja="指針", en="Guideline")
    citation = Citation(clause="kashiwa-4-1-delegation", document=document, section="4(1)", quote="")
    x = CorrectionTarget(
        account="kashiwa_koen",
        account_name="公園緑地課X",
        platform="x",
        url="https://x.com/kashiwa_koen/status/1",
        sent_at=NOW,
        is_deleted=False,
        can_recall=True,
        way="new_post",
        ruling="consent",
        message=said,
        citation=citation,
        consent_from=("課長 佐藤 誠",),
    )
    line = replace(x, account_name="柏市公式LINE", platform="line", url=None, can_recall=False, message=None)
    return CorrectionForm(
        number=number,
        excerpt="手賀沼公園の紅葉が見頃です。",
        targets=(x, line),
        causes=("typo", "personal_data"),
        urgent=frozenset({"personal_data"}),
        may_delete=may_delete,
        delete_from=("課長 佐藤 誠",),
        is_emergency=False,
        corrected_by=(),
    )


@dataclass
class PaperPost:
    """A post on paper."""

    number: str
    author: str
    form: DraftForm
    version: int = 1
    state: PostState = PostState.DRAFT
    reason: str = ""
    answers: dict[str, bool] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    is_emergency: bool = False
    sign_off_open: bool = False
    decided_by: str | None = None
    deliveries: list[DeliveryLine] = field(default_factory=list)
    history: list[HistoryLine] = field(default_factory=list)
    returned_note: str | None = None


@dataclass
class PaperHeart:
    """Everything, in one object that implements each protocol of `publisher.api`."""

    media_folder: Path = Path()
    posts: dict[str, PaperPost] = field(default_factory=dict)
    outcomes: dict[str, Any] = field(default_factory=dict)
    acts: list[tuple[str, str]] = field(default_factory=list)
    answered: list[str | None] = field(default_factory=list)
    """Which question each answer was given to."""
    notices: list[Notice] = field(default_factory=list)
    cards: dict[str, SlackRef] = field(default_factory=dict)
    media: dict[str, MediaView] = field(default_factory=dict)
    events: tuple[EventChoice, ...] = ()
    """The open events, the newest first."""
    questions_asked: tuple[Question, ...] = ()
    """Of approvers."""
    author_asked: tuple[Question, ...] = ()
    no_leads_to: str = "block"
    decided_answers: dict[str, bool] = field(default_factory=dict)
    packs: PaperPacks = field(default_factory=PaperPacks)
    fails: list[Exception] = field(default_factory=list)
    orders: list[OverrideOrder] = field(default_factory=list)
    """What `/sns now` sent."""
    corrections: list[CorrectionOrder] = field(default_factory=list)
    """What `/sns correct` ordered."""
    finished: int = 0
    put_back: list[float] = field(default_factory=list)
    lock: Any = field(default_factory=threading.RLock)
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def services(self) -> Services:
        """The heart as the faces see it."""
        return Services(
            people=self._People(),
            drafting=self,
            approving=self._Approving(self),
            overriding=self._Overriding(self),
            deciding=self._Deciding(self),
            holding=self._Holding(),
            board=self._Board(self),
            notices=self._Box(self),
            mails=self._Mails(),
            media=self._Media(),
            health=self._Health(),
            pack_changes=self.packs,
            whitelisting=self._Whitelisting(),
            periods=self._Periods(),
            watching=self._Watching(),
            lanes=self._Lanes(),
            correcting=self._Correcting(self),
            restoring=self._Restoring(),
        )

    class _Restoring:
        """The ledger runs once, and comes from no copy."""

        def state(self) -> CopyView | None:
            """Nothing is held."""
            return None

        def release(self, act: Act, *, reason: str) -> Outcome:
            """Nothing can be released."""
            assert act
            assert reason
            raise Refusal("ledger_not_held")

    class _Lanes:
        """X is sick, and one account waits for a person."""

        def platforms(self) -> Sequence[str]:
            """Return two."""
            return ("x", "line")

        def sick(self) -> Sequence[SickPlatform]:
            """Return X."""
            return (SickPlatform(platform="x", code="unreachable", until=OPENING, rounds=1),)

        def closed(self) -> Sequence[ClosedAccount]:
            """Return one."""
            key = {"city": "kashiwa", "account": "kashiwa_shi"}
            return (ClosedAccount(**key, is_for_person=True, code="token_refused", until=OPENING),)

        def allowances(self, city: str) -> Sequence[Allowance]:
            """Nothing is counted."""
            assert city
            return ()

    class _Watching:
        """Sees nothing."""

        def survey(self) -> Sequence[Finding]:
            """See nothing."""
            return ()

        def look(self) -> int:
            """Tell nothing."""
            return 0

        def report_inbox(self, machine: str, *, count: int) -> None:
            """Tell nobody."""

    @dataclass
    class _Correcting:
        """One post on X and LINE; only the chief deletes."""

        heart: PaperHeart

        def look(self, city: str, person: str, number: str) -> CorrectionForm:
            """Return where it went."""
            if number not in self.heart.posts:
                raise Refusal("no_such_post", number=number)
            return correction_form(number, may_delete=person == "sato")

        def correct(self, act: Act, order: CorrectionOrder) -> Outcome:
            """Keep the order; LINE takes nothing back."""
            self.heart.corrections.append(order)
            names = {"deleting": "公園緑地課X", "cannot_recall": "柏市公式LINE", "tasks_ja": "お詫びの投稿を作る"}
            return Outcome(code="deletion_ordered_draft", number=order.number, params={"draft": "K-13", **names})

    class _Mails:
        """Nothing ever goes by e-mail."""

        def plan(self, limit: int = 100) -> int:
            """Hand nothing over."""
            return 0

        def take_over(self, notice: Notice) -> None:
            """Let it be."""

        def claim(self, limit: int = 50) -> Sequence[Mail]:
            """Have nothing."""
            return ()

        def sent(self, mails: Sequence[Mail]) -> None:
            """Forget it."""

        def ended(self, mails: Sequence[Mail], outcome: str, error: str = "") -> None:
            """Forget it."""

        def failed(self, mails: Sequence[Mail], *, retry_after_seconds: float, error: str) -> None:
            """Forget it."""

        def state(self) -> MailState:
            """Say that nothing waits."""
            return MailState(waiting=0, oldest_seconds=0.0, error="")

    class _Whitelisting:
        """An empty list that takes nothing."""

        def add(self, act: Act, order: WhitelistOrder) -> Outcome:
            """Refuse as to somebody who is no manager."""
            raise Refusal("manager_only", who="広報広聴課長")

        def remove(self, act: Act, *, platform: str | None, handle: str, reason: str) -> Outcome:
            """Refuse as to somebody who is no manager."""
            raise Refusal("manager_only", who="広報広聴課長")

        def listing(self, city: str) -> Sequence[WhitelistEntry]:
            """Return nothing."""
            return ()

        def history(self, city: str, handle: str, platform: str | None = None) -> Sequence[WhitelistEntry]:
            """Return nothing."""
            return ()

        def check(self, city: str, handle: str, **_asked: Any) -> WhitelistCheck:
            """Know no such account."""
            raise Refusal("handle_unclear", handle=handle, platform="x")

    class _Holding:
        """No holds, and nobody who may begin one."""

        def hold(self, act: Act, *, target: str = "", reason: str = "") -> Outcome:
            """Refuse as to somebody who may not."""
            raise Refusal("not_yours_to_hold", who="広報広聴課長")

        def resume(self, act: Act, *, target: str = "", note: str = "") -> Outcome:
            """Refuse as to somebody who may not."""
            raise Refusal("not_yours_to_hold", who="広報広聴課長")

        def target_in(self, city: str, words: str) -> tuple[str, str]:
            """Know no account and no section."""
            return "", words

        def listing(self, city: str) -> Sequence[HoldView]:
            """Return nothing."""
            return ()

        def waiting(self, city: str) -> Sequence[HeldView]:
            """Return nothing."""
            return ()

        def find(self, city: str, delivery: str) -> HeldView | None:
            """Return nothing."""
            return None

        def decide(self, act: Act, *, delivery: str, answer: Triage, reason: str = "") -> Outcome:
            """Know no such delivery."""
            raise Refusal("no_such_delivery")

        def mark(self, act: Act, *, number: str) -> Outcome:
            """Know no such post."""
            raise Refusal("no_such_post")

    class _Periods:
        """No periods, and nobody who may set one."""

        def add(self, act: Act, order: PeriodOrder) -> Outcome:
            """Refuse as to somebody who is no manager."""
            raise Refusal("manager_only", who="広報広聴課長")

        def end(self, act: Act, *, name: str, reason: str) -> Outcome:
            """Refuse as to somebody who is no manager."""
            raise Refusal("manager_only", who="広報広聴課長")

        def listing(self, city: str, *, is_past_shown: bool = False) -> Sequence[PeriodView]:
            """Return nothing."""
            return ()

    # ── drafting ──

    def open_form(self, city: str, person: str, text: str = "") -> FormModel:
        """Open a blank form."""
        if "author" not in by_key(person).roles:
            raise Refusal("not_author")
        return self._model(None, DraftForm(section="koen", text=text, accounts=(), category=None))

    def edit_form(self, city: str, person: str, number: str) -> FormModel:
        """Open a draft's form."""
        return self._model(self.post(number), self.post(number).form)

    def mistakes(self, city: str, person: str, form: DraftForm) -> Sequence[Mistake]:
        """Find what the contract names."""
        found = []
        if not form.text:
            found.append(Mistake(place="text", code="text_empty"))
        if not form.accounts:
            found.append(Mistake(place="accounts", code="no_account"))
        if form.publish_at and form.publish_at < NOW:
            found.append(Mistake(place="publish_at", code="time_past"))
        used = len(form.variants.get("x", form.text)) * 2
        if used > X_LIMIT:
            params: dict[str, str | int] = {"used": used, "limit": X_LIMIT, "unit": "weighted"}
            found.append(Mistake(place="variants.x", code="too_long", params=params))
        return found

    def add_media(self, city: str, path: Path, name: str) -> MediaView:
        """Take a file in, if its first bytes are a picture's."""
        body = path.read_bytes()
        if not body.startswith(b"\xff\xd8"):
            raise Refusal("media_not_an_image", field="media", name=name)
        sha256 = f"{next(self._ids):064x}"
        kept = self.media_folder / sha256
        kept.write_bytes(body)
        view = MediaView(sha256=sha256, kind="image", name=name, alt="", path=kept, mime="image/jpeg", source="")
        self.media[sha256] = view
        return view

    def save(self, act: Act, form: DraftForm, *, number: str | None, version: int | None) -> Review:
        """Save a version."""
        if self.fails:
            raise self.fails.pop(0)
        if act.key not in self.outcomes:
            self.acts.append((act.key, "save"))
            if number is None:
                number = f"K-{len(self.posts) + 1}"
                self.posts[number] = PaperPost(number=number, author=act.person, form=form)
            else:
                post = self.post(number)
                post.form, post.version, post.state = form, post.version + 1, PostState.DRAFT
            self.outcomes[act.key] = number
        return self.review(act.city, act.person, self.outcomes[act.key])

    def review(
        self,
        city: str,
        person: str,
        number: str,
        *,
        answers: Mapping[str, bool] | None = None,
        people: Mapping[str, str] | None = None,
    ) -> Review:
        """Judge it: a text that names a block word is blocked."""
        post = self.post(number)
        said, shown = answers or {}, people or {}
        is_no = False in said.values() or "not_agreed" in shown.values()
        return Review(
            number=number,
            version=post.version,
            form=post.form,
            media=tuple(replace(each, people=shown.get(each.sha256, each.people)) for each in self._media_of(post)),
            questions=tuple(replace(each, answer=said.get(each.key)) for each in self.author_asked),
            effect=self.no_leads_to if is_no else "allow",
            panes=self._panes(post),
            offer_open_at=OPENING if "夜間" in post.form.text else None,
            can_submit="禁止" not in post.form.text,
        )

    def submit(
        self,
        act: Act,
        *,
        number: str,
        version: int,
        at_opening: bool,
        answers: Mapping[str, bool] | None = None,
        people: Mapping[str, str] | None = None,
        waited_seconds: float = 0.0,
    ) -> Outcome:
        """Put it into the round, once everything is answered."""
        post = self.post(number)
        post.answers, post.people = dict(answers or {}), dict(people or {})
        if any(each.key not in post.answers for each in self.author_asked):
            raise Refusal("questions_open", count=1)
        if any(each.sha256 not in (people or {}) for each in post.form.media):
            raise Refusal("people_unsaid", count=1)
        if post.version != version:
            raise Refusal("edited_meanwhile")
        if post.state is PostState.SUBMITTED:
            return Outcome(code="submitted_already", number=number)
        self.acts.append((act.key, "submit"))
        if at_opening:
            post.form = replace(post.form, publish_at=OPENING)
        post.state = PostState.SUBMITTED
        self.notify(NoticeKind.CARD, number)
        return Outcome(code="submitted", number=number, params={"waiting_for": "佐藤 誠"})

    def withdraw(self, act: Act, *, number: str) -> Outcome:
        """Take it back."""
        self.post(number).state = PostState.WITHDRAWN
        self.notify(NoticeKind.CARD, number)
        return Outcome(code="withdrawn", number=number)

    # ── shared ──

    def post(self, number: str) -> PaperPost:
        """Find a post."""
        if number not in self.posts:
            raise Refusal("no_such_post", number=number)
        return self.posts[number]

    def notify(
        self,
        kind: NoticeKind,
        number: str | None,
        *,
        delivery: str | None = None,
        person: str | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Notice:
        """Write a notice."""
        notice = Notice(
            id=f"n{next(self._ids)}",
            city=CITY,
            kind=kind,
            number=number,
            delivery=delivery,
            person=person,
            params=params or {},
            attempts=0,
            created_at=NOW,
        )
        self.notices.append(notice)
        return notice

    def deliver(self, number: str, state: DeliveryState, **more: Any) -> DeliveryLine:
        """Add a delivery."""
        line = DeliveryLine(
            **{
                "id": f"d{next(self._ids)}",
                "account": "koen",
                "account_name": "柏市公園緑地課X @kashiwa_koen",
                "platform": "x",
                "kind": DeliveryKind.PUBLISH,
                "state": state,
                "due_at": NOW,
                "sent_at": NOW if state is DeliveryState.SENT else None,
                "url": "https://x.example/kashiwa_koen/status/1" if state is DeliveryState.SENT else None,
                "account_url": "https://x.example/kashiwa_koen",
                "problem": None,
                **more,
            }
        )
        self.post(number).deliveries.append(line)
        return line

    def card(self, number: str) -> CardView:
        """Show a post."""
        post = self.post(number)
        is_open = post.state is PostState.SUBMITTED
        return CardView(
            post_id=f"id-{number}",
            number=number,
            version=post.version,
            state=post.state,
            outlook=Outlook.NOTHING_YET if not post.deliveries else Outlook.SCHEDULED,
            is_emergency=post.is_emergency,
            emergency_kind=KINDS[0] if post.is_emergency else None,
            reason=post.reason,
            author=by_key(post.author).name,
            section_name="公園緑地課",
            category=CATEGORIES[0],
            form=post.form,
            media=self._media_of(post),
            panes=self._panes(post),
            questions=self.questions_asked,
            author_answers=tuple(
                replace(each, answer=post.answers[each.key]) for each in self.author_asked if each.key in post.answers
            ),
            waiting_for=("佐藤 誠",) if is_open else (),
            next_is_final=True,
            deliveries=tuple(post.deliveries),
            history=tuple(post.history),
            sign_off_open=post.sign_off_open,
            sign_off=SignOffView(opened_at=NOW, signed_by=None, signed_at=None) if post.sign_off_open else None,
            channel=CHANNEL,
        )

    def _model(self, post: PaperPost | None, form: DraftForm) -> FormModel:
        return FormModel(
            number=post.number if post else None,
            version=post.version if post else None,
            section="koen",
            section_name="公園緑地課",
            accounts=tuple(
                AccountChoice(key=key, name=name, platform=platform, kind="section", is_preselected=key == "koen")
                for key, (name, platform) in PREFECTURE_ACCOUNTS.items()
            ),
            categories=CATEGORIES,
            form=form,
            returned_note=post.returned_note if post else None,
            media=self._media_of(post) if post else (),
        )

    def _media_of(self, post: PaperPost) -> tuple[MediaView, ...]:
        return tuple(replace(self.media[each.sha256], alt=each.alt, source=each.source) for each in post.form.media)

    def _panes(self, post: PaperPost) -> tuple[Pane, ...]:
        media = tuple(
            Media(
                kind=MediaKind.IMAGE,
                path=each.path,
                sha256=each.sha256,
                mime=each.mime,
                size_bytes=10,
                width_px=1,
                height_px=1,
                alt=each.alt,
            )
            for each in self._media_of(post)
        )
        return tuple(pane(key, post.form.text, decided_by=post.decided_by, media=media) for key in post.form.accounts)

    # ── the other protocols ──

    class _People:
        """Who is who."""

        def by_slack(self, team: str, user: str) -> tuple[str, Person] | None:
            """Find a Slack user."""
            found = [each for each in PEOPLE if each.slack_user == user and team == TEAM]
            return (CITY, found[0]) if found else None

        def get(self, city: str, person: str) -> Person:
            """Find a person."""
            return by_key(person)

        def with_role(self, city: str, role: str) -> Sequence[Person]:
            """Find those with a role."""
            return [each for each in PEOPLE if role in each.roles]

    @dataclass
    class _Approving:
        """The round."""

        heart: PaperHeart

        def questions(self, city: str, person: str, *, number: str, version: int) -> Sequence[Question]:
            """Refuse early, else ask."""
            post = self._check(person, number, version)
            return self.heart.questions_asked if post.state is PostState.SUBMITTED else ()

        def weigh(
            self, city: str, person: str, *, number: str, version: int, answers: Mapping[str, bool] | None = None
        ) -> Weighing:
            """Say that a no leads to what was ordered."""
            is_no = False in (answers or {}).values()
            effect = self.heart.no_leads_to if is_no else "allow"
            return Weighing(findings=(HOURS,) if is_no else (), effect=effect, consent_from=(), needs_reason=False)

        def decide(
            self,
            act: Act,
            *,
            number: str,
            version: int,
            decision: Decision,
            note: str = "",
            answers: Mapping[str, bool] | None = None,
            waited_seconds: float = 0.0,
        ) -> Outcome:
            """Decide."""
            with self.heart.lock:
                self.heart.decided_answers = dict(answers or {})
                return self._decide(act, number, version, decision, note)

        def _decide(self, act: Act, number: str, version: int, decision: Decision, note: str) -> Outcome:
            post = self._check(act.person, number, version)
            if post.state is not PostState.SUBMITTED:
                return Outcome(
                    code="decided_already", number=number, params={"by": post.decided_by or "", "decision": "approve"}
                )
            if decision is not Decision.APPROVE and not note:
                raise Refusal("note_missing")
            self.heart.acts.append((act.key, f"decide:{decision}"))
            states = {
                Decision.APPROVE: PostState.APPROVED,
                Decision.RETURN: PostState.RETURNED,
                Decision.REJECT: PostState.REJECTED,
            }
            codes = {Decision.APPROVE: "approved", Decision.RETURN: "returned", Decision.REJECT: "rejected"}
            post.returned_note = note
            post.state, post.decided_by = states[decision], by_key(act.person).name
            self.heart.notify(NoticeKind.CARD, number)
            params = {"decision": decision.value, "by": post.decided_by, "note": note}
            self.heart.notify(NoticeKind.DECIDED, number, person=post.author, params=params)
            return Outcome(code=codes[decision], number=number, params={"publish_at": NOW.isoformat()})

        def _check(self, person: str, number: str, version: int) -> PaperPost:
            post = self.heart.post(number)
            if person == post.author:
                raise Refusal("own_post")
            if version != post.version:
                raise Refusal("version_changed")
            if "approver" not in by_key(person).roles:
                raise Refusal("not_your_step", who="佐藤 誠")
            return post

    @dataclass
    class _Overriding:
        """`/sns now`."""

        heart: PaperHeart

        def open_form(
            self,
            city: str,
            person: str,
            text: str,
            variants: Mapping[str, str] | None = None,
            *,
            kind: str | None = None,
            declared: Collection[str] = (),
            event: EventOrder | None = None,
        ) -> OverrideForm:
            """Preview."""
            if "emergency" not in by_key(person).roles:
                raise Refusal("not_emergency", who="伊藤 大輔")
            if not text.strip():
                raise Refusal("text_empty")
            given = variants or {}
            return OverrideForm(
                text=text,
                kind=kind or "evacuation",
                kinds=KINDS,
                panes=(pane("koen", given.get("x", text)), pane("line", given.get("line", text))),
                silent=("柏市図書館X",),
                reposting=(),
                event=None if kind == "other" else self._event(event or EventOrder()),
                contacts=tuple(
                    FoundContact(key=one, written=one, contact=one, is_declared=one in declared)
                    for one in re.findall(r"0[1-9]-\d{4}-\d{4}", text)
                ),
            )

        def _event(self, order: EventOrder) -> EventForm:
            """Offer the newest event, and what is chosen."""
            found = self.heart.events
            named = next((one for one in found if one.key == order.event), None)
            chosen = named if named or order.event == NEW_EVENT else next(iter(found), None)
            return EventForm(
                choices=found,
                chosen=NEW_EVENT if chosen is None else chosen.key,
                n=1 if chosen is None else chosen.reports + 1,
                areas=order.areas if order.areas is not None else "" if chosen is None else chosen.areas,
                level=int(order.level) if order.level else None,
                is_closing=bool(order.is_closing),
                replaces=() if chosen is None else (Replacing(number="K-9", n=1, accounts=("柏市X",)),),
            )

        def send(self, act: Act, order: OverrideOrder) -> Outcome:
            """Send, unless it was told to fail."""
            if self.heart.fails:
                raise self.heart.fails.pop(0)
            self.heart.acts.append((act.key, "send"))
            self.heart.orders.append(order)
            form = self.open_form(act.city, act.person, order.text, order.variants)
            number = f"K-{len(self.heart.posts) + 1}"
            self.heart.posts[number] = PaperPost(
                number=number,
                author=act.person,
                form=DraftForm(section="koen", text=order.text, accounts=("koen", "line"), category=None),
                state=PostState.APPROVED,
                is_emergency=True,
                sign_off_open=True,
                reason=order.reason,
            )
            self.heart.notify(NoticeKind.CARD, number)
            self.heart.notify(NoticeKind.SIGN_OFF, number)
            going = "、".join(each.name for each in form.panes if not each.plan.is_refused)
            refused = "、".join(each.name for each in form.panes if each.plan.is_refused)
            report = self._event(order.event)
            params: dict[str, str | int] = {"going": going, "refused": refused, "event": 1, "report": report.n}
            if report.is_closing:
                params |= {"is_closing": 1, "replaced": "K-9（柏市X）"}
            return Outcome(code="sent_now", number=number, params=params)

        def sign_off(self, act: Act, *, number: str, note: str = "") -> Outcome:
            """Sign."""
            self.heart.post(number).sign_off_open = False
            self.heart.notify(NoticeKind.CARD, number)
            return Outcome(code="signed_off", number=number)

    @dataclass
    class _Deciding:
        """Stopping and answering."""

        heart: PaperHeart

        def cancel(self, act: Act, *, number: str, reason: str = "") -> Outcome:
            """Stop."""
            post = self.heart.post(number)
            self.heart.acts.append((act.key, f"cancel:{reason}"))
            post.state = PostState.CANCELLED
            self.heart.notify(NoticeKind.CARD, number)
            gone = "、".join(each.account_name for each in post.deliveries if each.state is DeliveryState.SENT)
            params = {"stopped": "柏市LINE", "gone": gone, "under_way": ""}
            return Outcome(code="cancelled", number=number, params=params)

        def answer(
            self,
            act: Act,
            *,
            delivery: str,
            answer: Answer,
            reason: str = "",
            question: str | None = None,
            waited_seconds: float = 0.0,
        ) -> Outcome:
            """Answer."""
            self.heart.answered.append(question)
            self.heart.acts.append((act.key, f"answer:{answer}:{reason}" if reason else f"answer:{answer}"))
            return Outcome(code="answered_send", number="K-1")

    @dataclass
    class _Board:
        """Reading."""

        heart: PaperHeart

        def queue(self, city: str, person: str) -> Sequence[QueueLine]:
            """List."""
            return [
                QueueLine(
                    number=post.number,
                    state=post.state,
                    outlook=Outlook.NOTHING_YET,
                    publish_at=post.form.publish_at,
                    section_name="公園緑地課",
                    excerpt=post.form.text[:40],
                    accounts=("柏市LINE",),
                    waiting_for=("佐藤 誠",),
                )
                for post in self.heart.posts.values()
            ]

        def card(self, city: str, number: str) -> CardView:
            """Show."""
            return self.heart.card(number)

        def delivery(self, city: str, delivery: str) -> tuple[str, DeliveryLine]:
            """Find a delivery."""
            for post in self.heart.posts.values():
                for line in post.deliveries:
                    if line.id == delivery:
                        return post.number, line
            raise Refusal("no_such_delivery")

    @dataclass
    class _Box:
        """Notices."""

        heart: PaperHeart

        def claim(self, limit: int = 20) -> Sequence[Notice]:
            """Take all."""
            taken, self.heart.notices = self.heart.notices[:limit], self.heart.notices[limit:]
            return taken

        def done(self, notice: Notice, ref: SlackRef | None = None) -> None:
            """Count it."""
            self.heart.finished += 1

        def failed(self, notice: Notice, *, retry_after_seconds: float, error: str) -> None:
            """Put it back."""
            self.heart.put_back.append(retry_after_seconds)
            self.heart.notices.append(replace(notice, attempts=notice.attempts + 1))

        def card_ref(self, city: str, number: str) -> SlackRef | None:
            """Find a card."""
            return self.heart.cards.get(number)

        def remember_card(self, city: str, number: str, ref: SlackRef) -> None:
            """Keep a card."""
            self.heart.cards[number] = ref

    class _Media:
        """Public media: one file."""

        def find(self, token: str, name: str) -> tuple[Path, str] | None:
            """Find a file."""
            return (Path(__file__), "image/jpeg") if (token, name) == ("good", "a.jpg") else None

    class _Health:
        """Always well."""

        def check(self) -> Sequence[HealthLine]:
            """Look."""
            return [HealthLine(name="database", is_well=True, detail="ok")]


def by_key(key: str) -> Person:
    """Find a person."""
    found = [each for each in PEOPLE if each.key == key]
    if not found:
        raise NotFoundError(key)
    return found[0]


def pane(key: str, text: str, *, decided_by: str | None = None, media: tuple[Media, ...] = ()) -> Pane:
    """Show a text on an account."""
    name, platform = PREFECTURE_ACCOUNTS[key]
    length = Length(used=len(text) * 2, limit=X_LIMIT, unit="weighted")
    is_x = platform == "x"
    refusals = (
        (Remark(code="text_too_long", params={"used": length.used, "limit": X_LIMIT}),)
        if is_x and length.is_over
        else ()
    )
    return Pane(
        account=key,
        name=name,
        platform=platform,
        kind="section",
        plan=Plan(platform=platform, text=text, media=media, lengths=(length,) if is_x else (), refusals=refusals),
        decision="warn",
        findings=(HOURS,),
        next_open=None,
        steps=(
            StepView(
                name=Said(ja="課長決裁", en="Head of section"),
                is_final=True,
                deciders=("佐藤 誠",),
                decided_by=decided_by,
                decided_at=NOW + timedelta(minutes=1) if decided_by else None,
            ),
        ),
    )
