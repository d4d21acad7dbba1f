"""Several loaders at once: one result, and nobody waits in a circle."""

from datetime import date
from pathlib import Path

import geopandas as gpd

from etl.checksums import Checksums
from geo.hierarchy import SLOTS
from geo.settings import DatabaseSettings
from tests.areas import province_areas
from tests.crash.loads import Files, left_behind, report_of, start, start_load, sums
from tests.waiting import until


def test_two_loaders_of_one_file_come_to_one_result(
    database: DatabaseSettings, files: Files, clean: Checksums
) -> None:
    programs = [start_load(database, files, "--report", "-") for _ in range(2)]
    one, other = sorted(map(report_of, programs), key=lambda account: int(account["rows_loaded"]))
    assert [program.returncode for program in programs] == [3, 3]
    assert one["rows_loaded"] == one["rows_updated"] == 0
    assert (
        one["rows_unchanged"]
        == other["rows_loaded"] + other["rows_updated"] + (other["rows_unchanged"])
    )
    assert one["rows_rejected"] == other["rows_rejected"] > 0
    assert sums(database) == clean
    until(lambda: left_behind(database) == [])


def test_areas_and_incidents_are_loaded_at_once(
    database: DatabaseSettings, files: Files, clean: Checksums, tmp_path: Path
) -> None:
    """The edition changes nothing but the names, so that the result is known."""
    paths = []
    for slot, level in province_areas().groupby("level"):
        path = tmp_path / f"{str(SLOTS[slot]).replace('county', 'counties')}.geojson"
        gpd.GeoDataFrame(level.drop(columns="level").assign(name="new")).to_file(path)
        paths.append(str(path))
    areas = ["load", "boundaries", *paths, "--profile", "china", "--valid-from", "2024-06-01"]
    programs = [
        start_load(database, files, "--report", "-"),
        start(database, *areas, "--report", "-"),
        start_load(database, files, "--report", "-"),
    ]
    accounts = [report_of(program) for program in programs]
    assert [program.returncode for program in programs] == [3, 0, 3]
    assert accounts[1]["rows_updated"] == 18
    assert sums(database) == clean
    until(lambda: left_behind(database) == [])
    assert date.fromisoformat(str(accounts[0]["first_day"])) if accounts[0]["first_day"] else True
