"""A new edition says how former areas are spread over those that took their land."""

from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from etl.boundaries import load_boundaries
from etl.checking import Stated
from etl.crosswalk import overlay
from etl.profiles import Checks
from etl.reports import LoadReport
from geo.database import loading, transaction
from geo.viewer import Viewer
from tests.areas import COUNTY, SIDE, SOUTH, TOWNSHIPS, WEST, cell_code, province_areas
from tests.etl.drawn import CHINA, NOON, ask, incident, load

S1, S2, N1, E1 = (cell_code(name) for name in ("S1", "S2", "N1", "E1"))
BORDER = WEST + SIDE
DAY = date(2024, 6, 1)
ROWS = (
    "SELECT old_code, new_code, round(share_area::numeric, 4)::float, share_households,"
    " share_incidents, changed_on, county_code, township_code FROM gridboard.crosswalk"
    " ORDER BY old_code, new_code, changed_on"
)


def edition(engine: Engine, areas: gpd.GeoDataFrame, day: date = DAY) -> LoadReport:
    with loading(engine) as connection:
        stated = Stated(Checks(enclaves=True))
        return load_boundaries(connection, areas, CHINA, valid_from=day, stated=stated)


def moved_border(share: float) -> gpd.GeoDataFrame:
    """The border between S1 and S2 moves west by a share of S1, and so does nothing else.

    +---+-----+
    | N1 | N2 |
    +--+-+----+
    |S1|  S2  |      the corner where S1, S2 and N1 meet lies on the border of N1
    +--+------+
    """
    areas = province_areas().set_index("code")
    x = BORDER - share * SIDE
    south, north = SOUTH, SOUTH + SIDE
    areas.loc[S1, "geometry"] = shapely.box(WEST, south, x, north)
    corners = [(x, south), (BORDER, south), (BORDER + SIDE, south)]
    corners += [(BORDER + SIDE, north), (BORDER, north), (x, north)]
    areas.loc[S2, "geometry"] = shapely.Polygon(corners)
    return areas.reset_index()


def shares(reader: Connection) -> dict[tuple[object, object], tuple[object, ...]]:
    return {row[:2]: row[2:5] for row in ask(reader, ROWS)}


def test_a_first_edition_has_no_crosswalk(drawn: Engine, reader: Connection) -> None:
    assert ask(reader, ROWS) == []


def test_a_moved_border_gives_land_to_the_neighbour(drawn: Engine, reader: Connection) -> None:
    report = edition(drawn, moved_border(0.25))
    assert report.details["crosswalk"] == {"rows": 3, "areas": 2}
    assert shares(reader) == {
        (S1, S1): (0.75, None, None),
        (S1, S2): (0.25, None, None),
        (S2, S2): (1.0, 1.0, None),
    }
    assert {row[5:] for row in ask(reader, ROWS)} == {(DAY, COUNTY, TOWNSHIPS["S"])}


def test_incidents_of_the_year_before_are_spread_by_their_places(
    drawn: Engine, reader: Connection
) -> None:
    moved, stays = BORDER - 0.1 * SIDE, BORDER - 0.6 * SIDE
    long_ago = NOON - timedelta(days=400)
    load(
        drawn,
        [
            incident(1, "S1", lon=moved),
            incident(2, "S1", lon=stays),
            incident(3, "S1", lon=stays),
            incident(4, "S1", lon=moved, occurred_at=long_ago),
            incident(5, "E1"),
        ],
    )
    report = edition(drawn, moved_border(0.25))
    assert report.rows_moved == 2
    found = shares(reader)
    assert found[S1, S1][2] == pytest.approx(2 / 3)
    assert found[S1, S2][2] == pytest.approx(1 / 3)
    assert found[S2, S2][2] is None


def test_merged_cells_go_whole_into_the_one_that_stays(drawn: Engine, reader: Connection) -> None:
    areas = province_areas().set_index("code")
    areas.loc[S1, "geometry"] = shapely.union_all([areas.geometry[S1], areas.geometry[S2]])
    edition(drawn, areas.drop(index=S2).reset_index())
    assert shares(reader) == {(S1, S1): (1.0, 1.0, None), (S2, S1): (1.0, 1.0, None)}


def test_a_split_spreads_households_as_the_new_cells_state_them(
    drawn: Engine, reader: Connection
) -> None:
    areas = province_areas().set_index("code").astype({"households": "Int64"})
    new = f"{TOWNSHIPS['S']}000009"
    x = WEST + 0.4 * SIDE
    areas.loc[new] = areas.loc[S1]
    areas.loc[S1, ["geometry", "households"]] = [shapely.box(WEST, SOUTH, x, SOUTH + SIDE), 300]
    east = shapely.box(x, SOUTH, BORDER, SOUTH + SIDE)
    areas.loc[new, ["geometry", "households"]] = [east, 100]
    edition(drawn, areas.reset_index())
    assert shares(reader) == {(S1, S1): (0.4, 0.75, None), (S1, new): (0.6, 0.25, None)}


def test_land_that_was_given_up_is_missing_from_the_sum(drawn: Engine, reader: Connection) -> None:
    areas = province_areas().set_index("code")
    gone = shapely.box(BORDER + 1.5 * SIDE, SOUTH, BORDER + 2 * SIDE, SOUTH + SIDE)
    inside = ["990000", "990100", "990102", TOWNSHIPS["E"], E1]
    areas.loc[inside, "geometry"] = areas.loc[inside, "geometry"].difference(gone)
    edition(drawn, areas.reset_index())
    found = shares(reader)
    assert found[E1, E1] == (0.5, None, None)
    assert found["990102", "990102"][0] == 0.75


def test_names_and_people_alone_write_nothing(drawn: Engine, reader: Connection) -> None:
    report = edition(drawn, province_areas().assign(name="新名"))
    assert (report.rows_updated, ask(reader, ROWS)) == (18, [])


def test_a_correction_of_the_same_day_replaces_its_shares(
    drawn: Engine, reader: Connection
) -> None:
    edition(drawn, moved_border(0.25))
    edition(drawn, moved_border(0.5))
    assert shares(reader) == {
        (S1, S1): (0.5, None, None),
        (S1, S2): (0.5, None, None),
        (S2, S2): (1.0, 1.0, None),
    }
    versions = "SELECT valid_from, valid_to FROM gridboard.area WHERE code = :code ORDER BY 1"
    assert ask(reader, versions, code=S1) == [(date(2020, 1, 1), DAY), (DAY, None)]


def test_each_edition_adds_its_own(drawn: Engine, reader: Connection) -> None:
    edition(drawn, moved_border(0.25))
    edition(drawn, province_areas(), DAY + timedelta(days=30))
    assert {row[5] for row in ask(reader, ROWS)} == {DAY, DAY + timedelta(days=30)}
    back = {row[:2]: row[2] for row in ask(reader, ROWS) if row[5] > DAY}
    assert back == {(S1, S1): 1.0, (S2, S1): 0.2, (S2, S2): 0.8}


def cut(lines: list[float], codes: str) -> pd.DataFrame:
    """A strip of 1 x 0.1 degrees cut at some places."""
    west = [103.0, *sorted(103 + line for line in lines)]
    east = [*west[1:], 104.0]
    shapes = [shapely.box(x, 36, y, 36.1) for x, y in zip(west, east, strict=True)]
    frame = pd.DataFrame({"code": [f"{codes}{n}" for n in range(len(shapes))], "households": None})
    return frame.assign(geom=np.array(shapes, dtype=object))


LINES = st.lists(st.integers(1, 999).map(lambda n: n / 1000), unique=True, max_size=6)


@settings(max_examples=60, deadline=None)
@given(before=LINES, after=LINES)
def test_shares_of_a_former_area_add_up_to_one(before: list[float], after: list[float]) -> None:
    found = overlay(cut(before, "old"), cut(after, "new"), 10.0)
    sums = found.groupby("old_code")["share_area"].sum()
    assert len(sums) == len(before) + 1
    assert sums.to_numpy() == pytest.approx(1, abs=1e-9)
    assert not found.duplicated(["old_code", "new_code"]).any()


def test_slivers_of_a_border_drawn_anew_are_dropped() -> None:
    """A metre of a border of 11 km is 11,000 m²; a tenth of a millimetre is 1."""
    hair = 0.0001 / 90_000
    found = overlay(cut([0.5], "old"), cut([0.5 + hair], "new"), 10.0)
    assert found[["old_code", "new_code", "share_area"]].values.tolist() == [
        ["old0", "new0", 1.0],
        ["old1", "new1", 1.0],
    ]


def test_a_viewer_reads_the_crosswalk_of_their_own_area(drawn: Engine, app_engine: Engine) -> None:
    edition(drawn, moved_border(0.25))
    seen = {}
    for slot, code in ((0, "990000"), (2, COUNTY), (2, "990102"), (3, TOWNSHIPS["S"])):
        with transaction(app_engine, Viewer("leader", slot, code)) as connection:
            seen[code] = len(ask(connection, ROWS.replace("gridboard.", "")))
    assert seen == {"990000": 3, COUNTY: 3, "990102": 0, TOWNSHIPS["S"]: 3}
