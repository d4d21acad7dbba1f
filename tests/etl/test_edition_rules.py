"""Who may load an edition, from which day, and what it must fit that is loaded already."""

from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import Connection, Engine

from etl.boundaries import Origin, load_boundaries
from etl.checking import DefectsError, Stated
from etl.divisions import Division
from etl.profiles import Checks
from etl.reports import LoadReport
from geo.database import loading
from geo.defects import Kind
from geo.errors import InputError
from tests.areas import COUNTY, PROVINCE, SIDE, TOWNSHIPS, cell_code, province_areas
from tests.etl.drawn import CHINA, FIRST_DAY, ask, counts

S1 = cell_code("S1")
LATER = date(2024, 1, 1)
VERSIONS = "SELECT valid_from, valid_to FROM gridboard.area WHERE code = :code ORDER BY valid_from"


def edition(
    engine: Engine,
    areas: gpd.GeoDataFrame,
    day: date = LATER,
    stated: Stated | None = None,
    origin: Origin | None = None,
) -> LoadReport:
    with loading(engine) as connection:
        return load_boundaries(
            connection, areas, CHINA, valid_from=day, stated=stated, origin=origin
        )


def changed(area: str, **values: object) -> gpd.GeoDataFrame:
    areas = province_areas()
    for name, value in values.items():
        areas.loc[areas["code"] == area, name] = value
    return areas


def test_boundaries_are_loaded_for_the_whole_root_only(drawn: Engine) -> None:
    with pytest.raises(InputError, match=f"operator of the whole of {PROVINCE}, not of {COUNTY}"):
        edition(drawn, changed(S1, name="新"), origin=Origin(scope_code=COUNTY))
    whole = edition(drawn, changed(S1, name="新"), origin=Origin(scope_code=PROVINCE, author="me"))
    assert counts(whole) == {"read": 18, "updated": 1, "unchanged": 17}


def test_the_batch_says_who_loaded_what(drawn: Engine, reader: Connection) -> None:
    edition(drawn, changed(S1, name="新"), origin=Origin(profile="china", author="me"))
    told = "SELECT profile, author, report -> 'details' -> 'tolerance_m2' FROM gridboard.batch"
    assert ask(reader, f"{told} ORDER BY batch_id DESC LIMIT 1") == [("china", "me", 10.0)]


def test_an_edition_of_the_future_is_refused(drawn: Engine) -> None:
    soon = datetime.now(UTC).astimezone(CHINA.time_zone).date() + timedelta(days=1)
    with pytest.raises(InputError, match=f"holds from {soon}, in the future"):
        edition(drawn, changed(S1, name="新"), soon)


def dated(area: str, day: date, **values: object) -> gpd.GeoDataFrame:
    areas = changed(area, **values)
    return areas.assign(valid_from=[day if code == area else None for code in areas["code"]])


def test_a_row_may_state_its_own_day(drawn: Engine, reader: Connection) -> None:
    own = date(2022, 5, 1)
    edition(drawn, dated(S1, own, name="新"))
    assert ask(reader, VERSIONS, code=S1) == [(FIRST_DAY, own), (own, None)]


def test_a_row_with_its_old_day_and_new_content_is_refused(drawn: Engine) -> None:
    """Else what was in force before would be overwritten without a trace."""
    with pytest.raises(InputError, match=rf"{S1} has an edition valid from 2020-01-01: an older"):
        edition(drawn, dated(S1, FIRST_DAY, name="新"))


def test_a_row_with_its_old_day_and_old_content_is_unchanged(drawn: Engine) -> None:
    edition(drawn, changed(S1, name="新"))
    again = dated(S1, FIRST_DAY, name="新")
    assert counts(edition(drawn, again, LATER + timedelta(days=1))) == {
        "read": 18, "unchanged": 18,
    }  # fmt: skip


def test_areas_are_not_closed_before_they_began(drawn: Engine) -> None:
    new = f"{TOWNSHIPS['S']}000009"
    areas = province_areas().set_index("code")
    half = shapely.box(100.0, 36.0, 100.005, 36.01)
    areas.loc[new] = areas.loc[S1]
    areas.loc[new, "geometry"] = half
    areas.loc[S1, "geometry"] = areas.geometry[S1].difference(half)
    edition(drawn, areas.reset_index())
    with pytest.raises(InputError, match="has an edition valid from 2024-01-01"):
        edition(drawn, province_areas(), date(2023, 1, 1))


def test_areas_that_stay_must_fit_the_new_outline_of_their_parent(drawn: Engine) -> None:
    """Townships alone come anew, and their border no longer runs along the cells'."""
    areas = province_areas().set_index("code")
    strip = shapely.box(100.0, 36.01 - SIDE / 10, 100.02, 36.01)
    areas.loc[TOWNSHIPS["S"], "geometry"] = areas.geometry[TOWNSHIPS["S"]].difference(strip)
    areas.loc[TOWNSHIPS["N"], "geometry"] = areas.geometry[TOWNSHIPS["N"]].union(strip)
    towns = areas[areas["parent_code"] == COUNTY].reset_index()
    with pytest.raises(DefectsError) as caught:
        edition(drawn, towns)
    kinds = {(d.kind, d.codes) for d in caught.value.forbidding}
    assert (Kind.OUTSIDE, (S1, TOWNSHIPS["S"])) in kinds
    assert (Kind.UNFILLED, (TOWNSHIPS["N"],)) in kinds


def overlapping(by_m: float) -> gpd.GeoDataFrame:
    """S1 reaches into S2 by so many metres, over 1,110 m."""
    areas = province_areas().set_index("code")
    grown = shapely.box(100.0, 36.0, 100.01 + by_m / 90_000, 36.01)
    areas.loc[S1, "geometry"] = grown
    return areas.reset_index()


def test_what_lies_below_the_tolerance_is_loaded_and_counted(
    drawn: Engine, reader: Connection
) -> None:
    report = edition(drawn, overlapping(0.005))
    found = report.details["defects"]
    assert isinstance(found, dict)
    assert found["sliver"]["count"] == 1
    assert 1 < found["sliver"]["area_m2"] < 10
    [(told,)] = ask(
        reader,
        "SELECT report #> '{details,defects,sliver,count}' FROM gridboard.batch"
        " ORDER BY batch_id DESC LIMIT 1",
    )
    assert told == 1


def test_the_tolerance_is_stated(drawn: Engine) -> None:
    with pytest.raises(DefectsError, match=r"above the tolerance of 1 m²"):
        edition(drawn, overlapping(0.005), stated=Stated(Checks(tolerance_m2=1)))
    with pytest.raises(DefectsError, match=r"1 × sliver"):
        edition(drawn, overlapping(0.05))
    edition(drawn, overlapping(0.05), stated=Stated(Checks(tolerance_m2=100)))


def store_divisions(engine: Engine, *entries: Division) -> None:
    insert = "INSERT INTO division (code, name, level, valid_to) VALUES (%s, %s, %s, %s)"
    with loading(engine) as connection:
        for entry in entries:
            values = (entry.code, entry.name, entry.level, entry.valid_to)
            connection.exec_driver_sql(insert, values)


def test_codes_that_the_division_list_abolished_are_refused_or_reported(drawn: Engine) -> None:
    store_divisions(
        drawn,
        Division(COUNTY, "南县", 2, None, date(2021, 1, 1)),
        Division("990102", "东县", 2, None, None),
    )
    areas = changed(S1, name="新")
    with pytest.raises(DefectsError, match="南县: abolished on 2021-01-01"):
        edition(drawn, areas)
    report = edition(drawn, areas, stated=Stated(Checks(unknown_codes="report")))
    found = report.details["defects"]
    assert isinstance(found, dict)
    assert found["unknown code"]["count"] == 1


def test_codes_that_occur_twice_are_named_whatever_is_loaded(drawn: Engine) -> None:
    areas = province_areas()
    both = gpd.GeoDataFrame(pd.concat([areas, areas[areas["code"] == S1]], ignore_index=True))
    with pytest.raises(DefectsError, match=rf"2 × duplicate code.*{S1}"):
        edition(drawn, both)


def test_areas_without_any_geometry_are_named(drawn: Engine) -> None:
    nowhere = province_areas().assign(geometry=None).set_crs("EPSG:4326", allow_override=True)
    with pytest.raises(DefectsError, match=rf"18 × invalid.*{PROVINCE} \(no geometry\)"):
        edition(drawn, nowhere)


@pytest.mark.parametrize(
    "shape", [shapely.Point(100, 36), shapely.LineString([(100, 36), (101, 37)])]
)
def test_points_and_lines_are_no_areas(drawn: Engine, shape: shapely.Geometry) -> None:
    with pytest.raises(DefectsError, match=rf"invalid: {S1} near .* \(a \w+, not a polygon\)"):
        edition(drawn, changed(S1, geometry=shape))


@pytest.mark.parametrize("code", [None, " "])
def test_a_blank_code_is_named_by_its_place(drawn: Engine, code: str | None) -> None:
    with pytest.raises(DefectsError, match=r"blank code: no code near 100\.00500, 36\.00500"):
        edition(drawn, changed(S1, code=code))
