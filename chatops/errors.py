"""The one error handler of the Slack face: whatever happens, the person is told, in words."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError

from chatops.features.draft.views import build_page
from chatops.messages.ja import form, general
from chatops.slack_link import error_code
from chatops.where import find_where
from publisher.errors import Refusal

if TYPE_CHECKING:
    from chatops.messages import Voice
    from chatops.office import Office

log = logging.getLogger(__name__)

TRIGGER_ERRORS: Final = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"}
)


class ErrorAnswer:
    """Answers a person whose request ended in an error.

    Args:
        office: For its words and its way out.
    """

    def __init__(self, office: Office) -> None:
        self._office = office

    def __call__(self, error: Exception, body: dict[str, Any], response: BoltResponse | None) -> BoltResponse | None:
        """Answer; *response* is None where the request had been acknowledged."""
        where = find_where(body)
        if not isinstance(error, Refusal):
            log.error("a request failed", exc_info=error, extra={"kind": body.get("type") or body.get("command")})
        say = self._office.quick_voice(where.user)
        text = _words(error, say)
        if response is not None and body.get("type") == "view_submission":
            view = build_page(say(form.not_done_title), text, say)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        try:
            self._office.link.tell(where, text)
        except Exception:
            log.exception("a person could not be told of an error")
        return BoltResponse(status=200, body="") if response is not None else None


def _words(error: Exception, say: Voice) -> str:
    if isinstance(error, Refusal):
        return say.refusal(error)
    if isinstance(error, SlackApiError) and error_code(error) in TRIGGER_ERRORS:
        return say(general.form_expired)
    return say(general.crashed)
