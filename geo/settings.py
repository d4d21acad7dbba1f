"""Settings of the database connection, and the refusal of settings nobody reads."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from geo.errors import ConfigurationError
from geo.secret_files import PREFIX, SecretFiles, secret_files, secret_names

_TEST_PREFIX = f"{PREFIX}TEST_"
_DRIVER = "postgresql+psycopg2"

Login = Literal["admin", "loader", "app"]
"""Who logs in: the administrator (migrates), the loader (writes data), the application (reads)."""

_Settings = TypeVar("_Settings", bound=BaseSettings)
_USERS = {"loader": "gridboard_loader", "app": "gridboard_app"}


class FileBackedSettings(BaseSettings):
    """Settings from the environment; those that are secrets from files as well.

    The environment wins. A file is called like the variable, such as GRIDBOARD_DATABASE_URL, and
    lies in the folder GRIDBOARD_SECRETS_DIR or among the credentials systemd hands over.
    """

    secrets_dir: Path | None = Field(
        default=None,
        description="folder with a file for each secret, called like its variable",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Ask, in this order: the caller, the environment, the files."""
        return init_settings, env_settings, SecretFiles(settings_cls)


class DatabaseSettings(FileBackedSettings):
    """Where PostgreSQL is and how long to wait for it; each field is GRIDBOARD_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True
    )

    database_url: SecretStr | None = Field(
        None,
        description="URL of an existing PostGIS, with a user who may create roles and extensions;"
        " without it the private cluster is used",
    )
    app_database_url: SecretStr | None = Field(
        None,
        description="URL the application logs in with; by default GRIDBOARD_DATABASE_URL as"
        " user gridboard_app",
    )
    loader_database_url: SecretStr | None = Field(
        None,
        description="URL loads log in with; by default GRIDBOARD_DATABASE_URL as user"
        " gridboard_loader",
    )
    database: str | None = Field(
        None,
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="name of the database, in place of the one in the URL",
    )
    pool_size: int = Field(8, ge=1, le=200, description="connections a process keeps")
    pool_wait_s: float = Field(
        3.0, gt=0, le=60, description="seconds to wait for a free connection before giving up"
    )
    connect_timeout_s: int = Field(
        5, ge=2, le=60, description="seconds to wait for the server to answer"
    )
    statement_timeout_s: float = Field(
        30.0, gt=0, le=3600, description="seconds one query of the application may take"
    )

    def url(self, login: Login) -> URL:
        """The URL to log in with.

        Raises:
            ConfigurationError: no URL is set, or one cannot be derived because the server wants
                a password.
        """
        own = {"app": self.app_database_url, "loader": self.loader_database_url}.get(login)
        if own is not None:
            return self._completed(own, f"{login}_database_url")
        if self.database_url is None:
            raise ConfigurationError("no database is known: set GRIDBOARD_DATABASE_URL")
        url = self._completed(self.database_url, "database_url")
        if login == "admin":
            return url
        if url.password is not None:
            raise ConfigurationError(
                f"the server wants passwords: set GRIDBOARD_{login.upper()}_DATABASE_URL with the"
                f" password of {_USERS[login]}"
            )
        return url.set(username=_USERS[login])

    def _completed(self, secret: SecretStr, name: str) -> URL:
        try:
            url = make_url(secret.get_secret_value())
        except ArgumentError:
            # The value is not repeated: it may hold a password.
            raise ConfigurationError(
                f"{PREFIX}{name.upper()} is no URL: expected postgresql://user@host:port/database"
            ) from None
        if url.get_backend_name() != "postgresql":
            raise ConfigurationError(
                f"{PREFIX}{name.upper()} is for {url.get_backend_name()}: expected postgresql://…"
            )
        return url.set(drivername=_DRIVER, database=self.database or url.database or "gridboard")


def read_settings(kind: type[_Settings]) -> _Settings:
    """Read settings from the environment, with one line that names what is wrong.

    Raises:
        ConfigurationError: a value does not fit its setting.
    """
    try:
        return kind()
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        problems = "; ".join(_problem(item["loc"], item["msg"]) for item in found)
        raise ConfigurationError(problems) from None
    except SettingsError as error:
        # It names the field; the value, which may be a secret, is not repeated.
        raise ConfigurationError(f"{error}: expected JSON") from None


def refuse_unknown(
    *kinds: type[BaseSettings], environment: Mapping[str, str] | None = None
) -> None:
    """Stop when a GRIDBOARD_* variable is set which none of the settings classes reads.

    A misspelt setting would otherwise be ignored without a word, and so would a file of that
    name among the secrets. GRIDBOARD_TEST_* belongs to the tests and is let through.

    Raises:
        ConfigurationError: names every such variable and file, and what may have been meant.
    """
    known = {f"{PREFIX}{field}".upper() for kind in kinds for field in kind.model_fields}
    given = os.environ if environment is None else environment
    unknown = sorted(
        name
        for name in given
        if name.startswith(PREFIX) and not name.startswith(_TEST_PREFIX) and name not in known
    )
    problems = [_unknown(f"setting {name}", name, known) for name in unknown]
    secrets = secret_names(*kinds)
    problems += [
        _unknown(f"secret {file}", file.name.upper(), secrets)
        for file in secret_files(given)
        if file.name.upper() not in secrets
    ]
    if problems:
        raise ConfigurationError("; ".join(problems))


def _unknown(what: str, name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}"
    return f"unknown {what}: {hint}"


def _problem(place: tuple[int | str, ...], message: str) -> str:
    """A setting that does not fit, or several that do not fit each other."""
    said = message.removeprefix("Value error, ")
    return f"{PREFIX}{'.'.join(map(str, place)).upper()}: {said}" if place else said
