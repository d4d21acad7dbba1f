"""What tells whether the incidents of a county and a year changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from dashboard.packed import read_rows

Token = tuple[int, int]
TOKEN_BYTES = 180
"""Of one year of a county, with its place in the dictionary."""


@dataclass(frozen=True)
class Tokens:
    """The tokens of the counties in scope; two are equal if no incident changed between them.

    A year that is gone keeps its token while files are loaded for this one, so that what was
    read of it need not be read again, however long the history is.

    Attributes:
        by_county: for each county, in order of their codes, and each year with incidents: how
            many blocks there are, and the revision that last touched one.
    """

    by_county: Mapping[str, Mapping[int, Token]]

    @property
    def nbytes(self) -> int:
        """Bytes held, roughly."""
        return TOKEN_BYTES * sum(map(len, self.by_county.values()))

    @property
    def counties(self) -> list[str]:
        """Codes of the counties that have, or had, incidents."""
        return list(self.by_county)

    def of(self, county: str) -> Mapping[int, Token]:
        """Return a county's tokens by year; none for a county that never had an incident."""
        return self.by_county.get(county, {})

    def during(self, year: int) -> dict[str, Token]:
        """Return the tokens of one year, by county, without those that have no incident in it."""
        return {code: years[year] for code, years in self.by_county.items() if year in years}


def read_tokens(connection: Connection, *, by_township: bool) -> Tokens:
    """Read the tokens.

    Args:
        connection: within the viewer's transaction.
        by_township: whether the viewer's scope is a township, so that no block of a
            county can be read.
    """
    name = "township_tokens.sql" if by_township else "county_tokens.sql"
    found: dict[str, dict[int, Token]] = {}
    for code, year, blocks, revision in read_rows(connection, name, {}):
        years = found.setdefault(bytes(code).decode(), {})
        years[int.from_bytes(year)] = (int.from_bytes(blocks), int.from_bytes(revision))
    return Tokens(found)
