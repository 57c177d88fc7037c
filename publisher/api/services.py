"""What can be asked and done: one protocol for each service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from publisher.api.acts import Act, Answer, Decision, Outcome
    from publisher.api.cards import CardView, DeliveryLine, QueueLine
    from publisher.api.drafts import DraftForm, FormModel, MediaView, Mistake
    from publisher.api.emergencies import OverrideForm, OverrideOrder
    from publisher.api.events import EventOrder
    from publisher.api.reviews import Question, Review, Weighing


class Drafting(Protocol):
    """From a blank form to a submitted version."""

    def open_form(self, city: str, person: str, text: str = "") -> FormModel:
        """Return a blank form for *person*, with *text* filled in.

        Raises:
            Refusal: `not_author`: the person may not write for any account.
        """
        ...

    def edit_form(self, city: str, person: str, number: str) -> FormModel:
        """Return the form of a draft, of a returned post, or of one not yet out, with its values.

        Raises:
            Refusal: `no_such_post`, `not_your_section`, `not_editable`.
        """
        ...

    def mistakes(self, city: str, person: str, form: DraftForm) -> Sequence[Mistake]:
        """Check a form in memory: nothing is stored, no file is opened, a few milliseconds.

        Codes: `text_empty`, `no_account`, `category_missing`, `time_past`, `time_not_clear`,
        `latest_before_time`, `too_long` (params used, limit, unit, platform), `title_missing`.
        """
        ...

    def add_media(self, city: str, path: Path, name: str) -> MediaView:
        """Take a file into the media store after looking into it.

        Raises:
            Refusal: `media_…` codes of `publisher.media`, field `media`, param `name`.
        """
        ...

    def save(self, act: Act, form: DraftForm, *, number: str | None, version: int | None) -> Review:
        """Store the form as a new version of a draft and judge it.

        Raises:
            Refusal: A code of `mistakes`; `edited_meanwhile` where *version* is not the newest;
                `not_your_section`, `not_editable`, `account_not_allowed`, `media_missing` (param `name`).
        """
        ...

    def review(
        self,
        city: str,
        person: str,
        number: str,
        *,
        answers: Mapping[str, bool] | None = None,
        people: Mapping[str, str] | None = None,
    ) -> Review:
        """Judge the newest version again, as if the author had answered this; nothing is stored.

        Args:
            city: The city.
            person: Who asks.
            number: The post's number.
            answers: By the question's key; None: what was answered before is only shown as first values.
            people: By the file's sha256, a word of `PeopleShown`.

        Raises:
            Refusal: `no_such_post`, `not_your_section`.
        """
        ...

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
        """Put a draft into its round; with *at_opening* its time is moved to the next opening first.

        Every question of `Review.questions` must be answered, by its key, and for each file who is in it, by its
        sha256 (a word of `PeopleShown` but `unknown`). The answers are kept with the version, and judged from then on.

        *waited_seconds*: how long ago it was submitted, where a breakdown kept it.

        Outcomes: `submitted` (param `waiting_for`), `approved_by_rule` (an empty route), `submitted_already`.

        Raises:
            Refusal: `plan_refused` (params `account`, `reason`: a remark's code, and the remark's own),
                `policy_blocks` (param `account`, and those of `publisher.explaining.why_blocked`),
                `edited_meanwhile`, `not_your_section`, `time_past`, `latest_before_time`,
                `questions_open` (param `count`), `people_unsaid` (param `count`),
                `submission_came_late` (nobody would have approved it, it has no time of its own, and lay longer than
                such a post is useful: the draft stays; param `minutes`).
        """
        ...

    def withdraw(self, act: Act, *, number: str) -> Outcome:
        """取下げ: the author's section takes a submitted post back. Outcome: `withdrawn`.

        Raises:
            Refusal: `no_such_post`, `not_your_section`, `not_submitted`.
        """
        ...


class Approving(Protocol):
    """The round: decisions on a submitted version."""

    def questions(self, city: str, person: str, *, number: str, version: int) -> Sequence[Question]:
        """Return what *person* must answer before approving; also says early that he or she can't.

        What the author answered is not asked again.

        Raises:
            Refusal: As `decide`.
        """
        ...

    def weigh(
        self, city: str, person: str, *, number: str, version: int, answers: Mapping[str, bool] | None = None
    ) -> Weighing:
        """Say what would follow if *person* approved the open step with these answers; nothing is stored.

        Raises:
            Refusal: As `decide`.
        """
        ...

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
        """Decide every line whose open step this person can decide.

        *waited_seconds*: how long ago the person decided, where a breakdown kept it.

        An answer that says no leads to what the pack says: it blocks; or a step is added for whoever must consent
        with a reason; or it is recorded.

        Outcomes: `step_approved` (further steps are open; param `waiting_for`), `approved` (the last
        line is approved; param `publish_at`), `returned`, `rejected`, `decided_already` (params `by`, `decision`: also
        `approve_step` where further steps followed).

        Raises:
            Refusal: `no_such_post`, `own_post` (author or last editor), `not_your_step` (param `who`),
                `version_changed`, `note_missing` (also where a consent needs a reason), `answers_missing` (param
                `count`), `not_submitted` (param `state`),
                `plan_refused`, `policy_blocks`, `policy_escalates` (params `role`, `who`), `too_late`.
        """
        ...


class Overriding(Protocol):
    """`/sns now`."""

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
        """Preview an emergency post, or what becomes of it where the kind is no disaster.

        Args:
            city: The city.
            person: Who asks.
            text: The text.
            variants: A shorter text by platform.
            kind: The kind that was chosen; None: the one that the text suggests.
            declared: Contacts declared to be the city's own, by `FoundContact.key`.
            event: What was chosen of its event; what is None is chosen by the text and the kind.

        Raises:
            Refusal: `not_emergency` (param `who`: names of those who can), `text_empty`, `no_emergency_account`.
        """
        ...

    def send(self, act: Act, order: OverrideOrder) -> Outcome:
        """Send at once on the emergency accounts; what no account can take is refused as a whole.

        Outcomes: `sent_now` (params `going`, `refused`: account names; `event`, `report`: the numbers of the event
        and in it; `is_closing` (1), `replaced` (older posts with the accounts on which they stop) and `closed_event`
        (the number of the event that was asked for and is closed), each where it is so), `goes_the_ordinary_way`
        (the kind is no disaster: a draft was submitted; param `waiting_for`), `now_came_late` (it was confirmed longer
        ago than an emergency post is useful: nothing is sent, and people are told; param `minutes`), `left_as_draft`
        (the kind is no disaster, and it was confirmed longer ago than a post is useful; param `minutes`).

        Raises:
            Refusal: `not_emergency`, `text_empty`, `reason_missing`, `kind_missing`, `policy_blocks`,
                `contacts_unchecked` (param `contacts`: what is neither declared nor looked at in a disaster's text),
                `plan_refused` (no account takes it; params as for `submit`).
        """
        ...

    def sign_off(self, act: Act, *, number: str, note: str = "") -> Outcome:
        """後閲: the manager signs an emergency post after the fact. Outcomes: `signed_off`, `signed_already`.

        Raises:
            Refusal: `no_such_post`, `not_manager`, `own_sign_off` (param `who`), `nothing_to_sign`.
        """
        ...


class Deciding(Protocol):
    """Stopping posts, and answering the ledger's questions."""

    def cancel(self, act: Act, *, number: str, reason: str = "") -> Outcome:
        """Stop what has not gone out.

        Outcomes: `cancelled` (params `stopped`, `gone`, `under_way`: account names, may be empty),
        `cancelled_already`, `all_gone` (nothing was left to stop).

        Raises:
            Refusal: `no_such_post`, `not_yours_to_cancel` (param `who`).
        """
        ...

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
        """Answer a question about a delivery; who lets it go outside the hours and is no manager says why.

        *question* is the one that the person saw (`DeliveryLine.question`); None: the one that is open now.
        *waited_seconds*: how long ago the person said it, where a breakdown kept it.

        Outcomes: `answered_sent`, `answered_send`, `answered_wait` (param `publish_at`), `answered_cancel`,
        `answered_already` (also where another question is open by now), `answer_came_late` (what lets it go was said
        longer ago than such a post is useful: the question stays open; param `minutes`).

        Raises:
            Refusal: `no_such_delivery`, `not_yours_to_answer` (param `who`), `note_missing`, `nothing_to_wait_for`.
        """
        ...


class Board(Protocol):
    """Reading."""

    def queue(self, city: str, person: str) -> Sequence[QueueLine]:
        """Return what is in the round or waiting to go out, soonest first."""
        ...

    def card(self, city: str, number: str) -> CardView:
        """Return a post, whole.

        Raises:
            Refusal: `no_such_post`.
        """
        ...

    def delivery(self, city: str, delivery: str) -> tuple[str, DeliveryLine]:
        """Return (post number, delivery).

        Raises:
            Refusal: `no_such_delivery`.
        """
        ...
