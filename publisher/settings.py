"""The settings: one frozen object, read from the environment once, at the start.

Every name begins with `SNS_`. A name that is none of ours is an error: a misspelt setting must not be
ignored in silence. `docs/decisions/0008` says why `SNS_CLOCK` is bound to loopback addresses.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, FilePath, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from platforms.port import Endpoints
from publisher.clock import parse_clock
from publisher.errors import ConfigurationError

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
_SECRETS: Final = frozenset({"secret_key", "slack_bot_token", "slack_app_token", "slack_signing_secret"})
_DEFAULTS: Final = Endpoints()


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an address begins with https:// and has no query")
    if parts.username or parts.password:
        raise ValueError("an address holds no user name and no password")
    if parts.scheme == "http" and not is_loopback(value):
        raise ValueError("http:// is for this machine alone; say https://")
    return value.rstrip("/")


def _address_or_none(value: str | None) -> str | None:
    return None if value is None else _address(value)


def _slack_address(value: str) -> str:
    # Slack's SDK joins method names to it, so it wants the slash.
    return _address(value) + "/"


Address = Annotated[str, AfterValidator(_address)]


def is_loopback(url: str) -> bool:
    """Tell whether an address is on this machine's loopback interface, judged by its name alone."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """What the environment says. Built by `load_settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    home: Path = Path("var")
    """Where the database, the key file, media and the inbox lie."""
    cities: Path | None = None
    """The folder of city files; None: `cities` in the home folder."""
    database_url: str | None = None
    """None: SQLite in the home folder."""
    secret_key: SecretStr | None = None
    """None: the key file in the home folder, which is made on first use."""
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
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
    ca_file: FilePath | None = None
    """Authorities to trust in place of the machine's: a proxy that looks into TLS brings its own."""
    clock: str = "real"
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
    def vendor_addresses(self) -> Mapping[str, str]:
        """Return every address that the product talks to, by the setting's name."""
        return {_env_name(name): getattr(self, name) for name in ("slack_api_url", *_VENDORS)}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from *environ*, the process's environment where it is None.

    Raises:
        ConfigurationError: One sentence for each mistake, all at once.
    """
    given = os.environ if environ is None else environ
    ours = {name: value for name, value in given.items() if name.startswith(PREFIX)}
    mistakes = [_unknown(name) for name in sorted(ours) if _field_name(name) not in Settings.model_fields]
    values = {_field_name(name): value for name, value in ours.items() if value}
    known = {name: value for name, value in values.items() if name in Settings.model_fields}
    settings = None
    try:
        settings = Settings.model_validate(known)
    except ValidationError as error:
        mistakes += [_mistake(str(one["loc"][0]), one["msg"], known) for one in error.errors()]
    if settings is not None:
        mistakes += _mistakes_of_clock(settings)
    if mistakes or settings is None:
        raise ConfigurationError("\n".join(mistakes))
    return settings


def _mistakes_of_clock(settings: Settings) -> list[str]:
    try:
        clock = parse_clock(settings.clock)
    except ConfigurationError as error:
        return [str(error)]
    if clock.is_real:
        return []
    return [
        f"SNS_CLOCK is not real, but {name} is {address}: a moved clock is for stand-ins on this machine alone"
        for name, address in settings.vendor_addresses.items()
        if not is_loopback(address)
    ]


def _unknown(name: str) -> str:
    known = [_env_name(field) for field in Settings.model_fields]
    near = get_close_matches(name, known, n=1)
    return f"{name} is no setting" + (f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}")


def _mistake(field: str, message: str, values: Mapping[str, str]) -> str:
    said = "(not shown)" if field in _SECRETS or field == "database_url" else repr(values.get(field, ""))
    return f"{_env_name(field)} is {said}: {message.removeprefix('Value error, ')}"


def _env_name(field: str) -> str:
    return PREFIX + field.upper()


def _field_name(name: str) -> str:
    return name.removeprefix(PREFIX).lower()
