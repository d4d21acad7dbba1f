"""Chunks prepared on a Dask cluster: the existing engine, an optional extra (gridboard[dask])."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Generic, TypeVar

from etl.workers import Submit, WorkerError
from geo.errors import ConfigurationError

Context = TypeVar("Context")
Item = TypeVar("Item")
Result = TypeVar("Result")

_ATTEMPTS = 4
"""How often an item is given out while workers go away with it."""

_PAUSE_S = 0.5

_PACKAGES = ("gridboard", "numpy", "pandas", "pyarrow", "shapely", "pyproj")
"""Whose versions must be the same everywhere, so that the result is."""


@dataclass(frozen=True)
class Cluster:
    """The workers of a Dask cluster.

    Attributes:
        address: of its scheduler, such as ``tcp://10.0.0.5:8786``.
        timeout_s: how long to wait for the scheduler, and for its first worker.
    """

    address: str
    timeout_s: float = 20.0

    @property
    def window(self) -> int:
        """Enough for a few workers; what waits lies in this process's memory."""
        return 4

    @contextmanager
    def at_work(
        self, function: Callable[[Item, Context], Result], context: Context
    ) -> Iterator[Submit[Item, Result]]:
        """See ``Crew``."""
        with _connected(self.address, self.timeout_s) as client:
            _refuse_other_versions(client)
            # A copy on each worker: whoever is killed, the others still have it.
            shared = client.scatter(context, broadcast=True, hash=False)
            yield lambda item: _OfCluster(client, function, shared, item)


class _OfCluster(Generic[Item, Result]):
    """A result of the cluster; its item is given out again when a worker went away with it."""

    def __init__(
        self, client: Any, function: Callable[[Item, Any], Result], shared: Any, item: Item
    ) -> None:
        self._client, self._function, self._shared, self._item = client, function, shared, item
        self._future = self._submit()

    def result(self) -> Result:
        """Wait for it."""
        for _ in range(_ATTEMPTS):
            if self._future is not None:
                with suppress(*_went_away()):
                    result: Result = self._future.result()
                    return result
            # Until the scheduler has noticed who is gone.
            time.sleep(_PAUSE_S)
            self._future = self._submit()
        raise WorkerError(
            f"Dask workers ended {_ATTEMPTS} times over the same rows, nothing was changed: look at"
            " their logs and memory, then run it again"
        )

    def _submit(self) -> Any:
        """Put the item on a worker, then ask for the work there; None if it went away meanwhile."""
        with suppress(*_went_away()):
            rows = self._client.scatter(self._item, hash=False)
            return self._client.submit(self._function, rows, self._shared, pure=False)
        return None


def _went_away() -> tuple[type[BaseException], ...]:
    """What is raised when a worker goes away with our rows."""
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    return (CancelledError, CommClosedError, KilledWorker)


@contextmanager
def _connected(address: str, timeout_s: float) -> Iterator[Any]:
    """A client of a cluster that has at least one worker.

    Raises:
        ConfigurationError: the extra is not installed, or nobody answers.
    """
    try:
        import distributed
    except ImportError as error:
        raise ConfigurationError(
            "--dask needs the packages of gridboard[dask]: pip install 'gridboard[dask]'"
        ) from error
    try:
        # Any: its functions are not annotated.
        connect: Any = distributed.Client
        client = connect(address, timeout=timeout_s, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"no Dask scheduler answers at {address}: expected an address such as"
            f" tcp://10.0.0.5:8786 ({error})"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=timeout_s)
        except TimeoutError as error:
            raise ConfigurationError(
                f"the Dask scheduler at {address} has no workers: start dask worker {address}"
            ) from error
        yield client


def _versions() -> dict[str, str]:
    """The versions here, wherever that is."""
    found = {name: version(name) for name in _PACKAGES}
    return found | {"python": ".".join(map(str, sys.version_info[:2]))}


def _refuse_other_versions(client: Any) -> None:
    """See that workers have our versions, because others may place a point otherwise.

    Raises:
        ConfigurationError: names what differs.
    """
    ours = _versions()
    for worker, theirs in client.run(_versions).items():
        wrong = [
            f"{name} {theirs.get(name)} instead of {ours[name]}"
            for name in ours
            if theirs.get(name) != ours[name]
        ]
        if wrong:
            raise ConfigurationError(
                f"the Dask worker {worker} has {', '.join(wrong)}: install the same versions there"
            )
