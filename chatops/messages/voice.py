"""Speaks a sentence in a person's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, ParamSpec, cast

from chatops.clockface import show_moment
from chatops.messages.ja import acts, form, labels, problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publisher.api import Mistake, Outcome, Remark, Said
    from publisher.errors import Refusal

P = ParamSpec("P")

DEFAULT_LOCALE: Final = "ja"
SOON: Final = timedelta(minutes=1)
"""What is planned this near goes out as soon as the worker comes to it."""
_SHELL_HAS: Final = re.compile(
    r"/sns (hold list|(?:queue|show|cancel|hold|resume|correct|now|whitelist|period|policy)\b)"
)
"""Slack's commands that the shell has too, where they are called `sns`; the others are Slack's alone."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A language, and the time by which a date needs its year or not.

    Calling it with a sentence of `chatops.messages.ja` and its arguments says it in this language.
    """

    locale: str = DEFAULT_LOCALE
    now: datetime
    is_at_shell: bool = False
    """Commands are named as the shell has them: who reads it may be there because Slack is down."""

    def __call__(self, sentence: Callable[P, str], *args: P.args, **kwargs: P.kwargs) -> str:
        """Say *sentence*."""
        spoken = _twin(sentence) if self.locale.startswith("en") else sentence
        said = cast("Callable[P, str]", spoken)(*args, **kwargs)
        return _SHELL_HAS.sub(_as_at_shell, said) if self.is_at_shell else said

    def moment(self, at: datetime) -> str:
        """Show a moment in Japan's time."""
        return show_moment(at, now=self.now, locale=self.locale)

    def said(self, words: Said) -> str:
        """Say a pack's or a city file's own words."""
        return words.in_(self.locale)

    def refusal(self, refusal: Refusal) -> str:
        """Say why the heart refused an act."""
        return self(acts.refusal, refusal.code, self._shown(refusal.params))

    def mistake(self, mistake: Mistake) -> str:
        """Say what is wrong with a field of a form."""
        return self(acts.mistake, mistake.code, self._shown(mistake.params))

    def outcome(self, outcome: Outcome) -> str:
        """Say what an act led to."""
        return self(acts.outcome, outcome.code, self._shown({"number": outcome.number or "", **outcome.params}))

    def remark(self, remark: Remark) -> str:
        """Say a platform's remark on a plan, or why a delivery failed."""
        return self(problems.remark, remark.code, self._shown(remark.params))

    def _shown(self, params: Mapping[str, str | int]) -> dict[str, str]:
        named = {
            "state": labels.state,
            "decision": labels.decision,
            "role": labels.role,
            "platform": labels.platform,
            "cause": labels.cause,
        }
        shown = {
            name: self(named[name], str(value)) if name in named else self._shown_value(value)
            for name, value in params.items()
        }
        if params.get("waiting_for") == "":
            shown["waiting_for"] = self(labels.nobody_decides)
        return {"why": self._why(params), "clause": self._clause(params), "goes": self.goes(params), **shown}

    @property
    def _language(self) -> str:
        return "en" if self.locale.startswith("en") else "ja"

    def _clause(self, params: Mapping[str, str | int]) -> str:
        """Cite the clause that a pack's finding rests on; nothing where it rests on none."""
        if "section" not in params:
            return ""
        return self(form.citation, str(params.get(f"document_{self._language}", "")), str(params["section"]), "")

    def _why(self, params: Mapping[str, str | int]) -> str:
        """Say what a refusal rests on: a remark of the platform's, or a pack's own words with their clause."""
        account, clause = str(params.get("account", "")), self._clause(params)
        message = str(params.get(f"message_{self._language}", ""))
        if not message and "reason" in params:
            about = {name: value for name, value in params.items() if name not in ("reason", "account")}
            message = self(problems.remark, str(params["reason"]), self._shown(about))
        return self(problems.because, account, message, clause) if message else ""

    def goes(self, params: Mapping[str, str | int]) -> str:
        """Say when an approved post goes out; nothing where no time is known."""
        planned = str(params.get("publish_at", ""))
        if not _MOMENT.match(planned):
            return ""
        at = datetime.fromisoformat(planned)
        return self(labels.goes_soon) if at <= self.now + SOON else self(labels.goes_at, self.moment(at))

    def _shown_value(self, value: str | int) -> str:
        if isinstance(value, str) and _MOMENT.match(value):
            try:
                return self.moment(datetime.fromisoformat(value))
            except ValueError:
                return value
        return str(value)


def _as_at_shell(command: re.Match[str]) -> str:
    return "sns held" if command[1] == "hold list" else f"sns {command[1]}"


@cache
def _twin(sentence: Callable[..., str]) -> Callable[..., str]:
    module = import_module(sentence.__module__.replace(".messages.ja", ".messages.en"))
    return cast("Callable[..., str]", getattr(module, sentence.__name__))
