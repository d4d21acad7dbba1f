"""What a process keeps in memory between requests: bounded in bytes, one builder at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar, cast

Value = TypeVar("Value")
_ENTRY_BYTES = 512
"""What a key, its version and the objects around the numbers take, whatever the value."""

_LOCKS = 64


@dataclass(frozen=True)
class _Entry:
    version: Hashable
    value: object
    nbytes: int


class Store:
    """Values by key, each with the version of the data it was made from.

    Every key begins with the viewer's scope, so that no viewer meets another's values.
    When the limit is passed, the values unused for longest are let go.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._held_bytes = 0
        self._lock = threading.Lock()
        self._building = [threading.RLock() for _ in range(_LOCKS)]

    @property
    def held_bytes(self) -> int:
        """Bytes of all values kept."""
        return self._held_bytes

    def get(self, key: Hashable, version: Hashable) -> object | None:
        """Return the value of a key if it was made from this version."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.version != version:
                return None
            self._entries.move_to_end(key)
            return entry.value

    def put(self, key: Hashable, version: Hashable, value: object) -> None:
        """Keep a value in place of the key's former one.

        A value counts as much as its attribute ``nbytes`` says, if it has one, and every entry
        something more. One larger than the limit is not kept, and drives nothing else out.
        """
        nbytes = _ENTRY_BYTES + int(getattr(value, "nbytes", 0))
        with self._lock:
            self._forget(key)
            if nbytes > self._limit_bytes:
                return
            self._entries[key] = _Entry(version, value, nbytes)
            self._held_bytes += nbytes
            while self._held_bytes > self._limit_bytes:
                self._forget(next(iter(self._entries)))

    def made(
        self, key: Hashable, version: Hashable, make: Callable[[Value | None], Value]
    ) -> Value:
        """Return the key's value of this version, making it if need be.

        Args:
            key: begins with the scope.
            version: of the data the value must come from.
            make: makes the value; given the one of another version, if there is one, to
                reuse what did not change. It must neither ask this store for another value
                nor wait for a connection: those who wait for it may hold what it waits for.
        """
        found = self.get(key, version)
        if found is None:
            with self._building[hash(key) % _LOCKS]:
                found = self.get(key, version)
                if found is None:
                    found = make(cast("Value | None", self._former(key)))
                    self.put(key, version, found)
        return cast("Value", found)

    def _former(self, key: Hashable) -> object | None:
        with self._lock:
            entry = self._entries.get(key)
            return entry.value if entry else None

    def _forget(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._held_bytes -= entry.nbytes
