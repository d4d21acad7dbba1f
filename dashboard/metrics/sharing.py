"""One account of several processes: each writes files of its own, whoever is asked adds up."""

import os
import shutil
from pathlib import Path

from prometheus_client import values
from prometheus_client.multiprocess import mark_process_dead

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share_counts(folder: Path) -> None:
    """Have this process and those forked from it count in a folder, from zero.

    Call it before the metrics are made.

    Args:
        folder: of this server alone; emptied.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER_VARIABLE] = str(folder)
    # The library looks at the variable once, when it is imported, which may have been long ago.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


def are_shared() -> bool:
    """Whether several processes count together."""
    return FOLDER_VARIABLE in os.environ


def forget_process(process: int) -> None:
    """Leave out what a process that ended had at hand; what it counted stays."""
    if are_shared():
        mark_process_dead(process)  # type: ignore[no-untyped-call]
