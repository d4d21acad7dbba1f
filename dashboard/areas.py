"""Areas as the page names and introduces them, from one picture of the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.answers import AreaSummary, Bounds, Found, Step
from dashboard.counts import Floats
from dashboard.lineage import Rows
from dashboard.picture import Picture
from geo.errors import NotFoundError
from geo.hierarchy import SLOTS


@dataclass(frozen=True)
class Areas:
    """The areas of a picture; a *row* is a row of its lineage."""

    picture: Picture

    def slot(self, level: str) -> int:
        """Return the slot of a level's key.

        Raises:
            NotFoundError: the hierarchy has no such level.
        """
        for known in self.picture.basics.hierarchy.levels:
            if known.key == level:
                return known.slot
        raise NotFoundError(f"no level {level}")

    def level_key(self, slot: int) -> str:
        """Return the hierarchy's word for a slot."""
        level = self.picture.basics.hierarchy.at(slot)
        return level.key if level else SLOTS[slot]

    def child_slot(self, row: int) -> int | None:
        """Return the slot shown below an area by default; ``None`` if nothing is."""
        return next(iter(self.picture.lineage.below(row)), None)

    def is_synthetic(self, slot: int) -> bool:
        """Tell whether the outlines at a slot are generated, not surveyed."""
        first = self.picture.basics.attribution.synthetic_from
        return first is not None and slot >= SLOTS.index(first)

    def number(self, column: str, row: int) -> int | None:
        """Return a whole number of an area; ``None`` where nobody counted."""
        value = self.picture.lineage.numbers(column)[row]
        return None if np.isnan(value) else int(value)

    def step(self, row: int) -> Step:
        """Name an area on the way down to another."""
        lineage = self.picture.lineage
        return Step(
            lineage.text("code", row) or "",
            lineage.text("name", row) or "",
            lineage.text("name_en", row),
            int(lineage.slots[row]),
        )

    def introduce(self, row: int, bounds: Bounds) -> AreaSummary:
        """Introduce an area whose bounds are known."""
        lineage = self.picture.lineage
        itself = self.step(row)
        layers = {self.level_key(slot): slot for slot in lineage.below(row)}
        return AreaSummary(
            area_id=int(lineage.area_ids[row]),
            code=itself.code,
            name=itself.name,
            name_en=itself.name_en,
            slot=itself.slot,
            level=self.level_key(itself.slot),
            kind=lineage.text("kind", row),
            parents=tuple(self.step(above) for above in lineage.path(row)),
            bounds=bounds,
            population=self.number("population", row),
            households=self.number("households", row),
            area_km2=float(lineage.numbers("area_km2")[row]),
            child_level=next(iter(layers), None),
            layers=tuple(layers),
            areas_per_layer={key: len(lineage.features(slot, row)) for key, slot in layers.items()},
            synthetic=self.is_synthetic(itself.slot),
        )

    def found(self, row: int) -> Found:
        """Describe an area as a result of a search."""
        itself = self.step(row)
        names = [self.step(above).name for above in self.picture.lineage.path(row)]
        return Found(
            code=itself.code,
            name=itself.name,
            name_en=itself.name_en,
            path=" › ".join(names),
            slot=itself.slot,
            level=self.level_key(itself.slot),
        )

    def counted(self, rows: Rows, counts: Floats | None) -> pd.DataFrame:
        """Return areas with their counts and denominators, in the order of ``rows``.

        Columns area_id, code, name, name_en, count, population and area_km2; ``NaN`` where
        unknown, and in every count when ``counts`` is ``None``.
        """
        numbers = self.picture.lineage.numbers
        return self._frame(
            rows,
            count=np.full(len(rows), np.nan) if counts is None else counts,
            population=numbers("population")[rows],
            area_km2=numbers("area_km2")[rows],
        )

    def labels(self, slot: int, row: int, limit: int) -> pd.DataFrame:
        """Return where to write the names of a layer's areas inside an area."""
        lineage = self.picture.lineage
        rows = lineage.most_important(slot, row, limit)
        return self._frame(rows, lon=lineage.numbers("lon")[rows], lat=lineage.numbers("lat")[rows])

    def _frame(self, rows: Rows, **more: Floats) -> pd.DataFrame:
        lineage = self.picture.lineage
        at = pa.array(rows)
        # Built from finished columns at once: a click makes several of these.
        texts = {
            name: pd.Series(lineage.table[name].take(at).to_pylist(), dtype=object)
            for name in ("code", "name", "name_en")
        }
        return pd.DataFrame({"area_id": lineage.area_ids[rows], **texts, **more}, copy=False)
