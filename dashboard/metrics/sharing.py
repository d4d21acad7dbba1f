"""One account of several processes: each writes files of its own, whoever is asked adds up.

The client library decides when it is imported whether it shares: this must run before, so
nothing here may import it at the top.
"""

import os
import shutil
from pathlib import Path

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share_counts(folder: Path) -> None:
    """Have this process and those forked from it count in a folder, from zero.

    Args:
        folder: of this server alone; emptied.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER_VARIABLE] = str(folder)


def are_shared() -> bool:
    """Whether several processes count together."""
    return FOLDER_VARIABLE in os.environ


def forget_process(process: int) -> None:
    """Leave out what a process that ended had at hand; what it counted stays."""
    if are_shared():
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(process)  # type: ignore[no-untyped-call]
