"""Real files for tests, beside the checkout: they are no part of the project."""

from pathlib import Path

import pytest

from tests.cluster import CHECKOUT


def real_file(name: str) -> Path:
    """Where a real file is; whoever has not got it skips the test, or the module, that asks.

    Args:
        name: its path below ``shared/data``, beside the checkout.
    """
    path = CHECKOUT.parent / "shared" / "data" / name
    if not path.is_file():
        pytest.skip(f"not part of the project, and not here: {path}", allow_module_level=True)
    return path
