"""Secrets come from the environment or from files, and are never shown."""

from pathlib import Path

import pytest

from dashboard.cli import SETTINGS
from geo.errors import ConfigurationError
from geo.secret_files import LONGEST_SECRET_BYTES, is_secret, secret_names
from geo.settings import DatabaseSettings, read_settings, refuse_unknown

URL = "postgresql://reader:s3cret@db.example/disputes"
NAME = "GRIDBOARD_DATABASE_URL"


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of secrets that the settings are told of."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setenv("GRIDBOARD_SECRETS_DIR", str(tmp_path))
    return tmp_path


def password() -> str | None:
    return read_settings(DatabaseSettings).url("admin").password


@pytest.mark.parametrize("name", [NAME, NAME.lower()])
def test_a_secret_is_read_from_its_file(secrets: Path, name: str) -> None:
    (secrets / name).write_text(f"{URL}\n")
    assert password() == "s3cret"


def test_the_credentials_of_systemd_are_read(
    secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = tmp_path / "handed"
    handed.mkdir()
    (handed / NAME).write_text(URL)
    (handed / "tls-key").write_text("of somebody else")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    assert password() == "s3cret"
    (secrets / NAME).write_text(URL.replace("s3cret", "own"))
    assert password() == "own", "the folder we are told of goes before"


def test_the_environment_wins(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / NAME).write_text(URL)
    monkeypatch.setenv(NAME, URL.replace("s3cret", "other"))
    assert password() == "other"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b" \n", "is empty"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"x" * (LONGEST_SECRET_BYTES + 1), "more than 65536 bytes"),
    ],
)
def test_what_cannot_be_a_secret_is_refused(secrets: Path, content: bytes, message: str) -> None:
    (secrets / NAME).write_bytes(content)
    with pytest.raises(ConfigurationError, match=message) as caught:
        read_settings(DatabaseSettings)
    assert str(secrets / NAME) in str(caught.value)


def test_a_folder_in_place_of_a_file_is_refused(secrets: Path) -> None:
    (secrets / NAME).mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        read_settings(DatabaseSettings)


def test_a_folder_that_is_not_there_is_refused(
    secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDBOARD_SECRETS_DIR", str(secrets / "none"))
    with pytest.raises(ConfigurationError, match="no folder that can be read: No such file"):
        read_settings(DatabaseSettings)


def test_a_misspelt_file_stops_the_start(secrets: Path) -> None:
    (secrets / "GRIDBOARD_DATABASE_URI").write_text(URL)
    environment = {"GRIDBOARD_SECRETS_DIR": str(secrets)}
    with pytest.raises(ConfigurationError, match=f"did you mean {NAME}"):
        refuse_unknown(DatabaseSettings, environment=environment)


def test_a_setting_that_is_no_secret_does_not_come_from_a_file(secrets: Path) -> None:
    (secrets / "GRIDBOARD_POOL_SIZE").write_text("3")
    with pytest.raises(ConfigurationError, match=r"unknown secret .*GRIDBOARD_POOL_SIZE"):
        refuse_unknown(DatabaseSettings, environment={"GRIDBOARD_SECRETS_DIR": str(secrets)})


@pytest.mark.parametrize("name", sorted(secret_names(*SETTINGS)))
def test_no_secret_has_a_default(name: str) -> None:
    field = name.removeprefix("GRIDBOARD_").lower()
    kinds = [kind for kind in SETTINGS if field in kind.model_fields]
    assert [kind.model_fields[field].default for kind in kinds] == [None] * len(kinds)


def test_settings_do_not_show_their_secrets(secrets: Path) -> None:
    (secrets / NAME).write_text(URL)
    settings = read_settings(DatabaseSettings)
    assert settings.database_url is not None
    assert "s3cret" not in f"{settings} {settings!r} {settings.model_dump()}"


def test_what_sounds_like_a_secret_is_one() -> None:
    """Whoever adds such a setting as plain text is told here."""
    telling = ("secret", "token", "password", "database_url", "key")
    plain = [
        name
        for kind in SETTINGS
        for name, field in kind.model_fields.items()
        if any(word in name for word in telling) and not is_secret(field)
    ]
    assert plain == ["secrets_dir"] * len(plain)
