"""Processes as Linux tells of them."""

from pathlib import Path


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    told = Path(f"/proc/{process}/task/{process}/children")
    return [int(word) for word in told.read_text().split()] if told.exists() else []


def descendants(process: int) -> list[int]:
    """The processes that a process has started, and those that these have."""
    own = children(process)
    return own + [one for child in own for one in descendants(child)]


def words(process: int) -> list[str]:
    """The command line of a process; empty if it is gone, or dead and not yet buried."""
    try:
        told = Path(f"/proc/{process}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [word for word in told.split("\0") if word]
