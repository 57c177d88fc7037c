# ruff: noqa: E501 - a sentence stays on its line
"""What `sns doctor` found, and what to do about it, code by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.template import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

AREAS: Final[Mapping[str, str]] = {
    "home": "The folder SNS_HOME",
    "key": "The key",
    "database": "The database",
    "credentials": "Credentials",
    "clock": "The clock",
    "ledger": "The ledger",
    "workers": "Senders",
    "watch": "What is late or stuck",
    "holds": "Holds",
    "lanes": "The platforms' health",
    "limits": "limits of the accounts",
    "mail": "E-mail",
    "slack": "Slack",
    "platforms": "The way to the platforms",
    "media": "The media address",
    "online": "The accounts' credentials",
}
SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # limits
    "limits_well": ("All accounts have calls and money left for routine posts.", ""),
    "share_used": (
        "{account} has used up its share of routine posts ({used} of {limit}; {reserve} are kept for emergencies).",
        "They go by themselves once there is room. Where it is never enough, change budget in the city file.",
    ),
    "money_used": (
        "{account} has cost ${used} this month (of ${limit}; ${reserve} are kept for emergencies).",
        "Routine posts ask a person until next month. If need be, change month_usd in the city file.",
    ),
    # settings, files, folders
    "settings_well": ("The settings (environment) have no mistake.", ""),
    "ca_unreadable": (
        "{path} (SNS_CA_FILE) cannot be read as certificates in PEM.",
        "Name the right file. Until then neither Slack nor a platform nor the mail relay can be reached.",
    ),
    "cities_well": ("City files and packs have no mistake ({names}).", ""),
    "mistake": ("{text}", "sns serve does not start until it is mended."),
    "unavailable": ("{of} could not be looked at ({detail}).", "Mend the other lines first, then run this again."),
    "broke": ("{of}: the look broke down ({type}).", "If it goes on, tell the developers this line."),
    "home_missing": (
        "The folder SNS_HOME, {folder}, is not there yet.",
        "Before the first start that is as it should be (sns serve makes it). Otherwise check SNS_HOME.",
    ),
    "home_unwritable": ("The folder SNS_HOME, {folder}, cannot be written to.", "Check its owner and its mode."),
    "home_of_another": (
        "The folder SNS_HOME, {folder}, belongs to another user ({owner}).",
        "Run this as that user: sns-as-kairan doctor.",
    ),
    "home_open": ("Other users can enter the folder SNS_HOME, {folder}.", "Run chmod 700 {folder}."),
    "home_well": ("The folder SNS_HOME, {folder}, is its owner's alone.", ""),
    "disk_full": (
        "The disk of {folder} has only {free} left. Soon no post can be taken.",
        "Remove what is not needed, or enlarge the disk, now.",
    ),
    "disk_low": (
        "The disk of {folder} is down to {free}.",
        "Remove what is not needed, or enlarge the disk, before long.",
    ),
    "disk_well": ("The disk of {folder} has {free} left.", ""),
    "key_missing": (
        "The key file {path} is not there yet.",
        "Before the first start that is as it should be. Otherwise restore it at once (a new key does not open the stored credentials).",
    ),
    "key_form": ("{origin} is no key.", "Put the old key back, or one made by openssl rand -base64 32."),
    "key_readable_by_others": ("Other users can read the key file {path}.", "Run chmod 600 {path}."),
    "key_unreadable": ("The key file {path} cannot be read ({reason}).", "Check its owner and its mode."),
    "key_well": ("There is a key ({origin}).", ""),
    # database
    "database_new": (
        "The database {path} is not there yet.",
        "Before the first start that is as it should be (sns serve makes it). Otherwise check SNS_HOME, or restore it.",
    ),
    "database_of_another": (
        "The database was not looked at: opening another user's file could lock that user out.",
        "Run this as its owner: sns-as-kairan doctor.",
    ),
    "database_skipped": (
        "The database was not looked at: SNS_DATABASE_URL has a mistake.",
        "Mend it, then run this again.",
    ),
    "database_down": (
        "The database cannot be reached ({detail}).",
        "PostgreSQL: see whether the server runs, and check SNS_DATABASE_URL. SQLite: check the files in SNS_HOME.",
    ),
    "schema_other": (
        "The database's schema is not this version's.",
        "PostgreSQL: run sns migrate. SQLite: start sns serve, which mends it.",
    ),
    "database_well": ("The database ({engine}, {size}) answers, and its schema is the newest.", ""),
    "clock_off": (
        "This server's clock is {seconds} seconds away from the database's.",
        "See on both servers whether time synchronisation (chrony, say) runs.",
    ),
    "clock_well": ("This server's clock agrees with the database's.", ""),
    "clock_off_vendors": (
        "This server's clock is {seconds} seconds away from the platforms'.",
        "See whether time synchronisation (chrony, say) runs. Otherwise posts go out at the wrong time, and platforms may refuse them.",
    ),
    "clock_well_vendors": ("This server's clock agrees with the platforms'.", ""),
    "clock_unchecked": (
        "The clock could not be checked: no platform answered.",
        "See with timedatectl whether time synchronisation runs.",
    ),
    "credentials_missing": (
        "Accounts without credentials: {names}.",
        "Set them: sns credentials set {first}. Until then nothing goes out there.",
    ),
    "credentials_well": (
        "{city}: {count} accounts have credentials (sns doctor --online asks whether they hold).",
        "",
    ),
    "key_wrong": (
        "The key at hand ({origin}) does not open the stored credentials.",
        "Put the old key back. Where it is lost, run sns credentials forget-all, and set them anew.",
    ),
    # sending
    "ledger_held": (
        "The ledger has been held since {at}: it may come from a backup, or run twice.",
        "Look with sns ledger show; a manager lets it go with sns ledger release.",
    ),
    "workers_none": (
        "Nothing is sending right now.",
        "Start it: systemctl start kairan (kairan-worker where there are several machines).",
    ),
    "workers_gone": (
        "Nothing is sending right now (the last sign came at {at}).",
        "Find the reason with systemctl status 'kairan*' and journalctl -u 'kairan*', then systemctl start kairan (kairan-worker where there are several machines).",
    ),
    "workers_well": ("Senders running: {count} (servers: {machines}).", ""),
    "versions_mixed": (
        "The running processes have different versions ({versions}).",
        "Unless you are upgrading, restart the older one.",
    ),
    "watch_well": ("No post is late, and none is stuck.", ""),
    "watch_late": (
        "Posts whose time has passed are not out yet ({count}): {names}.",
        "See why with sns show. Where another ✗ here is the reason, mend that first.",
    ),
    "watch_late_emergency": (
        "An emergency post is not out yet: {names}.",
        "Use other means too. See why with sns show, and mend the other ✗ here first.",
    ),
    "watch_late_deletion": (
        "Deletions are not done yet: {names}.",
        "If it is urgent, delete on the platform. If another ✗ here is the cause, mend that first.",
    ),
    "watch_lease": (
        "Posts have stopped half-way: {names}.",
        "Restart the sender (systemctl restart 'kairan*'). It is found out whether they arrived before they go on.",
    ),
    "watch_unknown": (
        "Nobody knows whether these posts arrived: {names}.",
        "Look at the platform, and answer with sns answer where it is asked. If it goes on, systemctl restart 'kairan*'.",
    ),
    "watch_processing": (
        "Videos are still being processed by the platform: {names}.",
        "Look at the platform, how they stand.",
    ),
    "watch_mirror": (
        "Reposts still wait although the posts they wait for have ended: {names}.",
        "Repost on the platform if needed. If it goes on, tell the developers this line.",
    ),
    "watch_expiry": (
        "Posts still await approval although their time has passed: {names}.",
        "Restart it: systemctl restart 'kairan*'. Tell the approvers not to approve them.",
    ),
    "watch_hold": (
        "What was on its way when a hold began has ended, and nobody was told.",
        "Restart it: systemctl restart 'kairan*'.",
    ),
    "watch_notices": (
        "Slack has not taken {count} notices (Slack says: {error}).",
        "See Slack's lines below. For channel_not_found or not_in_channel invite the app to the channel.",
    ),
    "watch_worker": (
        "A sender is silent (servers: {names}). Others go on, so posts go out.",
        "See systemctl status 'kairan*' there, and start it if it has stopped.",
    ),
    "watch_restarted": (
        "A sender broke down and started again (servers: {names}).",
        "Find the reason with journalctl -u 'kairan*'.",
    ),
    "watch_clock": (
        "Servers whose clock is off the database's: {names}. Only emergencies are sent from there.",
        "Run timedatectl there, and mend its time synchronisation (chrony, say).",
    ),
    "hold_in_force": ("Routine posts of {where} are on hold (since {at}; reason: {reason}).", "To end it: sns resume."),
    "breaker_open": (
        "{platform} is unwell: routine posts stay until {at}.",
        "See the platform's own status page. It goes on by itself.",
    ),
    "account_throttled": (
        "{account} waits until {at}: its rate limit is used up.",
        "It goes on by itself. If it happens often, check the plan with the platform.",
    ),
    "account_needs_person": (
        "{account} is stopped until a person acts (a token that ended, say).",
        "See the question in the approvals channel. New credentials (sns credentials set) open it at once.",
    ),
    "mails_waiting": ("E-mails that could not be sent: {count} ({error}).", "See the mail relay's line below."),
    # Slack
    "slack_not_set": ("Without SNS_SLACK_BOT_TOKEN there is no Slack.", "Set it to the app's Bot User OAuth Token."),
    "slack_unreachable": (
        "Slack cannot be reached ({error}).",
        "Check the way out to the internet (with a proxy: HTTPS_PROXY and SNS_CA_FILE). Posts go out all the same, and notices go by e-mail where that is set.",
    ),
    "slack_refused": (
        "Slack refuses the token ({error}).",
        "See whether the app is enabled in Slack's console, set SNS_SLACK_BOT_TOKEN anew, and restart.",
    ),
    "slack_well": ("Slack answers, and the token holds ({team}, {user}).", ""),
    "slack_other_team": (
        "The token's workspace ({found}) is not slack.team of {city} ({team}).",
        "Mend the token, or slack.team in the city file.",
    ),
    "slack_no_way_in": (
        "Nothing that people do in Slack can arrive.",
        "Set SNS_SLACK_APP_TOKEN (Socket Mode) or SNS_SLACK_SIGNING_SECRET (HTTP).",
    ),
    "scopes_unknown": ("Slack's answer did not name the scopes, so they could not be checked.", ""),
    "scopes_missing": (
        "The Slack app lacks scopes: {names}.",
        "Add them under OAuth & Permissions, and install the app to the workspace again.",
    ),
    "app_token_refused": (
        "Slack refuses SNS_SLACK_APP_TOKEN ({error}).",
        "Check the App-Level Tokens (connections:write), and set it anew.",
    ),
    "signing_unchecked": (
        "Slack comes in over HTTP. Whether the signing secret is right cannot be seen from here.",
        "Type /sns help in Slack, and see whether it answers.",
    ),
    "channel_refused": (
        "The approvals channel {channel} cannot be read ({error}).",
        "Invite the app there (/invite @回覧), and check the channel's id in the city file.",
    ),
    # mail
    "mail_not_set": (
        "No e-mail is set: nobody can be told where Slack does not work.",
        "Set SNS_SMTP_URL to the mail relay and SNS_MAIL_FROM to the sender.",
    ),
    "relay_well": ("The mail relay {host} answers.", ""),
    "relay_unreachable": (
        "The mail relay {host} cannot be reached ({detail}).",
        "Check host and port of SNS_SMTP_URL, and whether the relay lets this server in.",
    ),
    "relay_timeout": (
        "The mail relay {host} does not answer.",
        "Check that the scheme of SNS_SMTP_URL fits the port (smtp: 25, smtp+starttls: 587, smtps: 465), and the firewalls on the way.",
    ),
    "relay_certificate": (
        "The mail relay {host} has a certificate that cannot be verified.",
        "Check that the host's name is the certificate's. For an authority of your own set SNS_CA_FILE.",
    ),
    "relay_starttls_missing": (
        "The mail relay {host} does not offer STARTTLS.",
        "Ask its administrator, and change SNS_SMTP_URL to smtp:// or smtps://.",
    ),
    "relay_login_refused": (
        "The mail relay {host} refuses the log-in ({detail}).",
        "Check SNS_SMTP_USER and SNS_SMTP_PASSWORD.",
    ),
    "relay_sender_refused": (
        "The mail relay {host} refuses the sender ({detail}).",
        "Set SNS_MAIL_FROM to an address that may send through it.",
    ),
    "relay_refused": (
        "The mail relay {host} takes nothing ({detail}).",
        "Ask its administrator to let this server send.",
    ),
    "mail_people": (
        "{city}: {count} managers, emergency senders and approvers have no e-mail address ({names}).",
        "Add email to people in the city file.",
    ),
    "admins_not_set": (
        "Nobody's address is set for the machine's own trouble.",
        "Set SNS_MAIL_ADMINS to the IT division's address (otherwise the managers hear of it).",
    ),
    # vendors
    "vendor_well": ("{platform} can be reached (whether the credentials hold was not checked).", ""),
    "vendor_unreachable": (
        "{platform}: {host} cannot be reached ({error}).",
        "Check the way out to the internet (with a proxy: HTTPS_PROXY and SNS_CA_FILE), and the platform's status page.",
    ),
    "online_well": ("{account}: {platform} takes the credentials ({found}).", ""),
    "online_other": (
        "{account}: the credentials are those of another account ({found}, id {id}).",
        "Posts would go out there. Set the right ones with sns credentials set {account}.",
    ),
    "online_refused": (
        "{account}: {platform} does not take the credentials. {why}",
        "Look at the app and its permissions on {platform}'s own page, and set the credentials anew with sns credentials set {account}.",
    ),
    "online_later": (
        "{account}: {platform} cannot be asked now, for its rate limit. {why}",
        "Run sns doctor --online again later.",
    ),
    "online_unknown": (
        "{account}: {platform} gave no usable answer.",
        "Look at the lines on the platforms above and at {platform}'s own news of troubles, and run it again.",
    ),
    "online_no_answer": (
        "{account}: {platform} has not answered for {seconds} seconds.",
        "Look at {platform}'s own news of troubles, and run it again.",
    ),
    "online_unasked": ("{account}: {platform} offers no way to ask whether the credentials hold.", ""),
    "media_not_set": (
        "Without SNS_MEDIA_BASE_URL LINE gets no images.",
        "If images should go there, set an address that the internet reaches.",
    ),
    "media_unreachable": (
        "The media address {url} cannot be reached ({error}).",
        "See whether the reverse proxy and sns serve run.",
    ),
    "media_well": ("The media address {url} answers (whether the internet reaches it was not checked).", ""),
}


def area(name: str) -> str:
    """Name what was looked at."""
    return AREAS.get(name, name)


def found(code: str, params: Mapping[str, str]) -> str:
    """Say what is."""
    return fill(SENTENCES[code][0], params)


def what_to_do(code: str, params: Mapping[str, str]) -> str:
    """Say what to do; nothing where all is well."""
    return fill(SENTENCES[code][1], params)


def nothing_asked(number: str, account: str) -> str:
    """Say that nothing is asked there."""
    return f"No question about {number} on {account} is open. See sns show {number}."


def summary(wrong: int, notes: int) -> str:
    """Count what is wrong, and what somebody should know."""
    if wrong:
        return f"\n{wrong} to mend (✗), {notes} to know (!)."
    return f"\nNothing to mend; {notes} to know (!)." if notes else "\nAll is well."
