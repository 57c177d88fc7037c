"""What a notice says, apart from how it is written: the ground on which repeats are found."""

from policy.repeats.notice import Notice, read_known_notice, read_notice

__all__ = ["Notice", "read_known_notice", "read_notice"]
