"""Synthetic incidents: where, when and what became of them."""

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from etl.demo import demo_areas, demo_incidents
from etl.demo.dictionary import codes, demo_terms
from etl.demo.levels import CELL, VILLAGE
from geo.errors import InputError
from tests.etl.demo.conftest import UNTIL

NOW = pd.Timestamp(UNTIL, tz="Asia/Shanghai")
SINCE = NOW - pd.DateOffset(years=3)


def test_the_frame_is_what_the_loader_takes(incidents: pd.DataFrame) -> None:
    assert len(incidents) == 40_000
    assert incidents["incident_id"].is_unique
    assert incidents["received_at"].is_monotonic_increasing
    known = demo_terms().groupby("kind")["code"].apply(set)
    for kind in ("category", "channel", "status", "scale"):
        assert set(incidents[kind].unique()) == known[kind]
    for column in ("occurred_at", "received_at", "deadline", "resolved_at"):
        assert str(incidents[column].dt.tz) == "Asia/Shanghai"
    optional = {"resolved_at", "method"}
    assert incidents.drop(columns=list(optional)).notna().all(axis=None)


def test_points_lie_strictly_inside_their_cell(
    county: gpd.GeoDataFrame, incidents: pd.DataFrame
) -> None:
    cells = county[county["level"] == CELL].set_index("code")["geometry"]
    own = np.asarray(cells.loc[incidents["cell_code"].astype(str)])
    lon, lat = incidents["lon"].to_numpy(), incidents["lat"].to_numpy()
    assert shapely.contains_xy(own, lon, lat).all()
    assert (np.round(lon, 6) == lon).all()
    # Strictly inside one cell of a coverage is inside no other.
    tree = shapely.STRtree(np.asarray(cells))
    point, _ = tree.query(shapely.points(lon[:5000], lat[:5000]), predicate="intersects")
    assert len(point) == 5000


def test_same_arguments_same_incidents(
    county: gpd.GeoDataFrame, drawn: tuple[pd.DataFrame, dict[str, Any]]
) -> None:
    again, truth = demo_incidents(county, 40_000, UNTIL)
    pd.testing.assert_frame_equal(again, drawn[0])
    assert truth == drawn[1]
    other, _ = demo_incidents(county, 40_000, UNTIL, seed=2)
    assert not other["lon"].equals(again["lon"])


def test_order_of_the_areas_does_not_matter(
    county: gpd.GeoDataFrame, incidents: pd.DataFrame
) -> None:
    """Read back from a database they may come in any order."""
    shuffled = county.sample(frac=1.0, random_state=1)
    again, _ = demo_incidents(shuffled, 40_000, UNTIL)
    pd.testing.assert_frame_equal(again, incidents)


def test_dates_follow_each_other(incidents: pd.DataFrame) -> None:
    assert (incidents["occurred_at"] >= SINCE).all()
    assert (incidents["occurred_at"] < incidents["received_at"]).all()
    assert (incidents["received_at"] < NOW).all()
    assert (incidents["deadline"] > incidents["received_at"]).all()
    resolved = incidents[incidents["status"] == "resolved"]
    assert (resolved["resolved_at"] > resolved["received_at"]).all()
    assert (resolved["resolved_at"] < NOW).all()
    assert resolved["method"].notna().all()
    assert incidents.loc[incidents["status"] != "resolved", "resolved_at"].isna().all()
    assert (incidents["deadline"].dt.strftime("%H:%M:%S") == "00:00:00").all()


def test_recent_incidents_are_still_open_and_some_are_overdue(incidents: pd.DataFrame) -> None:
    is_open = incidents["status"] == "open"
    age = (NOW - incidents["received_at"]).dt.days
    assert is_open[age < 3].mean() > 0.6
    assert is_open[age > 180].mean() < 0.03
    assert (is_open & (incidents["deadline"] < NOW)).sum() > 100
    assert 0.85 < (incidents["status"] == "resolved").mean() < 0.95


def test_some_are_reported_late_and_petitions_latest(incidents: pd.DataFrame) -> None:
    delay = (incidents["received_at"] - incidents["occurred_at"]).dt.total_seconds() / 86_400
    by_channel = delay.groupby(incidents["channel"], observed=True).median()
    assert by_channel["hotline"] < 0.1 < by_channel["window"] < 3 < by_channel["petition"]
    assert 0.01 < (delay[incidents["channel"] == "hotline"] > 10).mean() < 0.05
    # What has not come in yet is not there: the last days look quieter than they were.
    ago = (NOW - incidents["occurred_at"]).dt.days
    assert (ago < 3).sum() / 3 < 0.8 * ((ago >= 30) & (ago < 60)).sum() / 30


def test_week_day_and_season(incidents: pd.DataFrame) -> None:
    moment = incidents["occurred_at"].dt
    week = incidents.groupby(moment.day_of_week).size()
    assert week[[5, 6]].mean() < 0.75 * week[[0, 1, 2, 3, 4]].mean()
    hours = incidents.groupby(moment.hour).size()
    assert hours[3] < 0.1 * hours[10]
    noise = incidents[incidents["category"] == "environment"]["occurred_at"].dt.hour
    wages = incidents[incidents["category"] == "wages"]["occurred_at"].dt.hour
    assert (noise >= 18).mean() > 2 * (wages >= 18).mean()


def test_spring_festival_is_quiet_after_a_rush_for_wages(incidents: pd.DataFrame) -> None:
    after = (incidents["occurred_at"].dt.tz_localize(None) - pd.Timestamp("2025-01-29")).dt.days
    quiet, usual = after.between(0, 6).sum() / 7, after.between(60, 120).sum() / 61
    assert quiet < 0.6 * usual
    wages = incidents["category"] == "wages"
    rush = (wages & after.between(-25, -3)).sum() / 23
    assert rush > 1.7 * (wages & after.between(60, 120)).sum() / 61


def test_town_and_country_differ(county: gpd.GeoDataFrame, incidents: pd.DataFrame) -> None:
    kinds = county.set_index("code")["kind"]
    is_town = incidents["cell_code"].astype(str).str[:12].map(kinds) == "community"
    town = incidents[is_town.to_numpy()]["category"].value_counts(normalize=True)
    country = incidents[~is_town.to_numpy()]["category"].value_counts(normalize=True)
    assert country["land"] > 5 * town["land"]
    assert town["property"] > 5 * country["property"]


def test_incidents_follow_people(county: gpd.GeoDataFrame, incidents: pd.DataFrame) -> None:
    people = county[county["level"] == VILLAGE].set_index("code")["population"].astype(float)
    counts = incidents["cell_code"].astype(str).str[:12].value_counts().reindex(people.index)
    assert np.corrcoef(people, counts)[0, 1] > 0.7
    repeated = incidents.duplicated(["cell_code", "lon", "lat"]).mean()
    assert repeated < 0.2


def test_areas_without_cells_are_refused(county: gpd.GeoDataFrame) -> None:
    with pytest.raises(InputError, match="no cells"):
        demo_incidents(county[county["level"] < CELL], 10, UNTIL)


def test_three_years_that_hold_a_leap_day_and_few_incidents() -> None:
    areas = demo_areas("county", county="620200")
    frame, truth = demo_incidents(areas, 25, date(2024, 2, 29))
    assert len(frame) == 25
    assert truth["first"] == "2021-02-28"
    assert (frame["occurred_at"] >= pd.Timestamp("2021-02-28", tz="Asia/Shanghai")).all()


def test_terms_are_complete_in_both_languages() -> None:
    terms = demo_terms()
    assert terms.groupby("kind").size().to_dict() == {
        "category": 12,
        "channel": 5,
        "scale": 3,
        "status": 3,
    }
    assert not terms.duplicated(["kind", "code"]).any()
    assert terms["name_zh"].str.contains("[\u4e00-\u9fff]").all()
    assert terms["name_en"].str.fullmatch(r"[\x20-\x7e]+").all()
    assert codes("status") == ["open", "resolved", "failed"]
    assert codes("scale") == ["01", "02", "03"]
