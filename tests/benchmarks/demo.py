"""How long ``make demo`` takes from a fresh clone to a page that answers, and the second time.

The clone has no .venv and a folder of state of its own. Packages of the system (PostGIS) are
installed by the first run only where they are missing, so on a machine that has them the
figure leaves them out.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LIMIT_S = 900.0
READY = "gridboard serves "


def measure(size: str = "province") -> dict[str, float]:
    """Seconds from typing ``make demo`` to a page: in a fresh clone, and with everything there."""
    with tempfile.TemporaryDirectory(prefix="gridboard-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        clone = folder / "gridboard"
        subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(clone)], check=True)
        environment = environment_for(folder)
        try:
            return {
                "demo.first_s": round(seconds_to_page(clone, size, environment), 1),
                "demo.second_s": round(seconds_to_page(clone, size, environment), 1),
            }
        finally:
            subprocess.run(["make", "-s", "clean"], cwd=clone, env=environment, check=False)


def environment_for(folder: Path) -> dict[str, str]:
    """Ours without gridboard's settings, with a free port and a folder of state."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GRIDBOARD")}
    own = {"GRIDBOARD_PORT": str(port), "GRIDBOARD_STATE_DIR": str(folder / "state")}
    return ours | own


def seconds_to_page(clone: Path, size: str, environment: dict[str, str]) -> float:
    """Time ``make demo`` until the page's HTML is there; then end it as Ctrl-C does."""
    started = time.perf_counter()
    with running(["make", "-s", "demo", f"SIZE={size}"], clone, environment) as lines:
        for line in lines:
            sys.stderr.write(line)
            if line.startswith(READY):
                url = line.removeprefix(READY).split()[0]
                with urllib.request.urlopen(url, timeout=60) as page:
                    assert page.status == 200
                return time.perf_counter() - started
    raise RuntimeError("make demo ended without serving")


@contextmanager
def running(command: list[str], cwd: Path, environment: dict[str, str]) -> Iterator[Iterator[str]]:
    """The lines a program prints while it runs; interrupted with its children in the end."""
    program = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    try:
        yield iter(program.stdout)
    finally:
        os.killpg(program.pid, signal.SIGINT)
        program.wait(timeout=LIMIT_S)
        program.stdout.close()


def main() -> None:
    """Print the figures as JSON."""
    size = sys.argv[1] if len(sys.argv) > 1 else "province"
    sys.stdout.write(json.dumps(measure(size), indent=1) + "\n")


if __name__ == "__main__":
    main()
