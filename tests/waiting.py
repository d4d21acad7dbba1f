"""Wait in a test for what another process does in its own time."""

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

Found = TypeVar("Found")


def until(found: Callable[[], Found], seconds: float = 60) -> Found:
    """Wait for something that is true, and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.02)
    pytest.fail("in vain")
