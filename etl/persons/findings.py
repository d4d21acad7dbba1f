"""What was found about persons: columns, kinds and counts, never a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.errors import InputError

HEADER = "header"
"""How a finding was made when the name of the column was enough."""

CONTENT = "content"
"""How a finding was made when the values gave it away."""


class PersonDataError(InputError):
    """A file holds names, numbers or addresses of persons."""


@dataclass(frozen=True)
class Tally:
    """What the values of one column say about one kind of person data.

    Attributes:
        rows: rows that hold it.
        candidates: numbers, values or texts of the shape in question.
        hits: those of them that are what they look like (right check digit, a name …).
        chance: the share of candidates that are hits where there is no person data at all.
        least: the share of hits from which the column is taken to hold person data.
        spread: how different the hits are: the most distinct ones within a chunk.
        needed: the least spread.
        strict: whether a few hits prove nothing, because the column numbers something else.
    """

    rows: int
    candidates: int
    hits: int
    chance: float
    least: float
    spread: int = 1
    needed: int = 1
    strict: bool = False

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.rows + other.rows,
            self.candidates + other.candidates,
            self.hits + other.hits,
            self.chance,
            self.least,
            max(self.spread, other.spread),
            max(self.needed, other.needed),
            self.strict or other.strict,
        )

    @property
    def proves(self) -> bool:
        """Whether the hits are more than chance explains.

        Either most candidates are hits, or there are more hits than chance gives by four
        standard deviations (once in 30,000 columns).
        """
        if not self.hits or self.spread < self.needed:
            return False
        expected = self.candidates * self.chance
        beyond = self.hits > expected + 4.0 * (expected * (1.0 - self.chance)) ** 0.5
        if self.strict:
            return self.hits >= 3 and beyond
        return self.hits >= self.candidates * self.least or (self.hits >= 3 and beyond)


@dataclass(frozen=True)
class Findings:
    """Findings of one chunk, or the sum over chunks.

    Attributes:
        headers: the kind, by column whose name gives it away.
        filled: rows that are not blank, by such a column.
        tallies: what the values say, by column, kind and group.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, int] = field(default_factory=dict)
    tallies: Mapping[tuple[str, str, str], Tally] = field(default_factory=dict)

    def __add__(self, other: Findings) -> Findings:
        filled = dict(self.filled)
        for column, rows in other.filled.items():
            filled[column] = filled.get(column, 0) + rows
        tallies = dict(self.tallies)
        for key, tally in other.tallies.items():
            tallies[key] = tallies[key] + tally if key in tallies else tally
        return Findings({**self.headers, **other.headers}, filled, tallies)

    def __bool__(self) -> bool:
        return bool(self.rows())

    def rows(self) -> list[dict[str, object]]:
        """What was found: column, kind, rows, and by what; by column in order of appearance."""
        found: dict[tuple[str, str], tuple[int, str]] = {
            (column, kind): (self.filled.get(column, 0), HEADER)
            for column, kind in self.headers.items()
        }
        for (column, kind, _), tally in self.tallies.items():
            if not tally.proves:
                continue
            rows, by = found.get((column, kind), (0, CONTENT))
            found[column, kind] = (max(rows, tally.rows), by)
        return [
            {"column": column, "kind": kind, "rows": rows, "by": by}
            for (column, kind), (rows, by) in found.items()
        ]

    def refuse(self, file_name: str) -> None:
        """Raise if anything was found.

        Raises:
            PersonDataError: names columns, kinds and row counts, never a value.
        """
        found = self.rows()
        if not found:
            return
        said = ", ".join(
            f"column {part['column']!r} has {part['kind']} in {part['rows']:,} rows"
            f" (seen by its {part['by']})"
            for part in found
        )
        columns = ", ".join(f'"{name}"' for name in dict.fromkeys(part["column"] for part in found))
        error = PersonDataError(
            f"{file_name} holds data about persons or texts that may, so nothing of it was"
            f" loaded: {said}."
            " Remove the columns from the file, or if the profile does not use them name them"
            f" there: leave_out = [{columns}]; then they are never kept"
        )
        error.particulars = {"persons": found}
        raise error
