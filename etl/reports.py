"""What a load did: counts that add up to the rows read, reasons, and seconds."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from time import perf_counter

from etl.reasons import reason_code
from geo.errors import GridboardError, InputError

FEW = 1_000
"""So many refused rows alone never refuse a whole load: a short file is seen at a glance.

A share that somebody states holds for short files, too."""

MOST_REJECTED = 0.5
"""The share of rows above which a load is refused whole, unless another one is stated."""


class CountError(GridboardError):
    """Rows went missing or were counted twice; nothing is committed."""


class MostlyRejectedError(InputError):
    """So many rows were refused that the profile is probably another file's."""


class ExitCode(IntEnum):
    """How a command of the loader ends; scripts may rely on it."""

    LOADED = 0
    REFUSED = 1
    USAGE = 2
    ROWS_REJECTED = 3


@dataclass
class LoadReport:
    """The account of one load; filled while it runs.

    Attributes:
        batch_id: its row in ``batch``; 0 before it has one.
        rows_read: rows of the file.
        rows_loaded: new rows.
        rows_updated: rows that were there with other content.
        rows_unchanged: rows that were there as they are.
        rows_rejected: rows refused, by ``reasons``.
        rows_closed: areas that the new edition no longer has (not rows of the file).
        rows_moved: incidents that a new edition of areas moved (not rows of the file).
        reasons: how many rows were refused for which reason.
        examples: the number of the first row refused for each reason.
        columns: the file's columns that refused rows are kept with, in its order.
        layout: how to write refused rows so that the profile reads them (delimiter, sheet).
        first_day: the first local day of the incidents written.
        last_day: the last one.
        most_rejected: the share of refused rows above which nothing is loaded.
        details: what else there is to say about a load of areas: defects below the
            tolerance, what cleaning moved, the crosswalk, how the CRS was checked.
        dry_run: whether all of it was taken back in the end.
        seconds: time by phase.
    """

    batch_id: int = 0
    rows_read: int = 0
    rows_loaded: int = 0
    rows_updated: int = 0
    rows_unchanged: int = 0
    rows_rejected: int = 0
    rows_closed: int = 0
    rows_moved: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, int] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    layout: dict[str, str] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    most_rejected: float = MOST_REJECTED
    details: dict[str, object] = field(default_factory=dict)
    dry_run: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether the load changed anything that is shown."""
        return bool(self.rows_loaded or self.rows_updated or self.rows_closed)

    @property
    def exit_code(self) -> ExitCode:
        """What to tell whoever started the load."""
        return ExitCode.ROWS_REJECTED if self.rows_rejected else ExitCode.LOADED

    def reject(self, row: int, reason: str, count: int = 1) -> None:
        """Count rows refused for one reason, the first of which is ``row``."""
        self.reasons[reason] += count
        self.rows_rejected += count
        self.examples[reason] = min(row, self.examples.get(reason, row))

    def cover(self, first: date, last: date) -> None:
        """Note that incidents of the days from first to last, both included, were written."""
        self.first_day = min(first, self.first_day or first)
        self.last_day = max(last, self.last_day or last)

    def check(self) -> None:
        """Refuse to go on with counts that do not add up.

        Raises:
            CountError: names the counts.
        """
        found = self.rows_loaded + self.rows_updated + self.rows_unchanged + self.rows_rejected
        if found != self.rows_read or sum(self.reasons.values()) != self.rows_rejected:
            raise CountError(f"{self.rows_read} rows were read, but {found} accounted for: {self}")

    def refuse_mostly_rejected(self) -> None:
        """Refuse a load of which hardly anything could be read.

        Raises:
            MostlyRejectedError: names the commonest reasons.
        """
        few = FEW if self.most_rejected == MOST_REJECTED else 0
        if self.rows_rejected <= max(few, self.most_rejected * self.rows_read):
            return
        named = "; ".join(
            f"{count:,} × {reason} (first in row {self.examples[reason]:,})"
            for reason, count in self.reasons.most_common(5)
        )
        error = MostlyRejectedError(
            f"{self.rows_rejected:,} of {self.rows_read:,} rows were refused, so nothing was"
            f" loaded: is it the right profile? {named}. If they really are so bad, allow more"
            f" with --most-rejected (now {self.most_rejected:g})"
        )
        error.particulars = {"account": self.as_dict() | {"batch_id": None}}
        raise error

    def as_dict(self) -> dict[str, object]:
        """The account as JSON holds it; days are ISO 8601."""
        return {
            "batch_id": None if self.dry_run else self.batch_id,
            "dry_run": self.dry_run,
            "rows_read": self.rows_read,
            "rows_loaded": self.rows_loaded,
            "rows_updated": self.rows_updated,
            "rows_unchanged": self.rows_unchanged,
            "rows_rejected": self.rows_rejected,
            "rows_closed": self.rows_closed,
            "rows_moved": self.rows_moved,
            "reasons": [
                {
                    "reason": reason,
                    "code": reason_code(reason),
                    "rows": count,
                    "first_row": self.examples.get(reason),
                }
                for reason, count in self.reasons.most_common()
            ],
            "details": self.details,
            "first_day": self.first_day.isoformat() if self.first_day else None,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "seconds": {name: round(seconds, 3) for name, seconds in self.seconds.items()},
        }

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the seconds of a block to a phase."""
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - start
