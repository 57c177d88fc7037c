"""What the environment says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from platforms.port import Endpoints
from publisher.errors import ConfigurationError
from publisher.settings import default_home, is_loopback, load_settings

LOCAL = {
    f"SNS_{name}": "http://127.0.0.1:9999"
    for name in (
        *("SLACK_API_URL", "X_API_URL", "LINE_API_URL", "LINE_DATA_API_URL", "FACEBOOK_API_URL"),
        *("FACEBOOK_VIDEO_API_URL", "YOUTUBE_API_URL", "GOOGLE_TOKEN_URL"),
    )
}


def test_an_empty_environment_means_sqlite_under_var_and_the_real_vendors() -> None:
    """A clone needs no setting to start."""
    settings = load_settings({})

    assert Path("var") == settings.home
    assert Path("var/cities") == settings.cities_folder
    assert f"sqlite:///{Path.cwd() / 'var' / 'kairan.sqlite3'}" == settings.database
    assert Endpoints() == settings.endpoints
    assert settings.slack_api_url == "https://slack.com/api/"


def test_every_vendor_address_can_be_replaced() -> None:
    """A stand-in differs from the vendor by its base address only; a slash at the end does no harm."""
    settings = load_settings({"SNS_X_API_URL": "http://127.0.0.1:1/", "SNS_SLACK_API_URL": "http://localhost:2/api"})

    assert settings.endpoints.x == "http://127.0.0.1:1"
    assert settings.slack_api_url == "http://localhost:2/api/"


def test_a_misspelt_setting_is_an_error_with_the_nearest_name() -> None:
    """Nothing under our prefix is ignored in silence."""
    with pytest.raises(ConfigurationError, match=r"unknown_setting .*; meant: SNS_SECRET_KEY"):
        load_settings({"SNS_SECRETKEY": "k"})


def test_names_without_our_prefix_are_nobodys_business() -> None:
    """The rest of the environment is not looked at."""
    assert load_settings({"HOME": "/root", "SLACK_BOT_TOKEN": "xoxb"}) == load_settings({})


def test_an_empty_setting_is_one_that_is_not_set() -> None:
    """`SNS_SECRET_KEY=` in a unit file means: none."""
    assert load_settings({"SNS_SECRET_KEY": ""}).secret_key is None


def test_all_mistakes_are_named_at_once() -> None:
    """One start shows everything there is to mend."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"SNS_X_API_URL": "api.x.com", "SNS_LINE_API_URL": "http://api.line.me", "SNS_HOEM": "/srv"})

    assert [(one.code, one.params["name"], one.meant) for one in caught.value.mistakes] == [
        ("unknown_setting", "SNS_HOEM", "SNS_HOME"),
        ("address_form", "SNS_X_API_URL", None),
        ("address_plain", "SNS_LINE_API_URL", None),
    ]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SNS_LOG_LEVEL", "verbose", "setting_choice"),
        ("SNS_CA_FILE", "/nowhere/ca.pem", "no_such_file"),
        ("SNS_CLOCK", "tomorrow", "clock_form"),
        ("SNS_MEDIA_BASE_URL", "https://user:hush@sns.example", "address_secret"),
        ("SNS_X_API_URL", "https://[::1", "address_form"),
        ("SNS_X_API_URL", "https://api.x.com:port", "address_form"),
        ("SNS_DATABASE_URL", "mysql://db/kairan", "database_form"),
        ("SNS_DATABASE_URL", "postgresql://", "database_form"),
        ("SNS_DATABASE_URL", "postgresql://u:hush/hush@db/kairan", "database_form"),
        ("SNS_SLACK_BOT_TOKEN", "xapp-hush", "token_form"),
        ("SNS_SLACK_APP_TOKEN", "xoxb-hush", "token_form"),
    ],
)
def test_each_mistake_has_its_code_and_no_secret(name: str, value: str, code: str) -> None:
    """A value that may hold a secret is not repeated."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings({name: value})

    assert [(one.code, one.params.get("name", name)) for one in caught.value.mistakes] == [(code, name)]
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_read(scheme: str) -> None:
    """The short form of libpq works too."""
    assert load_settings({"SNS_DATABASE_URL": f"{scheme}://db/kairan"}).database == "postgresql://db/kairan"


def test_blanks_around_a_value_are_nobodys_secret() -> None:
    """A key that was pasted with its line end is the key."""
    found = load_settings({"SNS_SECRET_KEY": " abc \n", "SNS_HOME": " "})

    assert found.secret_key is not None
    assert found.secret_key.get_secret_value() == "abc"
    assert Path("var") == found.home


def test_a_clock_that_is_not_real_is_refused_beside_a_real_vendor() -> None:
    """Nothing may go out to citizens by a moved clock: every vendor that is not on loopback is named."""
    with pytest.raises(ConfigurationError, match=r"clock_moved .*SNS_YOUTUBE_API_URL") as caught:
        load_settings({**LOCAL, "SNS_CLOCK": "+3600", "SNS_YOUTUBE_API_URL": "https://youtube.googleapis.com"})

    assert len(str(caught.value).splitlines()) == 1
    assert load_settings({**LOCAL, "SNS_CLOCK": "+3600"}).clock == "+3600"


def test_secrets_are_not_printed() -> None:
    """Neither the settings' own text nor a complaint shows a secret."""
    settings = load_settings({"SNS_SLACK_BOT_TOKEN": "xoxb-very-secret", "SNS_SECRET_KEY": "very-secret"})

    assert "very-secret" not in repr(settings)
    assert "very-secret" not in str(settings)


def test_settings_do_not_change() -> None:
    """The object is frozen: nobody configures anything at run time."""
    settings = load_settings({})

    with pytest.raises(ValidationError):
        settings.home = Path("elsewhere")  # type: ignore[misc]  # the very thing that is forbidden


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:1", True),
        ("http://localhost:3", True),
        ("https://localhost.example.com", False),
        ("https://api.x.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://0.0.0.0", False),
        ("nonsense", False),
    ],
)
def test_loopback_is_judged_by_the_name_alone(address: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """No name is resolved: what could be pointed elsewhere is not loopback."""
    assert expected is is_loopback(address)


def test_the_state_lies_beside_a_clone_and_in_the_systems_place_where_installed(tmp_path: Path) -> None:
    """A clone has the project's file beside the packages; an installation has not."""
    (tmp_path / "clone").mkdir()
    (tmp_path / "clone" / "pyproject.toml").touch()

    assert Path("var") == default_home(tmp_path / "clone")
    assert Path("/var/lib/kairan") == default_home(tmp_path / "site-packages")
