"""Real processes: the gridboard command and the set-up, as a user would start them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import ports
from tests.cluster import CHECKOUT

Done = subprocess.CompletedProcess[str]
Gridboard = Callable[..., Done]
COMMAND = Path(sys.executable).parent / "gridboard"


@pytest.fixture
def environment(state_base: Path, free_port: int) -> dict[str, str]:
    """Ours, with a state and a port for this test alone."""
    # tests/conftest.py has taken all other settings out.
    own = {"GRIDBOARD_STATE_DIR": str(state_base), "GRIDBOARD_PORT": str(free_port)}
    return dict(os.environ) | own


@pytest.fixture
def gridboard(environment: dict[str, str]) -> Iterator[Gridboard]:
    """Runs ``gridboard …`` with settings of its own; a cluster it starts is stopped in the end."""

    def run(*arguments: str, **settings: object) -> Done:
        named = {f"GRIDBOARD_{name.upper()}": str(value) for name, value in settings.items()}
        return finished([str(COMMAND), *arguments], environment | named)

    yield run
    run("stop")


@pytest.fixture
def free_port() -> int:
    """A port on which nothing listens."""
    return ports.free_port()


def finished(command: list[str], environment: dict[str, str], cwd: Path = CHECKOUT) -> Done:
    """The outcome of a program that got two minutes."""
    return subprocess.run(
        command,
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def complaint(done: Done) -> str:
    """The one line with which a program refused."""
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("gridboard: ")
    return lines[0].removeprefix("gridboard: ")


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    """What the set-up needs of a checkout, without anything installed."""
    checkout = tmp_path / "a checkout"
    files = ["pyproject.toml", "setup.py", "constraints.txt", "Makefile", "geo/errors.py"]
    for name in (*files, "geo/__init__.py", "dashboard/__init__.py"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, checkout / name)
    for folder in ("bin", "dashboard/cluster"):
        shutil.copytree(CHECKOUT / folder, checkout / folder)
    return checkout


@pytest.fixture
def path_without_apt(tmp_path: Path) -> str:
    """A PATH that has the usual tools, but no way to install anything."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool) or pytest.fail(f"no {tool} here"))
    return str(folder)


TOOLS = (
    *("awk", "bash", "cat", "cksum", "cut", "df", "dirname", "env", "grep", "head", "id", "ls"),
    *("make", "mkdir", "printf", "rm", "sed", "sh", "sleep", "sort", "tail", "tr"),
)
