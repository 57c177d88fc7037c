"""The settings: one frozen object, read from the environment once, at the start.

Every name begins with `SNS_`. A name that is none of ours is an error: a misspelt setting must not be
ignored in silence. `docs/decisions/0008` says why `SNS_CLOCK` is bound to loopback addresses.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, FilePath, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from platforms.port import Endpoints
from publisher.clock import parse_clock
from publisher.errors import ConfigurationError, ConfigurationMistake

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

CODE: Final = Path(__file__).resolve().parent.parent
SMTP_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""The ways to the mail relay, with the port where the address names none."""
MAIL_ADDRESS: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
"""Plain addresses only: what a header or an SMTP command could take for something else is no address."""
INSTALLED_HOME: Final = Path("/var/lib/kairan")
PREFIX: Final = "SNS_"

_VENDORS: Final = {
    "x_api_url": "x",
    "line_api_url": "line",
    "line_data_api_url": "line_data",
    "facebook_api_url": "facebook",
    "facebook_video_api_url": "facebook_video",
    "youtube_api_url": "youtube",
    "google_token_url": "google_token",
}
_SECRETS: Final = frozenset(
    {"secret_key", "slack_bot_token", "slack_app_token", "slack_signing_secret", "smtp_password"}
)
_DEFAULTS: Final = Endpoints()


def _address(value: str) -> str:
    parts = urlsplit(value) if _has_port_or_none(value) else urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise PydanticCustomError("address_form", "an address begins with https:// and has no query")
    if parts.username or parts.password:
        raise PydanticCustomError("address_secret", "an address holds no user name and no password")
    if parts.scheme == "http" and not is_loopback(value):
        raise PydanticCustomError("address_plain", "http:// is for this machine alone; say https://")
    return value.rstrip("/")


def _address_or_none(value: str | None) -> str | None:
    return None if value is None else _address(value)


def _slack_address(value: str) -> str:
    # Slack's SDK joins method names to it, so it wants the slash.
    return _address(value) + "/"


def _database_address(value: str | None) -> str | None:
    if value is None:
        return None
    scheme, _, rest = value.partition("://")
    engine = scheme.partition("+")[0]
    if engine not in {"sqlite", "postgresql", "postgres"} or not rest.strip("/") or not _has_port_or_none(value):
        raise PydanticCustomError("database_form", "say postgresql://… or sqlite:///…")
    # libpq and hosting firms write postgres://, which SQLAlchemy does not read.
    return value if engine == "sqlite" else f"postgresql://{rest}"


def _smtp_address(value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value) if _has_port_or_none(value) else urlsplit("")
    is_bare = not (parts.path.strip("/") or parts.query or parts.fragment)
    if parts.scheme not in SMTP_PORTS or not parts.hostname or not is_bare:
        raise PydanticCustomError("smtp_form", "say smtp://host, smtp+starttls://host or smtps://host")
    if parts.username or parts.password:
        raise PydanticCustomError("smtp_secret", "the user and the password have settings of their own")
    return value.rstrip("/")


def _mail_addresses(value: str | None) -> str | None:
    if value is None:
        return None
    addresses = [one.strip() for one in value.split(",")]
    if not all(re.fullmatch(MAIL_ADDRESS, one) for one in addresses):
        raise PydanticCustomError("mail_form", "an address looks like sns@city.example.lg.jp")
    return ",".join(addresses)


def _mail_address(value: str | None) -> str | None:
    if value is not None and "," in value:
        raise PydanticCustomError("mail_form", "an address looks like sns@city.example.lg.jp")
    return _mail_addresses(value)


def _has_port_or_none(url: str) -> bool:
    try:
        _ = urlsplit(url).port
    except ValueError:
        return False
    return True


def _token(beginning: str) -> Callable[[SecretStr | None], SecretStr | None]:
    def look(value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(beginning):
            raise PydanticCustomError("token_form", "begins with {beginning}", {"beginning": beginning})
        return value

    return look


Address = Annotated[str, AfterValidator(_address)]


def is_loopback(url: str) -> bool:
    """Tell whether an address is on this machine's loopback interface, judged by its name alone."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def default_home(code: Path) -> Path:
    """Return where the state lies where `SNS_HOME` is not set: `./var` in a clone, `/var/lib/kairan` installed.

    Args:
        code: The folder in which the packages lie; a clone has the project's file there.
    """
    return Path("var") if (code / "pyproject.toml").is_file() else INSTALLED_HOME


class Settings(BaseSettings):
    """What the environment says. Built by `load_settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    home: Path = Field(default_factory=lambda: default_home(CODE))
    """Where the database, the key file, media and the inbox lie."""
    cities: Path | None = None
    """The folder of city files; None: `cities` in the home folder."""
    database_url: Annotated[str | None, AfterValidator(_database_address)] = None
    """None: SQLite in the home folder."""
    secret_key: SecretStr | None = None
    """None: the key file in the home folder, which is made on first use."""
    slack_bot_token: Annotated[SecretStr | None, AfterValidator(_token("xoxb-"))] = None
    slack_app_token: Annotated[SecretStr | None, AfterValidator(_token("xapp-"))] = None
    slack_signing_secret: SecretStr | None = None
    media_base_url: Annotated[str | None, AfterValidator(_address_or_none)] = None
    """Where the internet reaches our media; None: LINE gets no images."""
    slack_api_url: Annotated[str, AfterValidator(_slack_address)] = "https://slack.com/api/"
    x_api_url: Address = _DEFAULTS.x
    line_api_url: Address = _DEFAULTS.line
    line_data_api_url: Address = _DEFAULTS.line_data
    facebook_api_url: Address = _DEFAULTS.facebook
    facebook_video_api_url: Address = _DEFAULTS.facebook_video
    youtube_api_url: Address = _DEFAULTS.youtube
    google_token_url: Address = _DEFAULTS.google_token
    smtp_url: Annotated[str | None, AfterValidator(_smtp_address)] = None
    """The city's mail relay; None: nobody is told by e-mail where Slack doesn't take a notice."""
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: Annotated[str | None, AfterValidator(_mail_address)] = None
    """From whom mails come."""
    mail_admins: Annotated[str | None, AfterValidator(_mail_addresses)] = None
    """Who looks after the machine and hears of its trouble by e-mail: addresses, joined by commas."""
    ca_file: FilePath | None = None
    """Authorities to trust in place of the machine's: a proxy that looks into TLS brings its own."""
    clock: str = "real"
    look_at_links: Literal["on", "off"] = "on"
    """Whether the pages that posts link to are looked at."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is the library's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what `load_settings` hands over and nothing else, so that every name has been looked at."""
        return (init_settings,)

    @property
    def endpoints(self) -> Endpoints:
        """Return the vendors' addresses."""
        return Endpoints(**{theirs: getattr(self, ours) for ours, theirs in _VENDORS.items()})

    @property
    def cities_folder(self) -> Path:
        """Return the folder of city files."""
        return self.cities or self.home / "cities"

    @property
    def database(self) -> str:
        """Return the database's address for SQLAlchemy; it may hold a password, so it is never printed."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'kairan.sqlite3'}"

    @property
    def key_file(self) -> Path:
        """Return where the secret key lies where `SNS_SECRET_KEY` is not set."""
        return self.home / "key"

    @property
    def media_folder(self) -> Path:
        """Return where files are kept."""
        return self.home.absolute() / "media"

    @property
    def is_stand_in_world(self) -> bool:
        """True where every vendor is a stand-in on this machine."""
        return all(map(is_loopback, self.vendor_addresses.values()))

    @property
    def vendor_addresses(self) -> Mapping[str, str]:
        """Return every address that the product talks to, by the setting's name."""
        return {_env_name(name): getattr(self, name) for name in ("slack_api_url", *_VENDORS)}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from *environ*, the process's environment where it is None.

    Raises:
        ConfigurationError: All mistakes at once.
    """
    given = os.environ if environ is None else environ
    ours = {name: value for name, value in given.items() if name.startswith(PREFIX)}
    mistakes = [_unknown(name) for name in sorted(ours) if _field_name(name) not in Settings.model_fields]
    values = {_field_name(name): value.strip() for name, value in ours.items() if value.strip()}
    known = {name: value for name, value in values.items() if name in Settings.model_fields}
    settings = None
    try:
        settings = Settings.model_validate(known)
    except ValidationError as error:
        mistakes += [_mistake(one, known) for one in error.errors()]
    if settings is not None:
        mistakes += _mistakes_of_clock(settings) + _mistakes_of_mail(settings)
    if mistakes or settings is None:
        raise ConfigurationError(mistakes)
    return settings


def _mistakes_of_clock(settings: Settings) -> list[ConfigurationMistake]:
    try:
        clock = parse_clock(settings.clock)
    except ConfigurationError as error:
        return list(error.mistakes)
    if clock.is_real:
        return []
    addresses = {**settings.vendor_addresses, **({"SNS_SMTP_URL": settings.smtp_url} if settings.smtp_url else {})}
    real = [name for name, address in addresses.items() if not is_loopback(address)]
    return [ConfigurationMistake(code="clock_moved", params={"names": ", ".join(real)})] if real else []


def _mistakes_of_mail(settings: Settings) -> list[ConfigurationMistake]:
    """Find what is missing beside the relay; a password goes over TLS, or stays on this machine."""
    if settings.smtp_url is None:
        return []
    found = [ConfigurationMistake(code="mail_from_missing")] if settings.mail_from is None else []
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        found.append(ConfigurationMistake(code="smtp_user_and_password"))
    is_open = urlsplit(settings.smtp_url).scheme == "smtp" and not is_loopback(settings.smtp_url)
    if settings.smtp_password is not None and is_open:
        found.append(ConfigurationMistake(code="smtp_plain_password"))
    return found


def _unknown(name: str) -> ConfigurationMistake:
    # Without the prefix, which makes all of them alike.
    near = get_close_matches(_field_name(name), list(Settings.model_fields), n=1)
    params = {"name": name, "known": ", ".join(map(_env_name, Settings.model_fields))}
    return ConfigurationMistake(code="unknown_setting", params=params, meant=_env_name(near[0]) if near else None)


def _mistake(error: ErrorDetails, values: Mapping[str, str]) -> ConfigurationMistake:
    """Make a code of ours of what pydantic found; secrets and addresses that may hold one are not repeated."""
    field = str(error["loc"][0])
    given = values.get(field, "")
    is_hidden = field in _SECRETS or field == "database_url" or ("@" in given and not field.startswith("mail_"))
    params = {"name": _env_name(field), "value": "***" if is_hidden else given}
    context = {name: str(value) for name, value in error.get("ctx", {}).items()}
    match error["type"]:
        case "literal_error":
            known = re.findall(r"'([^']+)'", context["expected"])
            near = get_close_matches(given.lower(), known, n=1)
            params["known"] = ", ".join(known)
            return ConfigurationMistake(code="setting_choice", params=params, meant=near[0] if near else None)
        case "path_not_file":
            return ConfigurationMistake(code="no_such_file", params=params)
        case ("address_form" | "address_secret" | "address_plain" | "database_form" | "token_form") | (
            "smtp_form" | "smtp_secret" | "mail_form"
        ):
            return ConfigurationMistake(code=error["type"], params={**params, **context})
        case _:
            return ConfigurationMistake(code="setting_wrong", params={**params, "problem": error["msg"]})


def _env_name(field: str) -> str:
    return PREFIX + field.upper()


def _field_name(name: str) -> str:
    return name.removeprefix(PREFIX).lower()
