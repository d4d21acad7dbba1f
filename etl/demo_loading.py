"""Load the demo: draw it, load its areas and incidents, and write down what was planted."""

import json
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, Engine

from etl.boundaries import load_boundaries
from etl.checking import Stated
from etl.demo import demo_areas, demo_incidents
from etl.demo.areas import Size
from etl.demo.dictionary import demo_terms
from etl.hierarchies import store_notes
from etl.incidents import load_incidents
from etl.profiles import Checks
from etl.reading.chunks import CHUNK_ROWS
from etl.reports import LoadReport
from etl.shapes import build_shapes
from etl.statements import run
from etl.terms import NewTerm
from geo.database import loading
from geo.errors import InputError
from geo.hierarchy import load_hierarchy

Report = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, total; 0 where the total is unknown)."""

SOURCE = "demo"
VALID_FROM = date(2020, 11, 1)
"""The day of the census whose figures the areas carry."""


CHECKS = Checks(tolerance_m2=0.0, enclaves=True)
"""The demo's levels fit exactly; the holes of Gansu are land of Ningxia."""


class DemoSize(StrEnum):
    """How much of the demo is made."""

    PROVINCE = "province"
    COUNTY = "county"


COUNTS = {"province": 1_000_000, "county": 20_000}
"""How many incidents each size has by default."""

NOTES = {
    "credits": [
        {"zh": "县级及以上边界：天地图", "en": "Boundaries down to the county: Tianditu"},
        {
            "zh": "县级以下边界、人口分布和全部事件均为合成数据",
            "en": "Boundaries below the county, their population and all incidents are synthetic",
        },
    ],
    "synthetic_from": "township",
}
"""What every page must say about the demo."""


def demo_is_loaded(connection: Connection) -> bool:
    """Whether the demo's incidents are in the database."""
    return bool(run(connection, "source_is_known", {"source": SOURCE}).scalar_one())


def refuse_other_size(connection: Connection, size: Size) -> None:
    """See that the database holds no demo of another size, wholly or in part.

    Raises:
        InputError: it does.
    """
    held: object = run(connection, "read_demo_size").scalar_one_or_none()
    if held is not None and held != size:
        raise InputError(
            f"this database holds the demo of size {held}, not {size}: delete it with 'make clean'"
            " or name another database with GRIDBOARD_DATABASE"
        )


def load_demo(
    engine: Engine,
    *,
    size: Size = "province",
    count: int | None = None,
    until: date | None = None,
    seed: int = 1,
    truth: Path | None = None,
    report: Report = lambda step, done, total: None,
) -> LoadReport:
    """Draw the demo and load it; the same arguments give the same database.

    Incidents are drawn in a process of their own while areas are loaded.

    Args:
        engine: of the loader.
        size: the whole province, or one county of it.
        count: how many incidents; by default ``COUNTS``.
        until: the first local day without incidents; today if not given.
        seed: of everything drawn.
        truth: where to write what was planted, as JSON.
        report: told of the progress.

    Returns:
        The account of the incidents.

    Raises:
        InputError: the database holds the demo of another size.
    """
    with loading(engine) as connection:
        refuse_other_size(connection, size)
    wanted = count or COUNTS[size]
    report("Drawing areas", 0, 0)
    areas = demo_areas(size, seed)
    with _drawer() as drawer:
        drawing = drawer.submit(demo_incidents, areas, wanted, until, seed)
        _load_areas(engine, areas, size, report)
        report("Drawing incidents", 0, 0)
        incidents, planted = _drawn(drawing)
    if truth is not None:
        truth.parent.mkdir(parents=True, exist_ok=True)
        truth.write_text(json.dumps(planted, ensure_ascii=False, indent=1), encoding="utf-8")
    return _load_incidents(engine, incidents, report)


def _drawer() -> ProcessPoolExecutor:
    """A process of its own; Ctrl-C ends it without a word, the message is ours."""
    quietly = (signal.SIGINT, signal.SIG_DFL)
    context = get_context("spawn")
    return ProcessPoolExecutor(
        max_workers=1, mp_context=context, initializer=signal.signal, initargs=quietly
    )


def _drawn(drawing: Future[tuple[pd.DataFrame, dict[str, Any]]]) -> tuple[pd.DataFrame, Any]:
    """Wait for the incidents."""
    return drawing.result()


def _load_areas(engine: Engine, areas: gpd.GeoDataFrame, size: Size, report: Report) -> None:
    """Load areas and shapes in one transaction: the map never shows one without the other."""
    hierarchy = load_hierarchy("china")
    report("Loading areas", 0, 0)
    with loading(engine) as connection:
        loaded = load_boundaries(
            connection, areas, hierarchy, valid_from=VALID_FROM, stated=Stated(CHECKS)
        )
        store_notes(connection, NOTES | {"demo_size": size})
        if loaded.changed:
            report("Drawing the map", 0, 0)
            build_shapes(connection, hierarchy)


def _load_incidents(engine: Engine, incidents: pd.DataFrame, report: Report) -> LoadReport:
    """Load the dictionary and the incidents."""
    total = len(incidents)
    chunks = (incidents.iloc[at : at + CHUNK_ROWS] for at in range(0, total, CHUNK_ROWS))
    with loading(engine) as connection:
        report("Loading incidents", 0, total)
        return load_incidents(
            connection,
            chunks,
            load_hierarchy("china"),
            source=SOURCE,
            terms=_terms(),
            progress=lambda done: report("Loading incidents", done, total),
        )


def _terms() -> list[NewTerm]:
    """The demo's dictionaries."""
    rows = demo_terms().to_dict("records")
    return [NewTerm(**{str(name): row[name] for name in row}) for row in rows]
