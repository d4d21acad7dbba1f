"""Secrets from files: a folder of ours, or the credentials systemd hands to a service."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource

from geo.errors import ConfigurationError

PREFIX = "GRIDBOARD_"
SECRETS_DIR = f"{PREFIX}SECRETS_DIR"
CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY"
"""Where systemd puts what a unit's LoadCredential names."""

LONGEST_SECRET_BYTES = 65_536


class SecretFiles(EnvSettingsSource):
    """Reads settings that are secrets from files called like their environment variables."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        fields = self.settings_cls.model_fields
        wanted = {name for name, field in fields.items() if is_secret(field)}
        return {
            file.name.lower(): read_secret(file)
            for file in secret_files(os.environ)
            if file.name.lower().removeprefix(PREFIX.lower()) in wanted
        }


def secret_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """The files named ``GRIDBOARD_<SETTING>``; those of GRIDBOARD_SECRETS_DIR come last and win.

    Raises:
        ConfigurationError: GRIDBOARD_SECRETS_DIR names no folder that can be read.
    """
    for variable in (CREDENTIALS_DIRECTORY, SECRETS_DIR):
        folder = environment.get(variable)
        if folder:
            yield from _ours(Path(folder), variable)


def read_secret(file: Path) -> str:
    """The content of a file, without white space around it.

    Raises:
        ConfigurationError: it cannot be read, or holds nothing that could be a secret. What
            it holds is not repeated.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LONGEST_SECRET_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"the secret {file} cannot be read: {error.strerror}") from error
    if len(content) > LONGEST_SECRET_BYTES:
        raise ConfigurationError(f"the secret {file} has more than {LONGEST_SECRET_BYTES} bytes")
    try:
        secret = content.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ConfigurationError(f"the secret {file} is no text in UTF-8") from None
    if not secret:
        raise ConfigurationError(f"the secret {file} is empty: fill it, or take it away")
    return secret


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting is a secret: such a one may come from a file."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


def secret_names(*kinds: type[BaseSettings]) -> set[str]:
    """The variables, and so the files, of the settings that are secrets."""
    return {
        f"{PREFIX}{name}".upper()
        for kind in kinds
        for name, field in kind.model_fields.items()
        if is_secret(field)
    }


def _ours(folder: Path, variable: str) -> list[Path]:
    try:
        names = sorted(folder.iterdir())
    except OSError as error:
        raise ConfigurationError(
            f"{variable} names {folder}, which is no folder that can be read: {error.strerror}"
        ) from error
    return [file for file in names if file.name.upper().startswith(PREFIX)]
