"""Turn a plan into LINE's message objects.

An image message has no field for an alternative text. A Flex message has one (`altText`): it is read in the
notification, in the list of talks and by clients that cannot show the picture. So an image with an
alternative text goes as a Flex bubble whose hero is the picture; one without goes as a plain image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from platforms.line.plan import MAX_ALT_CHARS, MAX_PREVIEW_BYTES
from platforms.port import Media, MediaKind

if TYPE_CHECKING:
    from platforms.port import Plan

# https://developers.line.biz/en/reference/messaging-api/#f-image, read 2026-11-21
MAX_FLEX_IMAGE_PX = 1024
MAX_ASPECT = 3
"""A Flex image may be at most three times as high as it is wide."""

MessageObject = dict[str, Any]


def message_objects(plan: Plan) -> list[MessageObject]:
    """Make the messages of one broadcast: the text first, then the media in their order."""
    text: list[MessageObject] = [{"type": "text", "text": plan.text}] if plan.text else []
    return text + [_of(medium) for medium in plan.media]


def _of(medium: Media) -> MessageObject:
    if medium.kind is MediaKind.VIDEO:
        return {"type": "video", "originalContentUrl": medium.url, "previewImageUrl": medium.preview_url}
    if medium.alt:
        return _bubble(medium)
    preview = medium.url if medium.size_bytes <= MAX_PREVIEW_BYTES else medium.preview_url
    return {
        "type": "image",
        "originalContentUrl": medium.url,
        "previewImageUrl": medium.preview_url or preview,
    }


def _bubble(image: Media) -> MessageObject:
    is_large = max(image.width_px, image.height_px) > MAX_FLEX_IMAGE_PX
    hero: MessageObject = {
        "type": "image",
        "url": (image.preview_url or image.url) if is_large else image.url,
        "size": "full",
        "aspectMode": "cover",
        "aspectRatio": f"{image.width_px}:{min(image.height_px, MAX_ASPECT * image.width_px)}",
        "action": {"type": "uri", "uri": image.url},
    }
    return {"type": "flex", "altText": image.alt[:MAX_ALT_CHARS], "contents": {"type": "bubble", "hero": hero}}
