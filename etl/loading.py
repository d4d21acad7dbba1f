"""Load files of incidents as a profile says: what the command line and the data page call."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from etl.incidents import load_incidents
from etl.mapping import map_incidents
from etl.profiles import load_profile
from etl.reading.incidents import count_incidents, read_incidents
from etl.reports import LoadReport
from etl.terms import created_kinds, profile_terms
from geo.database import loading
from geo.errors import ConfigurationError
from geo.hierarchy import load_hierarchy

Report = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, total; 0 where the total is unknown)."""


def load_incident_file(engine: Engine, file: Path, profile_name: str, report: Report) -> LoadReport:
    """Load a file of incidents.

    Args:
        engine: of the loader.
        file: Parquet or CSV.
        profile_name: name or path of the profile.
        report: told of the progress.

    Raises:
        GridboardError: the file, the profile or the database is not as it must be.
    """
    profile = load_profile(profile_name)
    rules = profile.incidents
    if rules is None:
        raise ConfigurationError(f"profile {profile.key} says nothing about incidents")
    total = count_incidents(file) or 0
    step = f"Loading {file.name}"
    report(step, 0, total)
    with loading(engine) as connection:
        return load_incidents(
            connection,
            (map_incidents(chunk.frame, rules) for chunk in read_incidents(file, rules)),
            load_hierarchy(profile.hierarchy),
            source=rules.source,
            file=file,
            terms=profile_terms(rules),
            create_terms=created_kinds(rules),
            progress=lambda done: report(step, done, total),
        )
