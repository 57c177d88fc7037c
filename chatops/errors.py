"""The one error handler of the Slack face: whatever happens, the person is told, in words."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackApiError

from chatops.features.draft.views import build_page
from chatops.messages.ja import form, general
from chatops.slack_link import error_code
from publisher.errors import Refusal

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.messages import Voice
    from chatops.office import Office

log = logging.getLogger(__name__)

TRIGGER_ERRORS: Final = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"}
)


class ErrorAnswer:
    """Answers a person whose request ended in an error.

    Listeners' errors never reach Bolt: where a listener acknowledges and then fails within Bolt's own 10 ms of
    waiting, Bolt (1.30) writes over the acknowledgement, and the person sees a time-out.

    Args:
        office: For its words and its way out.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    def __call__(self, error: Exception, call: Call) -> None:
        """Acknowledge what was not yet, and tell the person."""
        where = call.where
        if not isinstance(error, Refusal):
            kind = call.body.get("type") or call.body.get("command")
            log.error("a request failed", exc_info=error, extra={"kind": kind})
        say = self._office.quick_voice(where.user)
        text = _words(error, say)
        if not call.is_acknowledged:
            if call.body.get("type") == "view_submission":
                call.ack(response_action="update", view=build_page(say(form.not_done_title), text, say))
                return
            call.ack()
        try:
            self._office.link.tell(where, text)
        except Exception:
            log.exception("a person could not be told of an error")


def _words(error: Exception, say: Voice) -> str:
    if isinstance(error, Refusal):
        return say.refusal(error)
    if isinstance(error, SlackApiError) and error_code(error) in TRIGGER_ERRORS:
        return say(general.form_expired)
    return say(general.crashed)
