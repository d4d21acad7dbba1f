"""The demo as a newcomer runs it: one command to a page, Ctrl-C, again, stop."""

import os
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest

from tests.ops.conftest import COMMAND, Gridboard, complaint

READY = "gridboard serves "
Served = Callable[[], AbstractContextManager[tuple[list[str], str]]]


@pytest.fixture
def served(environment: dict[str, str], tmp_path: Path) -> Served:
    """Runs ``gridboard demo`` in the foreground: the lines up to the URL, and the URL."""

    @contextmanager
    def run() -> Iterator[tuple[list[str], str]]:
        command = [str(COMMAND), "demo", "--size", "county"]
        errors = tmp_path / "errors"
        with (
            errors.open("w") as stderr,
            subprocess.Popen(
                command,
                env=environment,
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                start_new_session=True,
            ) as program,
        ):
            assert program.stdout is not None
            said = []
            for line in program.stdout:
                said.append(line)
                if line.startswith(READY):
                    break
            else:
                pytest.fail("".join(said) + errors.read_text())
            yield said, line.removeprefix(READY).split()[0]
            # A terminal sends Ctrl-C to all processes of the group at once.
            os.killpg(program.pid, signal.SIGINT)
            assert program.wait(timeout=30) == 0
        assert errors.read_text() == ""

    return run


def test_from_nothing_to_a_page_and_back(
    served: Served, gridboard: Gridboard, tmp_path: Path
) -> None:
    with served() as (said, url):
        assert any("Loading the demo (county): done" in line for line in said)
        assert status(f"{url}healthz") == status(f"{url}readyz") == 200
        with pytest.raises(HTTPError, match="401"):
            status(f"{url}revision.json")
        page = enter(url)
        assert page.open(url, timeout=30).status == 200
        assert (tmp_path / "build/demo/truth.json").exists()
        taken = gridboard("demo")
        assert taken.returncode == 1
        assert "gridboard serves there already" in taken.stderr
        first = page.open(f"{url}revision.json", timeout=30).read()

    running = gridboard("cluster", "status")
    assert running.stdout.startswith("running"), "Ctrl-C ends the page, not PostgreSQL"

    other = complaint(gridboard("demo", "--no-serve", "--size", "province"))
    assert other.startswith("this database holds the demo of size county, not province")

    with served() as (said, url):
        assert any("loaded already" in line for line in said)
        again = enter(url).open(f"{url}revision.json", timeout=30).read()
        assert again == first, "the second run keeps the data"
        assert gridboard("stop").stdout.strip() == "Stopped 1 server and PostgreSQL"
        with pytest.raises(OSError, match="refused"):
            status(url)
    assert gridboard("stop").stdout.strip() == "Nothing was running"


def enter(url: str) -> urllib.request.OpenerDirector:
    """Click a ready account on the demo's log-in page; asks with its session from then on."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.addheaders = [("Sec-Fetch-Site", "same-origin")]
    page = browser.open(f"{url}log-in/demo", urlencode({"login": "demo-leader"}).encode(), 30)
    assert page.status == 200
    return browser


def status(url: str) -> int:
    """The status of an answer."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return int(answer.status)
