"""The two files, what a clean load of them comes to, and databases to do harm to."""

from collections.abc import Iterator

import pytest

from etl.checksums import Checksums
from geo.settings import DatabaseSettings
from tests.crash.loads import Files, finish, make_files, prepare, sums
from tests.databases import cloned_database


@pytest.fixture(scope="package")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The two files."""
    return make_files(tmp_path_factory.mktemp("loads"))


@pytest.fixture(scope="package")
def loaded_once(server: str, template: str, files: Files) -> Iterator[str]:
    """The name of a database with areas and the first file; nobody is connected to it."""
    with cloned_database(server, template) as settings:
        prepare(settings, files)
        yield settings.url("admin").database or ""


@pytest.fixture(scope="package")
def before(server: str, loaded_once: str) -> Checksums:
    """The checksums after the first file."""
    with cloned_database(server, loaded_once) as settings:
        return sums(settings)


@pytest.fixture(scope="package")
def clean(server: str, loaded_once: str, files: Files) -> Checksums:
    """The checksums after both files, loaded one after the other without harm."""
    with cloned_database(server, loaded_once) as settings:
        finish(settings, files)
        return sums(settings)


@pytest.fixture
def database(server: str, loaded_once: str) -> Iterator[DatabaseSettings]:
    """A database with areas and the first file."""
    with cloned_database(server, loaded_once) as settings:
        yield settings
