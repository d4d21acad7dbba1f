"""Everything a server reads from its own code, read before it serves."""

from pathlib import Path

import dashboard
import etl
import geo
from geo.database import read_sql_file


def read_statements() -> int:
    """Read every SQL file now, so that an upgrade beneath a running server changes none of them.

    Returns:
        How many there are.
    """
    count = 0
    for package in (geo, etl, dashboard):
        root = Path(package.__path__[0])
        for path in root.rglob("sql/*.sql"):
            inner = path.parent.parent.relative_to(root).parts
            read_sql_file(".".join((package.__name__, *inner)), path.name)
            count += 1
    return count
