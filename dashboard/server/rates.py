"""How often one session may ask for what is costly: beyond that it is told when to come again.

Counted in each process by itself: a session is held to as many times the number as there are
processes, which is enough to keep one that runs wild from taking the places of all others.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from flask import Flask, g, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from dashboard.errors import TooManyRequestsError
from dashboard.people.sessions import Session
from dashboard.server.origin import origin_of

DEMO_DOOR = "/log-in/demo"
# A file of a whole province keeps a processor busy for seconds.
_FILES = ("/brief/", "/export/", "/ledger/")
_WORK = ("/campaigns", "/data/", "/people/", "/account", "/session/")
_FIGURES = (
    *("/values/", "/frames/", "/heat/", "/signals/", "/changes/", "/index/", "/areas/", "/tiles/"),
    "/_dash-update-component",
)
# What a brief shows on its page; its files are what is taken home.
_PICTURES = (".svg",)
# Asked by the clock, by every page that is open.
_NEWS = ("/data/news.json", "/people/news.json")


@dataclass(frozen=True)
class Costly:
    """Requests that are counted together.

    Attributes:
        name: of the kind.
        limit: how many in a minute.
    """

    name: str
    limit: RateLimitItem


_DEMO = Costly("demo", RateLimitItemPerMinute(60))


class Rates:
    """Counts the costly requests of each session.

    Args:
        figures_per_min: figures, areas and tiles that are not finished, callbacks too.
        work_per_min: uploads, jobs and changes of accounts; a quarter as many files of figures.
    """

    def __init__(self, figures_per_min: int, work_per_min: int) -> None:
        self._figures = Costly("figures", RateLimitItemPerMinute(figures_per_min))
        self._work = Costly("work", RateLimitItemPerMinute(work_per_min))
        self._files = Costly("files", RateLimitItemPerMinute(max(1, work_per_min // 4)))
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def kind(self, path: str) -> Costly | None:
        """What a request counts as; ``None`` for one that costs little."""
        if path.startswith(_FIGURES) or path in _NEWS or path.endswith(_PICTURES):
            return self._figures
        if path.startswith(_FILES):
            return self._files
        return self._work if path.startswith(_WORK) else None

    def count_demo(self, address: str) -> None:
        """Count who comes in by a click, by network address: there is no session yet.

        Raises:
            TooManyRequestsError: it is one too many.
        """
        self._hit(_DEMO, address)

    def count(self, session: Session, path: str) -> None:
        """Count a request.

        Raises:
            TooManyRequestsError: it is one too many.
        """
        costly = self.kind(path)
        if costly is not None:
            self._hit(costly, str(session.session_id))

    def _hit(self, costly: Costly, who: str) -> None:
        whose = (costly.name, who)
        if not self._limiter.hit(costly.limit, *whose):
            resets_at_s = self._limiter.get_window_stats(costly.limit, *whose).reset_time
            raise TooManyRequestsError(max(1, math.ceil(resets_at_s - time.time())))


def register(server: Flask, rates: Rates) -> None:
    """Count what sessions ask for, and entries to the demo; strangers come no further.

    Registered after the doors, which know the session.
    """

    @server.before_request
    def _count() -> None:
        if request.path == DEMO_DOOR and request.method == "POST":
            rates.count_demo(origin_of(request).address)
        session: Session | None = g.get("session")
        if session is not None:
            rates.count(session, request.path)
