"""What a notice says, apart from how it is written: the ground on which repeats are found."""

from policy.repeats.notice import Notice, read_known_notice, read_notice
from policy.repeats.wording import is_news

__all__ = ["Notice", "is_news", "read_known_notice", "read_notice"]
