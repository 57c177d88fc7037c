"""Images and videos that people hand in: looked into, freed of where they were taken, kept by their hash."""

from publisher.media.facts import MediaFacts, MediaKind, MediaRefused
from publisher.media.inspection import inspect
from publisher.media.store import MediaFile, MediaStore, new_public_token

__all__ = ["MediaFacts", "MediaFile", "MediaKind", "MediaRefused", "MediaStore", "inspect", "new_public_token"]
