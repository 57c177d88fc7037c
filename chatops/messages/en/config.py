# ruff: noqa: E501 - a sentence stays on its line
"""What is wrong with a setting, a city file or a pack, code by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.template import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

MISTAKES: Final[Mapping[str, str]] = {
    # settings
    "unknown_setting": "{name} is no setting.",
    "setting_choice": "{name} cannot be “{value}”.",
    "setting_wrong": "{name} is “{value}”, which is not right ({problem}).",
    "no_such_file": "{name}: there is no file “{value}”. Check the path.",
    "address_form": "{name} must be an address that begins with https:// and has no ? or #. It is: {value}",
    "address_secret": "{name}: an address holds no user name and no password.",
    "address_plain": "{name} must begin with https://; http:// is for this machine alone (127.0.0.1). It is: {value}",
    "database_form": "{name} must read postgresql://user:password@host/database (write special characters of a password as %40). For SQLite, remove the setting.",
    "token_form": "{name} begins with {beginning}. Check in Slack's app settings whether another token was pasted.",
    "smtp_form": "{name} must look like smtp://host (not encrypted), smtp+starttls://host or smtps://host, with a port such as :25 where it is another. It is {value} now.",
    "smtp_secret": "Put no user name and no password into {name}. They have settings of their own, SNS_SMTP_USER and SNS_SMTP_PASSWORD.",
    "mail_form": "{name} must be an e-mail address such as sns@city.example.lg.jp (SNS_MAIL_ADMINS takes several, joined by commas). It is {value} now.",
    "mail_from_missing": "Where SNS_SMTP_URL is set, set SNS_MAIL_FROM to the sender's e-mail address too.",
    "smtp_user_and_password": "Set both SNS_SMTP_USER and SNS_SMTP_PASSWORD, or neither.",
    "smtp_plain_password": "No password goes over smtp://, which is not encrypted. Change SNS_SMTP_URL to smtp+starttls:// or smtps://, or remove SNS_SMTP_USER and SNS_SMTP_PASSWORD.",
    "clock_form": "SNS_CLOCK cannot be “{value}”. Leave it out in production (it means real). For practice say +3600 (seconds) or file:PATH.",
    "clock_moved": "SNS_CLOCK may move the clock for practice alone. Remove it in production (these point to the real services: {names}).",
    # keys, folders, database
    "key_form": "{origin} is no key. Put in what openssl rand -base64 32 prints.",
    "key_readable_by_others": "The key file {path} can be read by others. Call chmod 600 {path}.",
    "key_unreadable": "The key file {path} cannot be read or written ({reason}). Check its owner and its mode.",
    "home_unwritable": "The folder {folder} of SNS_HOME cannot be written to ({reason}). Check its owner and its mode.",
    "schema_old": "The database's schema is not the one of this version. Call sns migrate first.",
    "schema_newer": "A later version has migrated the database's schema, so this one does not start. Install that version here too.",
    "sqlite_not_shared": "With SQLite, sns worker and sns web cannot run apart. Use sns serve, or name a PostgreSQL database in SNS_DATABASE_URL.",
    "no_cities_folder": "There is no folder {folder} for the city files. Make it and put <city>.yaml there, or name another folder with SNS_CITIES.",
    "cities_folder_unreadable": "The folder {folder} of the city files cannot be read ({reason}). Check SNS_CITIES and the folder's mode.",
    "no_city_file": "{folder} holds no city file (<city>.yaml). Copy deploy/city.example.yaml and change it.",
    "file_suffix": "The name of the file must end in .yaml ({name}).",
    "unreadable": "The file cannot be read ({reason}).",
    # the form of a file
    "encoding": "The file is not written in UTF-8. Save it as UTF-8.",
    "no_mapping": "The file is not written as “key: value”. See deploy/city.example.yaml.",
    "tab": "The line begins with a tab. Indent with spaces.",
    "special_character": 'A value that begins with “{value}” must be in quotes ("{value}kashiwa").',
    "full_width": "There is a full-width colon or space. Write a plain “: ”.",
    "colon": "This line, or the one above it, is not written right. Check the space after the colon in “key: value”, and the indentation.",
    "indentation": "The indentation (number of spaces) does not match the lines around it.",
    "unclosed": "The bracket or the quote that begins here does not close.",
    "duplicate_key": "“{value}” is written twice. Remove one, or give it another name.",
    "syntax": "This is no YAML ({problem}).",
    # keys and values
    "unknown_key": "There is no key “{name}” here.",
    "missing_key": "“{name}” is missing.",
    "wrong_type": "This must be {expected}.{value}",
    "unknown_value": "“{value}” is none of the values.",
    "wrong_value": "“{value}” is not right ({problem}).",
    "empty_value": "This is empty.",
    "too_small": "“{value}” is too small: at least {least}.",
    "too_large": "“{value}” is too large: at most {most}.",
    "key_form_wrong": "“{value}” cannot be used: begin with a small letter, and use small letters, digits, _ and - only (up to 60).",
    "slack_user_form": "“{value}” is no Slack member ID. Write the ID that begins with U (profile, “︙”, “Copy member ID”).",
    "slack_channel_form": "“{value}” is no Slack channel ID. Write the ID that begins with C (click the channel's name; it is at the very bottom).",
    "slack_team_form": "“{value}” is no Slack workspace ID. Write the ID that begins with T (it is in Slack's address in a browser).",
    "email_form": "“{value}” is no e-mail address.",
    "duplicate": "“{value}” is there twice. Give it another name.",
    "unknown_clause": "The pack has no clause “{value}”.",
    "unknown_placeholder": "Nothing fills {{{value}}} in this sentence.",
    # what does not fit together
    "period_backwards": "The period ends ({end}) before it begins ({start}).",
    "step_names_one": "A step names a position, or a section: one of the two.",
    "limit_names_one": "A limit names minutes, or per (day or month): one of the two.",
    "zone_unknown": "There is no time zone “{value}”. Write one like Asia/Tokyo or America/Los_Angeles.",
    "reserve_takes_all": "Of {calls} calls {reserve} are kept for emergencies, so no routine post could go out. Raise calls, or lower reserve_percent.",
    "file_name": "The file of the city “{value}” must be called {value}.yaml.",
    "team_taken": "The workspace {team} is {city}'s already.",
    "section_reserved": "“{value}” has a meaning of its own in routes. Give the section another key.",
    "slack_user_shared": "Slack's {value} stands at more than one person ({people}). Leave it at the right one.",
    "periods_overlap": "{person} holds “{value}” twice: the periods overlap. Check from and to.",
    "unknown_section": "There is no section “{value}”.",
    "unknown_position": "There is no position “{value}”.",
    "unknown_account": "There is no account “{value}”.",
    "unknown_platform": "There is no platform “{value}”.",
    "unknown_pack": "There is no pack “{value}”. A pack of your own lies beside this file and is called {name}.",
    "no_pack": "packs names none for {value}. Add a line such as “{value}: neutral”.",
    "mirrors_itself": "{value} would repost itself. Remove it.",
    "mirrors_elsewhere": "{value} is on {platform}: there is no repost across platforms.",
    "mirrors_in_circle": "{value} reposts {account} too: they would go round in a circle. Remove one.",
    "last_step_role": "The last step is the 決裁: the role “{value}” cannot give it (approver, responsible or manager can).",
    "last_step_section": "The last step is the 決裁, but no position of {value} has the role “{role}”.",
    "last_step_position": "The last step is the 決裁, but the position “{value}” has no role that can give it (approver, responsible, manager).",
    "nobody_manages": "Nobody holds a position with the role manager. Who answers for the official accounts?",
    "nobody_writes": "Nobody holds a position with the role author or operator. Who writes?",
    "stored_pack_unreadable": "This version cannot read the text of pack “{pack}” that is in force (no. {number}, {city}); its mistakes follow. Go back to the version before, or propose a mended file with sns policy propose and have another manager confirm it with sns policy confirm.",
}

EXPECTED: Final[Mapping[str, str]] = {
    "text": "text",
    "true or false": "true or false",
    "a whole number": "a whole number",
    "a number": "a number",
    "a day like 2023-01-04": "a day of the calendar (2023-01-04)",
    "a time of day like 08:30": "a time of day (08:30)",
    "a list": "a list ([…], or lines with -)",
    "a list of texts": "a list of texts ([…], or lines with -)",
    "names with their values": "names with their values, as “key: value”",
    "mapping": "pairs of “key: value”",
}
"""What a value should have been, by what the readers call it."""


def mistake(code: str, params: Mapping[str, str], meant: str) -> str:
    """Say one mistake, with what was probably *meant* (empty: nothing near), or what there is to choose from."""
    known = MISTAKES.get(code)
    if known is None:
        return f"An unforeseen mistake ({code})."
    said = fill(known, {**params, **_words(params)})
    if meant:
        return f"{said} Did you mean “{meant}”?"
    return f"{said} There are {params['known']}." if params.get("known") else said


def in_place(place: str, sentence: str) -> str:
    """Say where in a file a mistake is."""
    return f"{sentence} ({place})"


def _words(params: Mapping[str, str]) -> Mapping[str, str]:
    if "expected" not in params:
        return {}
    given = f" It is “{params['value']}”." if "value" in params else ""
    return {"expected": EXPECTED.get(params["expected"], params["expected"]), "value": given}
