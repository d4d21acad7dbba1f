"""What two sides have in common, figure by figure, and how sure a difference is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.comparing.comparison import Comparison, Side
from geo.chance import beyond_chance
from geo.ratios import rate_ratios


@dataclass(frozen=True)
class Exposure:
    """What the incidents of two sides are counted over, so that they can be compared.

    Attributes:
        first, second: days of two periods; people or households of two areas, ``NaN`` where
            unknown.
        unit: ``days``, ``people`` or ``households``.
    """

    first: float
    second: float
    unit: str

    @property
    def is_equal(self) -> bool:
        """Whether the counts can be compared as they are."""
        return self.first == self.second


def exposure(comparison: Comparison) -> Exposure:
    """Days with data of two periods; people or households of two areas, over the same days."""
    first, second = comparison.sides
    if comparison.of_areas:
        column = first.rate.column
        own, other = (getattr(side.area, column) or np.nan for side in comparison.sides)
        return Exposure(float(own), float(other), first.state.per)
    return Exposure(float(len(first.days_with_data)), float(len(second.days_with_data)), "days")


def child_pairs(comparison: Comparison) -> pd.DataFrame:
    """Count the areas below in both periods, those with the most now first.

    Returns:
        What ``Source.children`` does, with first and second (incidents), rank and
        other_rank (equal figures share the better one), moved (places up), and what
        ``with_ratios`` adds. Without a row where nothing is known below.
    """
    first, second = comparison.sides
    table = first.source.children(first.area.code, first.filters)
    other = second.source.children(second.area.code, second.filters)
    table["first"] = table["count"]
    table["second"] = table["code"].map(other.set_index("code")["count"])
    base = _base(first, table)
    table["rank"] = ranks(table["first"] / base)
    table["other_rank"] = ranks(table["second"] / base)
    table["moved"] = table["other_rank"] - table["rank"]
    table = with_ratios(table, exposure(comparison))
    return table.sort_values(["rank", "code"], na_position="last", ignore_index=True)


def category_pairs(comparison: Comparison) -> pd.DataFrame:
    """Count by category on both sides: code, name_zh, name_en, first, second, and ratios."""
    first, second = (
        side.source.composition(side.area.code, side.filters).set_index("code")
        for side in comparison.sides
    )
    table = first.rename(columns={"count": "first"})
    table["second"] = second["count"]
    return with_ratios(table.reset_index(), exposure(comparison))


def with_ratios(table: pd.DataFrame, over: Exposure) -> pd.DataFrame:
    """Add how many times as high the first rate is: ratio, low, high and distinct.

    Of many rows some differ by chance: ``distinct`` are those that stay when the share of
    false ones among them is held to five percent (Benjamini & Hochberg 1995).
    """
    found = rate_ratios(
        table["first"].to_numpy(np.float64),
        table["second"].to_numpy(np.float64),
        over.first,
        over.second,
    )
    return table.assign(
        ratio=found.ratio, low=found.low, high=found.high, distinct=beyond_chance(found.p)
    )


def ranks(values: pd.Series) -> pd.Series:
    """Rank from the highest down; equal ones share the better rank, unknown ones have none."""
    return values.rank(method="min", ascending=False)


def _base(side: Side, table: pd.DataFrame) -> pd.Series | float:
    """What the metric divides the incidents of each area by; ``NaN`` where unknown."""
    metric, lineage = side.state.metric, side.source.picture.lineage
    if metric == "count":
        return 1.0
    column = "area_km2" if metric == "density" else side.rate.column
    base = pd.Series(lineage.numbers(column)[lineage.rows_of(table["area_id"].to_numpy())])
    return base.where(base > 0)
