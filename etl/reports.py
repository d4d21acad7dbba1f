"""What a load did: counts that add up to the rows read, reasons, and seconds."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from geo.errors import GridboardError


class CountError(GridboardError):
    """Rows went missing or were counted twice; nothing is committed."""


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
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether the load changed anything that is shown."""
        return bool(self.rows_loaded or self.rows_updated or self.rows_closed)

    def check(self) -> None:
        """Refuse to go on with counts that do not add up.

        Raises:
            CountError: names the counts.
        """
        found = self.rows_loaded + self.rows_updated + self.rows_unchanged + self.rows_rejected
        if found != self.rows_read or sum(self.reasons.values()) != self.rows_rejected:
            raise CountError(f"{self.rows_read} rows were read, but {found} accounted for: {self}")

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the seconds of a block to a phase."""
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - start
