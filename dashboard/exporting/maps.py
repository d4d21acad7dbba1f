"""A view's table with its outlines: GeoJSON and GeoParquet, in EPSG:4326."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from dashboard.exporting.geometries import Shapes
from dashboard.exporting.view_table import ViewTable

CRS = "EPSG:4326"
DEGREES = 1e-7
"""A centimetre: what is finer says nothing of an outline."""

_METADATA = "gridboard"
_DAYS = ("first_day", "last_day")
_MOMENT = "as_of"
"""Columns that say in text of when the figures are; typed where a file knows such types."""

Pieces = Iterable[tuple[slice, Shapes]]


def write_geojson(table: ViewTable, pieces: Pieces, path: Path) -> None:
    """Write a feature collection as RFC 7946 has it, a feature a line, a piece at a time."""
    frame = table.frame()
    with path.open("w", encoding="utf-8") as file:
        about = json.dumps(description(table), ensure_ascii=False)
        file.write(f'{{"type":"FeatureCollection","{_METADATA}":{about},"features":[\n')
        between = ""
        for piece, shapes in pieces:
            for line in _features(table, frame.iloc[piece], piece, shapes):
                file.write(between + line)
                between = ",\n"
        file.write("\n]}\n")


def write_geoparquet(table: ViewTable, pieces: Pieces, path: Path) -> None:
    """Write GeoParquet by geopandas; what the figures are of is among the file's attributes."""
    shapes = [part for _piece, part in pieces]
    together = np.concatenate(shapes) if shapes else np.zeros(0, object)
    frame = gpd.GeoDataFrame(_typed(table.frame()), geometry=together, crs=CRS)
    frame.insert(0, "area_id", table.area_ids)
    frame.attrs = {_METADATA: description(table)}
    frame.to_parquet(path, index=False, compression="zstd")


def description(table: ViewTable) -> dict[str, Any]:
    """What the figures are of, and what each column is, for programs and people."""
    return {
        "title": table.about.title,
        "about": [f"{heading}: {words}" for heading, words in table.about.lines],
        "columns": {column.key: column.label for column in table.columns},
    }


def _features(table: ViewTable, frame: pd.DataFrame, piece: slice, shapes: Shapes) -> Iterator[str]:
    outlines = shapely.to_geojson(shapely.set_precision(shapes, DEGREES, mode="pointwise"))
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    for area_id, row, outline in zip(table.area_ids[piece].tolist(), rows, outlines, strict=True):
        values = json.dumps(row, ensure_ascii=False)
        yield f'{{"type":"Feature","id":{area_id},"properties":{values},"geometry":{outline}}}'


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts as texts also where a whole column is empty; days and moments as such."""
    texts = {name: "string" for name, kind in frame.dtypes.items() if kind.kind == "O"}
    typed = frame.astype(texts)
    for name in typed.columns.intersection([*_DAYS]):
        days = [date.fromisoformat(day) for day in typed[name]]
        typed[name] = pd.Series(days, typed.index, pd.ArrowDtype(pa.date32()))
    if _MOMENT in typed:
        typed[_MOMENT] = pd.to_datetime(typed[_MOMENT], utc=True)
    return typed
