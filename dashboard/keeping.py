"""Keep a program running for as long as whoever started us lives.

Started by the server as a process of its own: gunicorn's master collects the ends of all its
children, so it cannot well watch one that is not its worker. We learn of the server's end, however
it ends, from our standard input, which it holds open.
"""

import logging
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
STEADY_S = 60.0
"""Whatever ran for so long and died is started again after the first pause."""

END_TIMEOUT_S = 10.0

_log = logging.getLogger(__name__)


class Ended(Exception):  # noqa: N818 - no error
    """We are told to end."""


def keep(command: Sequence[str]) -> None:
    """Run a program again and again until our standard input ends or a signal tells us to end."""
    signal.signal(signal.SIGTERM, _end)
    pause_s = FIRST_PAUSE_S
    try:
        while True:
            started_s = time.monotonic()
            _run(command)
            if time.monotonic() - started_s > STEADY_S:
                pause_s = FIRST_PAUSE_S
            _log.warning("%s ended; starting it again in %g s", command[-1], pause_s)
            _wait_s(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
    except Ended:
        return


def _run(command: Sequence[str]) -> None:
    """Run a program to its end, or end it with us."""
    with subprocess.Popen(command) as program:  # noqa: S603 - our own argument list, no shell
        try:
            while program.poll() is None:
                _wait_s(0.2)
        except Ended:
            program.terminate()
            try:
                program.wait(END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                program.kill()
            raise


def _wait_s(seconds: float) -> None:
    """Wait, unless our standard input ends.

    Raises:
        Ended: it did.
    """
    if select.select([sys.stdin], [], [], seconds)[0]:
        raise Ended


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise Ended


if __name__ == "__main__":
    keep(sys.argv[1:])
