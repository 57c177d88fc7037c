"""What the faces may ask of the heart: requests, answers and the services' signatures.

Services are protocols here and classes in their own modules; `publisher.compose.build` returns them as one
`Services`. Every changing call takes an `Act`: who does it, and the key under which it is done once. A repeated
act returns the first one's outcome with `is_repeat` set. A service refuses with `publisher.errors.Refusal`.

The faces translate: times are aware UTC here, people see Asia/Tokyo; codes with params become sentences.
"""

from platforms.port import Length, Plan, Remark
from publisher.api.acts import Act, Answer, Decision, Outcome
from publisher.api.audit import (
    Auditing,
    AuditLine,
    AuditProof,
    BrokenLink,
    DuePost,
    Erased,
    Erasing,
    ErasureItem,
    ErasureList,
    ErasureView,
)
from publisher.api.cards import CardView, DeliveryLine, HistoryLine, KeptRecord, QueueLine, SignOffView, TakenBack
from publisher.api.corrections import (
    Correcting,
    CorrectionForm,
    CorrectionLink,
    CorrectionOrder,
    CorrectionTarget,
)
from publisher.api.drafts import (
    AccountChoice,
    Category,
    DraftForm,
    FormModel,
    MediaChoice,
    MediaView,
    Mistake,
    PeopleShown,
)
from publisher.api.emergencies import FoundContact, KindChoice, OverrideForm, OverrideOrder
from publisher.api.events import (
    NEW_EVENT,
    NOTHING_CHOSEN,
    EventChoice,
    EventForm,
    EventOrder,
    Newer,
    Replacing,
    ReportView,
)
from publisher.api.holds import HeldView, Holding, HoldView, Triage
from publisher.api.lanes import Allowance, ClosedAccount, Lanes, SickPlatform, Unit
from publisher.api.notices import ADMINS, Mail, MailBox, MailState, Notice, NoticeBox, NoticeKind, SlackRef
from publisher.api.pack_changes import Change, ChangeView, Difference, PackChanging, PackView, Replay
from publisher.api.passphrases import Passphrases
from publisher.api.people import People, Person
from publisher.api.periods import PeriodOrder, Periods, PeriodView
from publisher.api.restoring import CopyKind, CopyView, Restoring
from publisher.api.reviews import Citation, Excerpt, FindingView, Pane, Question, Review, StepView, Weighing
from publisher.api.services import Approving, Board, Deciding, Drafting, Overriding
from publisher.api.watching import Finding, Watching, WatchKind, Why
from publisher.api.whitelists import WhitelistCheck, WhitelistEntry, Whitelisting, WhitelistOrder
from publisher.api.whole import Health, HealthLine, PublicMedia, Services
from publisher.api.words import Said
from publisher.delivery import TAKES_BACK, DeliveryKind, DeliveryState
from publisher.post import Outlook, PostState, plain_label

__all__ = [
    "ADMINS",
    "NEW_EVENT",
    "NOTHING_CHOSEN",
    "TAKES_BACK",
    "AccountChoice",
    "Act",
    "Allowance",
    "Answer",
    "Approving",
    "AuditLine",
    "AuditProof",
    "Auditing",
    "Board",
    "BrokenLink",
    "CardView",
    "Category",
    "Change",
    "ChangeView",
    "Citation",
    "ClosedAccount",
    "CopyKind",
    "CopyView",
    "Correcting",
    "CorrectionForm",
    "CorrectionLink",
    "CorrectionOrder",
    "CorrectionTarget",
    "Deciding",
    "Decision",
    "DeliveryKind",
    "DeliveryLine",
    "DeliveryState",
    "Difference",
    "DraftForm",
    "Drafting",
    "DuePost",
    "Erased",
    "Erasing",
    "ErasureItem",
    "ErasureList",
    "ErasureView",
    "EventChoice",
    "EventForm",
    "EventOrder",
    "Excerpt",
    "Finding",
    "FindingView",
    "FormModel",
    "FoundContact",
    "Health",
    "HealthLine",
    "HeldView",
    "HistoryLine",
    "HoldView",
    "Holding",
    "KeptRecord",
    "KindChoice",
    "Lanes",
    "Length",
    "Mail",
    "MailBox",
    "MailState",
    "MediaChoice",
    "MediaView",
    "Mistake",
    "Newer",
    "Notice",
    "NoticeBox",
    "NoticeKind",
    "Outcome",
    "Outlook",
    "OverrideForm",
    "OverrideOrder",
    "Overriding",
    "PackChanging",
    "PackView",
    "Pane",
    "Passphrases",
    "People",
    "PeopleShown",
    "PeriodOrder",
    "PeriodView",
    "Periods",
    "Person",
    "Plan",
    "PostState",
    "PublicMedia",
    "Question",
    "QueueLine",
    "Remark",
    "Replacing",
    "Replay",
    "ReportView",
    "Restoring",
    "Review",
    "Said",
    "Services",
    "SickPlatform",
    "SignOffView",
    "SlackRef",
    "StepView",
    "TakenBack",
    "Triage",
    "Unit",
    "WatchKind",
    "Watching",
    "Weighing",
    "WhitelistCheck",
    "WhitelistEntry",
    "WhitelistOrder",
    "Whitelisting",
    "Why",
    "plain_label",
]
