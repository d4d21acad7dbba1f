"""Load files of areas as a profile says: what the command line and the data page call."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine

from etl.boundaries import load_boundaries
from etl.edition_files import read_edition
from etl.hierarchies import store_notes
from etl.profiles import load_profile
from etl.reports import LoadReport
from etl.shapes import build_shapes
from geo.database import loading
from geo.hierarchy import load_hierarchy

Report = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, total; 0 where the total is unknown)."""


def load_boundary_files(
    engine: Engine, files: list[Path], profile_name: str, valid_from: date | None, report: Report
) -> LoadReport:
    """Load an edition from files and, if anything changed, draw the map's layers.

    One transaction: whoever looks sees the former areas with their shapes, or the new ones.

    Args:
        engine: of the loader.
        files: one a level.
        profile_name: name or path of the profile.
        valid_from: first day of the edition; today in the hierarchy's zone if not given.
        report: told of the progress.

    Raises:
        GridboardError: a file, the profile or the database is not as it must be.
    """
    profile = load_profile(profile_name)
    hierarchy = load_hierarchy(profile.hierarchy)
    report("Reading", 0, 0)
    areas = read_edition(files, profile, hierarchy).areas
    day = valid_from or datetime.now(UTC).astimezone(hierarchy.time_zone).date()
    with loading(engine) as connection:
        report("Loading areas", 0, 0)
        loaded = load_boundaries(connection, areas, hierarchy, valid_from=day, file=files[0])
        store_notes(connection, {"credits": [credit.model_dump() for credit in profile.credits]})
        if loaded.changed:
            report("Drawing the map", 0, 0)
            with loaded.phase("shapes"):
                build_shapes(connection, hierarchy)
    return loaded
