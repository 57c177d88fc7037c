"""How the stand-in refuses: Slack's own error words."""

from __future__ import annotations


class SlackError(Exception):
    """A request that Slack would answer with `"ok": false`.

    Args:
        code: Slack's error word, as `channel_not_found`.
        messages: What Slack adds under `response_metadata.messages`, without the `[ERROR]` mark.
        status: The HTTP status; Slack answers almost everything with 200.
        retry_after_seconds: The `Retry-After` header, on `ratelimited` only.
    """

    def __init__(
        self,
        code: str,
        *,
        messages: tuple[str, ...] = (),
        status: int = 200,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {'; '.join(messages)}" if messages else code)
        self.code = code
        self.messages = messages
        self.status = status
        self.retry_after_seconds = retry_after_seconds
