"""What the command `sns` says."""

from __future__ import annotations


def wrong_settings(count: int, mistakes: str) -> str:
    """Say that settings or files are wrong; *mistakes* names each with its place, one a line."""
    return f"Mistakes in the settings: {count}. Please mend them and try again.\n{mistakes}"


def wrong_key(origin: str) -> str:
    """Say that the key does not open the stored secrets."""
    return (
        f"This is another key: it does not open the stored secrets (the key in use: {origin}). "
        "Give back the SNS_SECRET_KEY or the key file with which they were set."
        " Where that key is lost, remove them with sns credentials forget-all and set them again."
    )


def no_database(detail: str) -> str:
    """Say that the database can't be reached."""
    return (
        f"The database cannot be used ({detail}). "
        "Check SNS_DATABASE_URL and the server (PostgreSQL), or the file in SNS_HOME (SQLite)."
    )


def cannot_listen(host: str, port: int, reason: str) -> str:
    """Say that the address cannot be listened on."""
    return (
        f"It cannot listen on port {port} of {host} ({reason}). "
        "See whether sns serve is running already, or name another address with --host and --port."
    )


def no_slack(names: str) -> str:
    """Warn that Slack stays away because settings are missing."""
    return f"Warning: without {names} there is no way to Slack."


def no_fields(wanted: str) -> str:
    """Say that standard input was empty, and what is wanted."""
    return f"Standard input was empty. Wanted are {wanted}, one name=value a line."


def unclean_fields(names: str) -> str:
    """Name the fields whose values hold what no secret of a platform holds."""
    return f"Spaces or full-width characters are in: {names}. Copy the values again."


def newer_schema() -> str:
    """Say that the database belongs to a newer version of the program."""
    return "The database was made by a newer version of Kairan. Please use that version."


def system_error(detail: str) -> str:
    """Say what the operating system said."""
    return f"It could not be done. {detail}"


def crashed(name: str) -> str:
    """Say that there is a fault of ours."""
    return f"An unexpected error ({name}). SNS_LOG_LEVEL=debug shows the whole story."


def which_city(cities: str) -> str:
    """Ask for a city where there are several."""
    return f"There are several cities. Name one with --city: {cities}"


def no_city(city: str, cities: str) -> str:
    """Say that there is no such city."""
    return f"There is no city {city}. There are: {cities}"


def no_account(account: str, accounts: str) -> str:
    """Say that there is no such account."""
    return f"There is no account {account}. There are: {accounts}"


def unreadable_fields() -> str:
    """Say in which form secrets are read."""
    return "Standard input can't be read. Give a JSON object, or name=value on a line each."


def unknown_fields(unknown: str, wanted: str) -> str:
    """Name the fields that the platform does not know."""
    return f"Unknown fields: {unknown}. Wanted: {wanted}"


def missing_fields(missing: str) -> str:
    """Name the fields that are missing."""
    return f"Missing fields: {missing}"


def credentials_set(account: str) -> str:
    """Say that secrets are stored."""
    return f"The credentials of {account} are encrypted and stored."


def forget_all_asked() -> str:
    """Ask before every account's secrets are removed."""
    return "This removes the credentials of every account. Nothing can be posted until they are set again. Go on?"


def forgotten(count: int) -> str:
    """Say how many accounts' secrets were removed."""
    return f"Removed: {count}. Now call sns credentials set for each account."


def is_set() -> str:
    """Say that an account has secrets."""
    return "set"


def is_not_set() -> str:
    """Say that an account has none."""
    return "not set"


def migrated() -> str:
    """Say that the schema is the newest."""
    return "The database's schema is the newest."


def cities_well(cities: str) -> str:
    """Say that the city files are right."""
    return f"The city files are right: {cities}"


def serving(url: str) -> str:
    """Say where it serves."""
    return f"Serving at {url}"


def serving_people(url: str) -> str:
    """Say where people are served by a process that does not deliver."""
    return f"Started: {url} (Slack and the web alone; sns worker delivers)"


def working(name: str, platforms: str) -> str:
    """Say that a worker delivers."""
    return f"Delivering: {name} ({platforms}). SIGTERM stops it, after what is under way has ended."


def home_in_use(home: str) -> str:
    """Say that another process serves people from the home folder."""
    return (
        f"Another sns serve or sns web uses the folder {home} of SNS_HOME. "
        "Stop that one first; several on one machine need an SNS_HOME each."
    )


def queue_empty() -> str:
    """Say that nothing waits."""
    return "Nothing is waiting or scheduled."
