"""What is known of how incidents are handled: plain values, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LATE_FROM_DAYS = (0, 8, 31, 91)
"""First whole day past the deadline of each band of the backlog."""


@dataclass(frozen=True)
class Quartiles:
    """Days from receipt to resolution: a quarter took up to ``low``, half up to ``median``.

    Whole days of the calendar; between two incidents' days the limits lie between.
    """

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Outcome:
    """What became of the incidents of a period.

    Attributes:
        received: all of them.
        by_status: how many have each status, by its id.
        resolved, open: of ``received``.
        overdue: of ``open``, those past their deadline.
        late: of ``overdue``, those 0-7, 8-30, 31-90 and more than 90 whole days past it.
        no_deadline: of ``open``, those without a deadline, which cannot be late.
        share: resolved ÷ received (化解率); ``None`` where none was received.
        share_low, share_high: its exact interval (Clopper-Pearson, 95 %).
        days: of those resolved; ``None`` where no resolution has a date.
    """

    received: int
    by_status: Mapping[int, int]
    resolved: int
    open: int
    overdue: int
    late: tuple[int, ...]
    no_deadline: int
    share: float | None
    share_low: float
    share_high: float
    days: Quartiles | None


@dataclass(frozen=True)
class Handler:
    """An area, or an organisation, with what became of its incidents.

    Attributes:
        area_id, code: of an area; ``None`` for an organisation.
        name: ``None`` for incidents of which no organisation is recorded, and for those known
            only more coarsely than the areas listed.
        verdict: ``below`` or ``above`` where its resolved share is lower or higher than that of
            all others listed together and chance does not explain it, else ``alike``.
    """

    area_id: int | None
    code: str | None
    name: str | None
    name_en: str | None
    outcome: Outcome
    verdict: str = "alike"


@dataclass(frozen=True)
class Handling:
    """How an area's incidents of a period are handled.

    Attributes:
        total: all of them.
        areas: its children; with ``coarser``, their sums are the total's.
        coarser: incidents not known to lie in one of the children, if there are any.
        organisations: those that took the incidents up, the ones with the most of them; with
            ``rest``, their sums are the total's.
        rest: all other organisations together; ``None`` where all are listed.
        others: how many they are.
    """

    total: Outcome
    areas: tuple[Handler, ...]
    coarser: Handler | None
    organisations: tuple[Handler, ...]
    rest: Handler | None = None
    others: int = 0

    @property
    def nbytes(self) -> int:
        """Bytes held, a guess."""
        return 600 * (2 + len(self.areas) + len(self.organisations))
