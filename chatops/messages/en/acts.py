# ruff: noqa: E501 - a sentence stays on its line
"""What the heart answers, code by code: refusals, mistakes in a form, outcomes, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.template import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSALS: Final[Mapping[str, str]] = {
    "not_author": "There is no account you may write for. Please ask your section's operator to register you.",
    "no_such_post": "There is no post with that number. See /sns queue for the numbers.",
    "not_your_section": "This post belongs to another section, so you can't change it. Please ask them.",
    "not_editable": "This post can no longer be edited. See /sns show for its state.",
    "edited_meanwhile": "Somebody else edited it first, so nothing was saved. Open the newest version with /sns draft and edit again.",
    "account_not_allowed": "You may not post to the account you chose. Please choose another.",
    "plan_refused": "It can't be posted as it is. {why}Please mend it, then try again.",
    "policy_blocks": "The guideline does not allow this post. {why}Please mend it, then try again.",
    "policy_escalates": "The guideline asks for the consent of the {role}. {why}{who} can give it. Please ask them.",
    "time_past": "That time has passed. Please choose a later one.",
    "not_submitted": "This post is not waiting for approval (it is: {state}). See /sns show.",
    "own_post": "You can't approve a post that you wrote or edited. Please ask another approver.",
    "not_your_step": "This is for {who} to approve now. Please wait for your turn.",
    "version_changed": "There is a newer version. Please look at the newest card, then decide again.",
    "note_missing": "Please give a reason.",
    "questions_open": "{count} questions are not answered yet. Please answer them all, then press “Submit” again.",
    "people_unsaid": "Please say of {count} pictures or videos who is in them, then press “Submit” again.",
    "answers_missing": "{count} points are not answered yet. Please answer them all, then try again.",
    "too_late": "Its latest useful time ({latest_at}) has passed, so it can't be approved. Please send it back to be given a new time.",
    "not_emergency": "You may not send emergency posts. These people can: {who}. Please call them at once.",
    "text_empty": "There is no text. Please write one.",
    "no_emergency_account": "No account is registered for emergencies. Please ask IT to check the city file.",
    "reason_missing": "Please give the reason for the emergency post.",
    "not_manager": "The sign-off afterwards is for {who}.",
    "own_sign_off": "You sent this post yourself, so you cannot give its sign-off. {who} can.",
    "nothing_to_sign": "This post is not waiting for a sign-off.",
    "not_yours_to_cancel": "This post can be cancelled by {who}. If it is urgent, please call them.",
    "no_such_delivery": "There is no such delivery. See /sns show for the present state.",
    "not_yours_to_answer": "This question is for {who} to answer.",
    "media_empty": "“{name}” is an empty file. Please choose another.",
    "media_unknown": "“{name}” is neither an image nor a video. Please choose a JPEG, PNG, GIF, WebP or MP4 file.",
    "media_too_large": "“{name}” is too large (limit {limit} MB). Please make it smaller and attach it again.",
    "media_broken": "“{name}” can't be opened; it may be damaged. Please choose another file.",
    "media_mixed": "Images and a video can't be attached together. Please choose one kind.",
    "too_many_files": "At most 4 images or 1 video. Please remove some.",
    "file_not_fetched": "“{name}” could not be fetched from Slack. Please attach it again.",
    "file_host_unknown": "“{name}” does not lie in Slack, so it can't be used. Please attach the file itself.",
    "stranger": "This Slack account is not registered as a member of staff. Please contact IT.",
    "city_unknown": "This Slack workspace belongs to no registered city. Please contact IT.",
    "media_not_an_image": "“{name}” is not an image. Please choose a JPEG, PNG, GIF or WebP file.",
    "media_not_a_video": "“{name}” is not a video. Please choose an MP4 file.",
    "media_too_many_pixels": "“{name}” has too many pixels (limit {limit} megapixels). Please make it smaller.",
    "media_damaged": "“{name}” can't be opened; it may be damaged. Please choose another file.",
    "media_type_unsupported": "“{name}” has a type that can't be used ({mime}). Please convert it to JPEG, PNG or MP4.",
    "media_missing": "The attached file “{name}” is missing. Please attach it again.",
    "latest_before_time": "The latest useful time must be after the time of posting.",
    "no_account": "Please choose at least one account.",
    "category_missing": "Please choose a category.",
    "time_not_clear": "Please give both date and time.",
    "too_long": "The text is too long ({used}/{limit}). Please shorten it.",
    "title_missing": "Please give a title for YouTube.",
    "kind_missing": "Please choose the kind of disaster.",
    "contacts_unchecked": "The contacts {contacts} in the text are neither the city’s own by your word nor checked. Please run /sns now again and tick them, or take them out.",
    "no_such_person": "The city file has no person “{person}”. Please check the key.",
    "no_position_today": "“{person}” holds no position today. Please check the days in the city file.",
    "passphrase_not_set": "“{person}” has no pass phrase yet. Set one with: sns people passphrase {person}",
    "passphrase_is_set": "“{person}” has a pass phrase already. If it is forgotten, set another with --reset.",
    "passphrase_wrong": "That is not the pass phrase. After {left} more failures it is locked for 15 minutes.",
    "passphrase_locked": "Too many failures: the pass phrase is locked until {until}. Please try again then.",
    "passphrase_short": "The pass phrase is too short. Use {least} characters or more, such as a short sentence.",
    "passphrase_missing": "Nobody could be asked for the pass phrase. Run this at a terminal, or give it as the first line of standard input (--passphrase-stdin).",
    "manager_only": "Only a manager may do this: {who}. Please ask them.",
    "platform_unknown": "There is no platform “{name}”. Known: {known}.",
    "handle_unclear": "“{handle}” is no name of an account on {platform}. Give @name, or the address of its page.",
    "own_account": "{account} is an account of the city itself: it needs no entry.",
    "whitelisted_already": "{handle} ({name}) is on the list already. To change it, remove it first.",
    "relation_unknown": "There is no relation “{relation}”. Known: {known}.",
    "name_missing": "Please give a name.",
    "evidence_missing": "Please say where it shows that this is their official account (an address or a document).",
    "review_missing": "Please give the day of the next review.",
    "review_past": "The day of the next review must be later than today.",
    "not_whitelisted": "{handle} is not on the list. Please look at the list.",
    "mirror_stopped_already": "{account} is not mirrored already.",
    "no_account_there": "The city has no account on {platform}.",
    "not_pack_manager": "Only the managers can propose or confirm a change of the rules: {who}.",
    "pack_unknown": "No pack “{pack}” is in use. In use: {known}.",
    "pack_other": "This file is the pack “{name}”; it can't change “{pack}”. Check the file.",
    "pack_unchanged": "This is what is in force of “{pack}” on that day anyway, so nothing was proposed. Check the file.",
    "in_force_past": "The day on which it is to take effect ({day}) has passed. Choose today or a later day.",
    "pack_base_changed": "The rules that this was compared with have changed meanwhile. Start from what holds now, and propose it again.",
    "no_such_change": "There is no change no. {change}. Look up its number with sns policy changes or /sns policy.",
    "own_change": "You proposed this change, so you can't decide on it. Ask another manager: {who}.",
    "own_change_alone": "You proposed this change, so you can't decide on it. There is no other manager: ask IT to have one named.",
    "replay_not_seen": "The trial run of change no. {change} was not shown to you, so it was not confirmed. Show it again and check it.",
    "change_unreadable": "This version of the program can't read change no. {change}. Have it proposed again with a mended file.",
    "period_empty": "The period must end after it begins.",
    "period_over": "The period is over already. Please choose a later end.",
    "period_name_taken": "There is a period “{name}” already. Choose another name, or end that one first.",
    "effect_unknown": "There is no effect “{name}”. Known: {known} (head: the manager must consent; wait: posts wait until it is over).",
    "category_unknown": "There is no category “{name}”. Known: {known}.",
    "account_unknown": "There is no account “{name}”. Known: {known}.",
    "no_such_period": "There is no period “{name}”, neither now nor to come. Please look at the list.",
    "action_unknown": "“{name}” can't be asked. Known: {known}.",
}

MISTAKES: Final[Mapping[str, str]] = {
    "text_empty": "Please write a text.",
    "no_account": "Please choose at least one account.",
    "account_not_allowed": "There is an account that you may not choose. Please choose again.",
    "category_missing": "Please choose a category.",
    "time_past": "That time has passed. Please choose a later one.",
    "time_not_clear": "Please give both date and time (leave both empty to post right after approval).",
    "latest_before_time": "The latest useful time must be after the time of posting.",
    "too_long": "Too long for {platform} ({used}/{limit}). Shorten it, or write a text for {platform}.",
    "title_missing": "Please give a title for YouTube.",
    "too_many_files": "At most 4 images or 1 video.",
    "media_mixed": "Images and a video can't be attached together.",
    "media_too_large": "“{name}” is too large ({mib} MB, limit {limit} MB). Please make it smaller.",
    "too_many_descriptions": "There are more descriptions than images. Please write one line for each image.",
}

OUTCOMES: Final[Mapping[str, str]] = {
    "saved": "{number} is saved as a draft.",
    "submitted": "{number} is submitted. Next to decide: {waiting_for}.",
    "approved_by_rule": "{number} needs no approval and is scheduled.",
    "submitted_already": "{number} had been submitted already.",
    "withdrawn": "{number} is withdrawn and will not be posted.",
    "step_approved": "You approved {number}. Next: {waiting_for}.",
    "approved": "{number} is approved. {goes}",
    "returned": "{number} is sent back. Its author will be told.",
    "rejected": "{number} is rejected. Its author will be told.",
    "decided_already": "{by} had already decided on {number} ({decision}). Your click changed nothing.",
    "sent_now": "{number} is being sent as an emergency post. Results appear in the card's thread.",
    "goes_the_ordinary_way": "This kind is no disaster, so {number} goes through ordinary approval; nothing was sent yet. Next: {waiting_for}.",
    "signed_off": "Your sign-off of {number} is recorded.",
    "signed_already": "{number} had been signed off already.",
    "cancelled": "{number} is cancelled.",
    "cancelled_already": "{number} had been cancelled already.",
    "all_gone": "All of {number} has gone out already; there was nothing left to cancel.",
    "answered_sent": "{number} ({account}) is recorded as posted.",
    "answered_send": "{number} ({account}) will be sent. The result appears in the thread.",
    "answered_cancel": "{number} ({account}) will not be sent.",
    "answered_already": "This question was answered already. Your click changed nothing.",
    "passphrase_set": "The pass phrase of {name} is set.",
    "passphrase_set_now": "Your pass phrase for the command sns was set or changed. If that was not you, please call IT at once.",
    "passphrase_locked_now": "Somebody failed at your pass phrase for the command sns several times, so it is locked for 15 minutes. If that was not you, please call IT.",
    "whitelist_added": "{handle} ({name}) is on the list.",
    "whitelist_removed": "{handle} ({name}) is off the list. What has not gone out is judged again before it is sent.",
    "mirror_stopped": "{name} is not to be reposted until it is added again.",
    "mirror_resumed": "{name} may be reposted again.",
    "change_proposed": "Change no. {change} of “{pack}” is proposed (from {begins_at}). Of {verdicts} verdicts on past posts {differing} would differ. Now it waits for {who}.",
    "change_proposed_alone": "Change no. {change} of “{pack}” is proposed (from {begins_at}). Of {verdicts} verdicts on past posts {differing} would differ. There is no other manager who could confirm it: ask IT.",
    "change_awaits": "{by} has proposed change no. {change} of “{pack}” (from {begins_at}). Of {verdicts} verdicts on past posts {differing} would differ. Read it with /sns policy {change} and confirm it with /sns policy confirm {change} REASON (or refuse it with /sns policy refuse {change} REASON).",
    "change_confirmed": "Change no. {change} of “{pack}” is confirmed and takes effect from {begins_at}. It stops no approved post.",
    "change_confirmed_stopping": "Change no. {change} of “{pack}” is confirmed and takes effect from {begins_at}. As they are, the approved posts {stopped} will be stopped right before they go out. Their authors and approvers have been told.",
    "change_confirmed_told": "{by} has confirmed your change no. {change} of “{pack}”. It takes effect from {begins_at}.",
    "change_confirmed_already": "{by} has confirmed change no. {change} already. Nothing was changed by this.",
    "change_refused": "Change no. {change} of “{pack}” is refused. The rules stay as they are.",
    "change_refused_told": "{by} has refused your change no. {change} of “{pack}”. Reason: {note}",
    "change_refused_already": "{by} has refused change no. {change} already. Nothing was changed by this.",
    "change_stops_post": "Change no. {change} of the rules, from {begins_at}, will stop {number} right before it goes out at {planned_at}. {why} Mend it with /sns draft {number} and submit it again.",
    "period_added": "The period “{name}” is set ({starts_at} to {ends_at}).",
    "period_ended": "The period “{name}” is ended. What waits is judged again before it is sent.",
}

HISTORY: Final[Mapping[str, str]] = {
    "created": "draft written",
    "saved": "draft saved",
    "edited": "edited",
    "submitted": "submitted",
    "step_approved": "step approved",
    "approved": "approved",
    "approved_by_rule": "no approval needed",
    "returned": "sent back",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "expired": "expired",
    "cancelled": "cancelled",
    "closed": "closed",
    "sent_now": "emergency post",
    "declared_own": "declared the city's own",
    "contacts_checked": "contacts checked",
    "override": "emergency post",
    "signed_off": "signed off afterwards",
    "answered": "question answered",
    "sent": "posted",
    "failed": "could not be posted",
    "asked": "question asked",
    "line_approved": "approved for an account",
    "attempt_opened": "sending began",
    "credentials_set": "credentials set",
    "credentials_forgotten": "credentials forgotten",
    "line_out_already": "already out",
    "repost_left_out": "no repost",
    "receipt_without_place": "posted",
    "pack_adopted": "rules taken over",
    "pack_change_proposed": "change of the rules proposed",
    "pack_change_confirmed": "change of the rules confirmed",
    "pack_change_refused": "change of the rules refused",
    "period_touched": "touched by a period",
    "whitelist_added": "whitelist entry added",
    "whitelist_removed": "whitelist entry removed",
    "period_added": "period set",
    "period_ended": "period ended",
    "passphrase_set": "pass phrase set",
    "passphrase_failed": "pass phrase wrong",
    "passphrase_locked": "pass phrase locked",
}


def refusal(code: str, params: Mapping[str, str]) -> str:
    """Say why an act was refused, and what to do."""
    known = REFUSALS.get(code)
    return fill(known, params) if known else f"This was refused ({code}). Please tell IT this code."


def mistake(code: str, params: Mapping[str, str]) -> str:
    """Say what is wrong with a field."""
    known = MISTAKES.get(code)
    return fill(known, params) if known else f"Please mend this field ({code})."


def outcome(code: str, params: Mapping[str, str]) -> str:
    """Say what an act led to."""
    known = OUTCOMES.get(code)
    return fill(known, params) if known else f"Done ({code})."


def history(code: str) -> str:
    """Name one thing that happened."""
    return HISTORY.get(code, code)
