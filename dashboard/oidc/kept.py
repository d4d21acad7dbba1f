"""An answer of the provider that is kept for a while, and so is its silence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from dashboard.oidc.problems import OidcError

_Answer = TypeVar("_Answer")

PATIENCE_S = 0.5
SILENCE_S = 5.0


class Kept(Generic[_Answer]):
    """Asks at most one question at a time, and none for a moment after a failure.

    A provider that is away must not hold the threads that draw the map.

    Args:
        ask: asks the provider; raises OidcError.
        life_s: how long an answer counts.
        clock_s: seconds that only grow.
    """

    def __init__(
        self, ask: Callable[[], _Answer], life_s: float, clock_s: Callable[[], float]
    ) -> None:
        self._ask = ask
        self._life_s = life_s
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._answer: tuple[float, _Answer] | None = None
        self._failure: tuple[float, OidcError] | None = None

    def get(self, younger_than_s: float | None = None) -> _Answer:
        """Return the answer, asking for it if the kept one is too old.

        Raises:
            OidcError: the provider does not answer, or others wait for it already.
        """
        limit_s = self._life_s if younger_than_s is None else younger_than_s
        kept = self._answer
        if kept is not None and self._clock_s() - kept[0] <= limit_s:
            return kept[1]
        if not self._lock.acquire(timeout=PATIENCE_S):
            raise OidcError("oidc_away", "others wait for the provider already")
        try:
            return self._asked(limit_s)
        finally:
            self._lock.release()

    def _asked(self, limit_s: float) -> _Answer:
        now_s = self._clock_s()
        if self._answer is not None and now_s - self._answer[0] <= limit_s:
            return self._answer[1]
        if self._failure is not None and now_s - self._failure[0] <= SILENCE_S:
            raise self._failure[1]
        try:
            answer = self._ask()
        except OidcError as error:
            self._failure = self._clock_s(), error
            raise
        self._answer = self._clock_s(), answer
        return answer
