"""Where chunks are prepared: beside the loader, in processes of their own, on a Dask cluster.

All places keep the order of the file and hold no more than a few chunks at a time, so that
the result and the memory depend neither on how many work nor on how fast each of them is.
"""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, Generic, Protocol, TypeVar

from geo.errors import ConfigurationError, GridboardError

Context = TypeVar("Context")
Item = TypeVar("Item")
Result = TypeVar("Result")
Item_in = TypeVar("Item_in", contravariant=True)
Result_out = TypeVar("Result_out", covariant=True)


class WorkerError(GridboardError):
    """Whoever prepared chunks went away; the load was taken back."""


class Promise(Protocol[Result_out]):
    """A result that will be there."""

    def result(self) -> Result_out:
        """Wait for it."""
        ...


class Submit(Protocol[Item_in, Result_out]):
    """Begins the work on an item."""

    def __call__(self, item: Item_in, /) -> Promise[Result_out]:
        """Give the item to whoever is free."""
        ...


class Crew(Protocol):
    """Who does the work."""

    @property
    def window(self) -> int:
        """How many items may be under way at once."""
        ...

    def at_work(
        self, function: Callable[[Item, Context], Result], context: Context
    ) -> AbstractContextManager[Submit[Item, Result]]:
        """Give everybody the context once; yields what hands them an item."""
        ...


def run_in_order(
    function: Callable[[Item, Context], Result],
    items: Iterable[Item],
    context: Context,
    crew: Crew,
) -> Generator[tuple[Item, Result], None, None]:
    """Work on items, several at a time; results come in the order of the items.

    Args:
        function: pure; it and what it takes and gives can be pickled.
        items: taken one by one, in this thread, as there is room for them.
        context: what the function needs for every item; each worker gets it once.
        crew: who does it.

    Yields:
        Each item with its result.

    Raises:
        WorkerError: a worker ended before its work was done.
    """
    waiting: deque[tuple[Item, Promise[Result]]] = deque()
    with crew.at_work(function, context) as submit:
        for item in items:
            waiting.append((item, submit(item)))
            if len(waiting) >= crew.window:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)


def _first(waiting: deque[tuple[Item, Promise[Result]]]) -> tuple[Item, Result]:
    """The oldest item, once it is done."""
    item, promise = waiting.popleft()
    return item, promise.result()


@dataclass(frozen=True)
class Beside:
    """One thread of this process: works on a chunk while the next is read."""

    window: int = 2

    @contextmanager
    def at_work(
        self, function: Callable[[Item, Context], Result], context: Context
    ) -> Iterator[Submit[Item, Result]]:
        """See ``Crew``."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="prepare") as executor:
            try:
                yield lambda item: executor.submit(function, item, context)
            finally:
                executor.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True)
class Processes:
    """Processes of this machine."""

    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ConfigurationError(f"{self.count} workers: expected at least 1")

    @property
    def window(self) -> int:
        """One item in work and one waiting for each."""
        return self.count + 1

    @contextmanager
    def at_work(
        self, function: Callable[[Item, Context], Result], context: Context
    ) -> Iterator[Submit[Item, Result]]:
        """See ``Crew``."""
        executor = ProcessPoolExecutor(
            max_workers=self.count,
            # Not fork: threads and connections of this process must not be copied.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(function, context),
        )
        with executor:
            try:
                yield lambda item: _OfProcess(executor.submit(_work, item), self.count)
            finally:
                executor.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True)
class _OfProcess(Generic[Result]):
    """A result of a process, which may have been killed."""

    future: "Future[Result]"
    count: int

    def result(self) -> Result:
        try:
            return self.future.result()
        except BrokenProcessPool as error:
            raise WorkerError(
                f"one of {self.count} worker processes ended before its work was done, nothing was"
                " changed: it was killed or ran out of memory; run it again, with fewer --workers"
                " if memory is short"
            ) from error


BESIDE = Beside()
"""What a load does without being told otherwise."""

_held: dict[str, Any] = {}


def _begin(function: Callable[..., object], context: object) -> None:
    """In a new process: keep what every item needs, and end with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    Thread(target=_end_with_parent, daemon=True).start()
    _held.update(function=function, context=context)


def _work(item: Any) -> Any:
    """In a worker process: work on one item."""
    return _held["function"](item, _held["context"])


def _end_with_parent() -> None:
    """A loader that was killed leaves no process behind."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
