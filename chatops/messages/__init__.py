"""Every sentence for people, as typed functions: `ja` is the source, `en` has the same names and signatures.

A sentence is plain text. Whoever puts it into mrkdwn escapes it first.
"""

from chatops.messages.voice import DEFAULT_LOCALE, Voice

__all__ = ["DEFAULT_LOCALE", "Voice"]
