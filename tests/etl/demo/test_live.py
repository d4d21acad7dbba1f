"""Incidents that come in now, at a chosen rate."""

from datetime import UTC, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from etl.demo.levels import CELL
from etl.demo.live import LiveFeed
from geo.errors import InputError

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def feed(county: gpd.GeoDataFrame) -> LiveFeed:
    return LiveFeed.of_areas(county, per_minute=60)


def test_rate_interval_and_columns(feed: LiveFeed, incidents: pd.DataFrame) -> None:
    hour = feed.between(NOON, NOON + timedelta(hours=1))
    assert 3300 < len(hour) < 3900
    assert hour.columns.tolist() == incidents.columns.tolist()
    assert hour.dtypes.astype(str).to_dict() == incidents.dtypes.astype(str).to_dict()
    assert (hour["received_at"] >= NOON).all()
    assert (hour["received_at"] < NOON + timedelta(hours=1)).all()
    assert (hour["occurred_at"] < hour["received_at"]).all()
    assert (hour["status"] == "open").all()
    assert hour["resolved_at"].isna().all()


def test_ids_are_unique_from_interval_to_interval_and_rows_repeatable(feed: LiveFeed) -> None:
    minute = timedelta(minutes=1)
    parts = [feed.between(NOON + n * minute, NOON + (n + 1) * minute) for n in range(5)]
    assert pd.concat(parts)["incident_id"].is_unique
    pd.testing.assert_frame_equal(feed.between(NOON, NOON + minute), parts[0])


def test_places_are_those_of_the_history(
    feed: LiveFeed, county: gpd.GeoDataFrame, incidents: pd.DataFrame
) -> None:
    live = feed.between(NOON, NOON + timedelta(hours=8))
    cells = county[county["level"] == CELL].set_index("code")["geometry"]
    own = np.asarray(cells.loc[live["cell_code"].astype(str)])
    assert shapely.contains_xy(own, live["lon"].to_numpy(), live["lat"].to_numpy()).all()
    recent = incidents[incidents["received_at"] > pd.Timestamp(NOON) - timedelta(days=50)]
    both = [
        frame["cell_code"].astype(str).str[:9].value_counts(normalize=True)
        for frame in (live, recent)
    ]
    shares = pd.concat(both, axis=1).fillna(0.0).to_numpy()
    assert np.corrcoef(shares.T)[0, 1] > 0.95


def test_a_quiet_moment_gives_an_empty_frame(feed: LiveFeed) -> None:
    assert feed.between(NOON, NOON).empty


@pytest.mark.parametrize("rate", [0.0, -3.0])
def test_a_rate_that_is_none_is_refused(county: gpd.GeoDataFrame, rate: float) -> None:
    with pytest.raises(InputError, match="rate"):
        LiveFeed.of_areas(county, per_minute=rate)
