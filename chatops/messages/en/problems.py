# ruff: noqa: E501 - a sentence stays on its line
"""What platforms say of a plan, and why a delivery failed or waits, code by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.en.labels import platform
from chatops.messages.template import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

REMARKS: Final[Mapping[str, str]] = {
    "text_empty": "There is no text. Please write one.",
    "text_too_long": "The text is too long ({used}/{limit}). Please shorten it.",
    "title_too_long": "The title is too long ({used}/{limit}). Please shorten it.",
    "text_invalid_character": "The text holds a character that can't be used (a control character). Please type it again.",
    "title_left_out": "The title does not appear on this platform.",
    "images_left_out": "{count} image(s) do not appear on this platform.",
    "video_left_out": "The video does not appear on this platform.",
    "video_alt_left_out": "The video's description does not appear on this platform.",
    "alt_left_out": "Image descriptions do not appear on this platform.",
    "media_mixed": "Images can't be posted together with a video or GIF. Please choose one kind.",
    "too_many_images": "Too many images ({count}, limit {limit}). Please remove some.",
    "too_many_videos": "Please attach one video only.",
    "alt_too_long": "The description of image {number} is too long ({used}/{limit}).",
    "image_type": "Image {number} has a type that can't be used ({mime}). Please use JPEG or PNG.",
    "image_too_large": "Image {number} is too large ({mb} MB, limit {limit_mb} MB). Please make it smaller.",
    "video_type": "The video's type can't be used ({mime}). Please use MP4.",
    "video_too_large": "The video is too large ({mb} MB, limit {limit_mb} MB). Please make it smaller.",
    "video_duration": "The video's length ({seconds} s) is outside what can be posted (limit {limit} s).",
    "video_too_long": "The video is too long ({seconds} s, limit {limit} s). Please shorten it.",
    "media_type_refused": "A file of this type ({mime}) can't be used. Please use another.",
    "media_too_large": "A file is too large ({mib} MB, limit {limit} MB). Please make it smaller.",
    "media_too_many": "Too many files ({count}, limit {limit}). Please remove some.",
    "media_missing": "An attached file is missing. Please attach it again and resubmit.",
    "media_address_missing": "LINE: sending images needs a public address. Please contact IT.",
    "youtube_needs_video": "YouTube needs a video. Please attach one, or leave YouTube out.",
    "youtube_needs_title": "Please give a title for YouTube.",
    "youtube_forbidden_characters": "YouTube does not allow “<” and “>”. Please replace them.",
    "youtube_verified_only": "Videos longer than {minutes} minutes need a verified YouTube account.",
    "unreachable": "Could not reach {platform}. Trying again by itself.",
    "no_answer": "No answer from {platform}. Checking whether it arrived.",
    "vendor_error": "{platform} has a passing fault. It is tried again once it is known not to have arrived.",
    "platform_error": "{platform} has a passing fault. It is tried again once it is known not to have arrived.",
    "unexpected_answer": "An unexpected answer from {platform}. Checking whether it arrived.",
    "answer_unreadable": "The answer of {platform} could not be read. Checking whether it arrived.",
    "refused": "{platform} refused this content. Please mend it and submit a new version.",
    "content_refused": "{platform} refused this content. Please mend it and submit a new version.",
    "link_refused": "A link in the text was refused. Please mend it.",
    "duplicate": "The same content has been posted already. Please change the text.",
    "duplicate_after_attempt": "It says that it has this already. Checking whether the earlier attempt arrived.",
    "token_refused": "The connection to {platform} has expired or was revoked. IT must reconnect it (sns credentials set).",
    "token_invalid": "The connection to {platform} has expired or was revoked. IT must reconnect it (sns credentials set).",
    "token_renewed": "The connection to {platform} had ended early. It is renewed, and sending goes on by itself.",
    "secret_missing": "A credential ({field}) is missing. IT must set it with sns credentials set.",
    "secrets_missing": "Credentials are missing. IT must set them with sns credentials set.",
    "account_id_missing": "The account's id is missing in the city file. IT must add it.",
    "app_not_allowed": "The app lacks a permission at {platform}. IT must check it.",
    "permission_missing": "The app lacks a permission at {platform}. IT must check it.",
    "credits_used_up": "The credits at {platform} are used up. IT must add some.",
    "account_suspended": "The account was suspended by {platform}. The manager must act.",
    "account_locked": "The account was locked by {platform}. The manager must act.",
    "account_restricted": "The account was restricted by {platform}. The manager must act.",
    "wrong_account": "It is connected to another account than the one registered. IT must reconnect it.",
    "foreign_address": "Sending stopped because the address was not the expected one. IT must look into it.",
    "rate_limited": "The rate limit of {platform} is reached. It will be sent later by itself.",
    "quota_used_up": "The quota of {platform} is used up. It will be sent once there is room.",
    "upload_limit": "Today's upload limit is reached. It will be sent tomorrow by itself.",
    "upload_stalled": "The upload stalled. It goes on by itself.",
    "upload_session_lost": "The upload's session was lost. Checking whether it arrived.",
    "upload_cut_short": "The upload was cut short. Trying again by itself.",
    "video_refused": "{platform} refused the video. Please mend it.",
    "video_failed": "{platform} failed to process the video. Please mend it.",
    "video_processing": "{platform} is processing the video. It is posted when that ends.",
    "video_gone": "The video that was sent is gone from {platform}. Please check.",
    "video_stays_private": "The video could not be made public. IT must check the review status at YouTube.",
    "nothing_pending": "There was nothing being processed. Trying again by itself.",
    "not_found": "It was not found at {platform}. It may have been deleted.",
    "delete_unsupported": "This platform lets nothing be deleted from here.",
    "repost_unsupported": "This platform has no reposts.",
    "source_not_known": "The number of the original post is not known, so nothing can be done from here. Do it on the platform itself.",
    "post_gone": "The post is no longer on {platform}. It has been deleted already.",
    "too_large": "A file was too large to be accepted. Please make it smaller.",
    "came_too_late": "Its latest useful time has passed, so it is kept back.",
    "too_late": "Its latest useful time has passed, so it is kept back.",
    "policy_objects": "The last check before sending no longer allows it, so it stopped.",
    "opening_awaited": "Waiting for the next opening.",
    "waiting_for_opening": "Waiting for the next opening.",
    "source_ended": "The original was not published, so there is nothing to repost.",
    "undecidable": "It could not be found out whether it arrived.",
    "perhaps_sent": "It is not known whether it arrived.",
    "lease_ended_open": "Work stopped while it was being sent. It is not known whether it arrived.",
    "unexpected_error": "An unexpected error happened while sending. It is not known whether it arrived.",
    "account_gone": "The account ({account}) is no longer in the city file, so it stopped. IT must look into it.",
    "already_reposted": "It had been reposted already.",
    "alt_cut": "The image's description is long; this platform shows its beginning only.",
    "line_address_too_long": "LINE: the image's address is too long. Please contact IT.",
    "line_needs_https": "LINE: the public address must begin with https://. Please contact IT.",
    "line_needs_media_address": "LINE: sending images needs a public address. Please contact IT.",
    "line_needs_preview": "LINE: there is no smaller version of the image. Please use another.",
    "media_changed": "An attached file was changed after its approval. IT must look into it.",
    "media_not_here": "The machine that sends ({machine}) cannot read an attached file ({name}). IT must check that it shares the media folder.",
    "seal_broken": "What was approved and what was about to be sent differ, so it stopped. IT must look into it.",
    "correction_withdrawn": "Correction {number} was withdrawn, or is being rewritten.",
    "waits_for_correction": "It will be deleted together with correction {number}.",
    "waits_for_opening": "Waiting for the next opening.",
    "hours_missed": "It was to go out at {planned_at}, but could not, and the opening hours are over ({clause}). The next opening is {opens_at}.",
    "share_used_minutes": "The share of routine posts ({share} in {minutes} minutes) is used up. Another {reserve} are kept for emergencies. The next one can go at {free_at}.",
    "share_used_day": "The share of routine posts ({share} a day) is used up. Another {reserve} are kept for emergencies. The next one can go at {free_at}.",
    "share_used_month": "The share of routine posts ({share} a month) is used up. Another {reserve} are kept for emergencies. The next one can go at {free_at}.",
    "money_used_up": "This month has cost ${spent_usd} so far. Of the ${usd} allowed, ${reserve_usd} are kept for emergencies. IT can raise month_usd of {account} in the city file, or it waits for next month.",
    "waits_for_period": "It waits because of a period that the city has set. {why}",
    "held": "It was not sent, because of a hold.",
    "held_disaster_related": "It was not sent, because of a hold. It is related to the disaster and waits for the PR division's word.",
    "hold_is_over": "The hold is over. It waits for somebody to decide whether it is sent (/sns hold list).",
    "worker_died": "The work on it stopped; its state is being checked.",
    "past_lost": "The ledger came back from a copy, so it is being checked whether this was posted already.",
    "plan_refused": "The last check before sending found that it can't be posted as it is. {why}",
    "policy_blocks": "The last check before sending found that the guideline no longer allows it. {why}",
    "policy_escalates": "The last check before sending found that the {role} must consent. {why}",
    "late": "Its latest useful time ({latest_at}) has passed, so it is kept back.",
    "not_kept": "What must be kept before sending could not be written to the ledger, so it was not sent yet.",
    "adapter_fault": "An unexpected error happened while sending ({type}).",
    "processing_too_long": "The platform does not finish processing it.",
}

_BYTES_A_MEGABYTE: Final = 2**20


def because(account: str, message: str, clause: str) -> str:
    """Say what a refusal rests on, with the account and the clause where they are known."""
    about = f"{account}: " if account else ""
    return f"{about}{message} ({clause}) " if clause else f"{about}{message} "


def remark(code: str, params: Mapping[str, str]) -> str:
    """Say a platform's remark; one we don't know is said to be so, with its code."""
    known = REMARKS.get(code)
    if known is None:
        return f"An unexpected reason ({code}). Please tell IT this code."
    return fill(known, {**_megabytes(params), **params, "platform": _platform(params)})


def _platform(params: Mapping[str, str]) -> str:
    return platform(params["platform"]) if "platform" in params else "the platform"


def _megabytes(params: Mapping[str, str]) -> dict[str, str]:
    if not (params.get("bytes", "").isdigit() and params.get("limit", "").isdigit()):
        return {}
    used, limit = int(params["bytes"]), int(params["limit"])
    return {"mb": str(-(-used // _BYTES_A_MEGABYTE)), "limit_mb": str(limit // _BYTES_A_MEGABYTE)}
