"""Settings: URLs per login, and nothing misspelt is let through."""

import pytest

from geo.errors import ConfigurationError
from geo.settings import DatabaseSettings, Login, read_settings, refuse_unknown

BASE = "postgresql://postgres@db.example:5433/disputes"


def settings(**values: object) -> DatabaseSettings:
    return DatabaseSettings.model_validate(values)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in DatabaseSettings.model_fields:
        monkeypatch.delenv(f"GRIDBOARD_{field.upper()}", raising=False)


@pytest.mark.parametrize(
    ("login", "user"),
    [("admin", "postgres"), ("loader", "gridboard_loader"), ("app", "gridboard_app")],
)
def test_urls_are_derived(login: Login, user: str) -> None:
    url = settings(database_url=BASE).url(login)
    assert str(url) == f"postgresql+psycopg2://{user}@db.example:5433/disputes"


def test_a_url_of_its_own_wins() -> None:
    own = "postgresql://reader:secret@replica.example/disputes"
    url = settings(database_url=BASE, app_database_url=own).url("app")
    assert (url.username, url.host, url.password) == ("reader", "replica.example", "secret")


def test_another_database_of_the_same_server() -> None:
    assert settings(database_url=BASE, database="chicago").url("app").database == "chicago"


def test_without_a_name_the_database_is_gridboard() -> None:
    assert settings(database_url="postgresql://postgres@/").url("admin").database == "gridboard"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "set GRIDBOARD_DATABASE_URL"),
        ({"database_url": "postgresql://a:s3cret@h/d"}, "set GRIDBOARD_APP_DATABASE_URL with"),
        ({"database_url": "mysql://h/d"}, "is for mysql"),
        ({"database_url": "s3cret"}, "GRIDBOARD_DATABASE_URL is no URL"),
    ],
)
def test_an_unusable_url_is_refused(values: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        settings(**values).url("app")
    assert "s3cret" not in str(caught.value)


def test_a_wrong_value_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDBOARD_POOL_SIZE", "none")
    with pytest.raises(ConfigurationError, match=r"^GRIDBOARD_POOL_SIZE: [^\n]*integer[^\n]*$"):
        read_settings(DatabaseSettings)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDBOARD_POOL_SIZE", "3")
    assert read_settings(DatabaseSettings).pool_size == 3


def test_a_misspelt_variable_stops_the_start() -> None:
    environment = {"GRIDBOARD_POOL_SIZ": "3", "GRIDBOARD_TEST_ADMIN_URL": "x", "PATH": "/bin"}
    with pytest.raises(ConfigurationError, match="did you mean GRIDBOARD_POOL_SIZE"):
        refuse_unknown(DatabaseSettings, environment=environment)


def test_known_variables_pass() -> None:
    refuse_unknown(DatabaseSettings, environment={"GRIDBOARD_DATABASE_URL": BASE, "HOME": "/"})
