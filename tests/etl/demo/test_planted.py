"""What the truth says was planted can be measured in the incidents."""

import json
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etl.demo.levels import CELL

DAYS = 1096


def _daily(hits: pd.DataFrame, pattern: dict[str, Any]) -> tuple[float, float]:
    """Incidents a day within the pattern's interval and outside of it."""
    day = hits["occurred_at"].dt.tz_localize(None)
    inside = ((day >= pattern["from"]) & (day < pattern["until"])).sum()
    length = (date.fromisoformat(pattern["until"]) - date.fromisoformat(pattern["from"])).days
    return inside / length, (len(hits) - inside) / max(DAYS - length, 1)


def _spots(truth: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [pattern for pattern in truth["patterns"] if pattern["kind"] == kind]


def test_truth_can_be_written_and_has_all_kinds(truth: dict[str, Any]) -> None:
    assert json.loads(json.dumps(truth)) == truth
    kinds = pd.Series([pattern["kind"] for pattern in truth["patterns"]]).value_counts()
    assert kinds.to_dict() == {"emerging": 3, "persistent": 3, "vanishing": 2, "campaign": 1}


def test_spots_are_compact_and_do_not_share_cells(
    county: gpd.GeoDataFrame, truth: dict[str, Any]
) -> None:
    cells = county[county["level"] == CELL].set_index("code")["geometry"]
    seen: set[str] = set()
    for pattern in truth["patterns"][:-1]:
        own = pattern["cell_codes"]
        assert len(own) >= 10
        assert not seen & set(own)
        seen |= set(own)
        centre = shapely.Point(pattern["lon"], pattern["lat"])
        reach = shapely.distance(np.asarray(cells[own]), centre).max() * 111_000
        assert reach <= pattern["radius_m"] * 1.3
        assert set(pattern["county_codes"]) == {"620103"}


def test_emerging_spots_have_risen_lately(incidents: pd.DataFrame, truth: dict[str, Any]) -> None:
    for pattern in _spots(truth, "emerging"):
        assert pattern["until"] == truth["until"]
        now, before = _daily(incidents[incidents["cell_code"].isin(pattern["cell_codes"])], pattern)
        assert 0.5 * pattern["factor"] < now / before < 1.6 * pattern["factor"]


def test_vanishing_spots_have_fallen(incidents: pd.DataFrame, truth: dict[str, Any]) -> None:
    for pattern in _spots(truth, "vanishing"):
        assert pattern["from"] == truth["first"]
        hits = incidents[incidents["cell_code"].isin(pattern["cell_codes"])]
        before, now = _daily(hits, pattern)
        assert 0.6 * pattern["factor"] < before / now < 1.6 * pattern["factor"]


def test_persistent_spots_have_more_than_their_people_explain(
    county: gpd.GeoDataFrame, incidents: pd.DataFrame, truth: dict[str, Any]
) -> None:
    cells = county[county["level"] == CELL].set_index("code")
    rate = len(incidents) / float(cells["population"].sum())
    for pattern in _spots(truth, "persistent"):
        people = float(cells.loc[pattern["cell_codes"], "population"].sum())
        hits = incidents["cell_code"].isin(pattern["cell_codes"]).sum()
        assert hits / people > 1.3 * rate
        assert (pattern["from"], pattern["until"]) == (truth["first"], truth["until"])


def test_campaign_raises_one_channel_and_category_for_six_weeks(
    incidents: pd.DataFrame, truth: dict[str, Any]
) -> None:
    (campaign,) = _spots(truth, "campaign")
    length = date.fromisoformat(campaign["until"]) - date.fromisoformat(campaign["from"])
    assert length.days == 42
    assert campaign["city_code"] == "620100"
    of_it = (incidents["channel"] == campaign["channel"]) & (
        incidents["category"] == campaign["category"]
    )
    during, otherwise = _daily(incidents[of_it], campaign)
    assert during / otherwise > 0.55 * campaign["factor"]
    others, usual = _daily(incidents[~of_it], campaign)
    assert 0.85 < others / usual < 1.2
