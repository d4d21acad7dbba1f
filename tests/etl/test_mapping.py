"""From a file's own columns to ours."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.mapping import PROBLEM, make_ids, make_text, map_incidents
from etl.profiles import Dictionary, Incidents, Recorded, Term, Text, Time
from etl.reasons import NOT_IN_CRS
from etl.times import make_time
from geo.errors import ConfigurationError, InputError

CHICAGO, SHANGHAI = ZoneInfo("America/Chicago"), ZoneInfo("Asia/Shanghai")


def texts(rule: Text, *values: object) -> list[object]:
    return make_text(rule, pd.DataFrame({"n": values})).tolist()


def test_texts_are_cut_padded_and_prefixed() -> None:
    assert texts(Text(column="n", pad=3, prefix="D-"), "7", "12") == [
        "D-007",
        "D-012",
    ]
    assert texts(Text(column="n", first=2), " 1713 ") == ["17"]
    assert texts(Text(constant="x"), 1, 2) == ["x", "x"]


def test_missing_texts_stay_missing() -> None:
    assert pd.isna(texts(Text(column="n", prefix="D-"), "7", None)[1])


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match=r"no column 'm'; there are \['n'\]"):
        texts(Text(column="m"), "7")


def times(rule: Time, zone: ZoneInfo | None, *values: object) -> list[str]:
    found = make_time(rule, pd.Series(values), zone)
    return [moment.isoformat() if pd.notna(moment) else "-" for moment in found]


def test_naive_times_are_local() -> None:
    assert times(Time(column="t"), SHANGHAI, "2024-05-10 08:00", "2024-05-10T00:30:00") == [
        "2024-05-10T00:00:00+00:00",
        "2024-05-09T16:30:00+00:00",
    ]


def test_a_stated_zone_is_believed() -> None:
    assert times(Time(column="t"), CHICAGO, "2024-05-10T08:00:00+08:00", "2024-05-10T00:00Z") == [
        "2024-05-10T00:00:00+00:00",
        "2024-05-10T00:00:00+00:00",
    ]


def test_each_row_states_its_own_zone_or_none() -> None:
    """What one row states must not move another, in whatever order they come."""
    midnight = "2024-01-01T00:00:00+00:00"
    written = [
        "2024-01-01 08:00:00",
        "2024-01-01T08:00:00+08:00",
        "2024-01-01 08:00:00+08",
        "2023-12-31 18:00:00.5-0600",
        "2024-01-01T00:00Z",
        "2024-01-01",
        None,
        "soon",
    ]
    half, day_before = "2024-01-01T00:00:00.500000+00:00", "2023-12-31T16:00:00+00:00"
    expected = [midnight, midnight, midnight, half, midnight, day_before, "-", "-"]
    assert times(Time(column="t"), SHANGHAI, *written) == expected
    assert times(Time(column="t"), SHANGHAI, *written[::-1]) == expected[::-1]


def test_zones_in_a_format_may_differ() -> None:
    rule = Time(column="t", format="%d/%m/%Y %H:%M %z")
    assert times(rule, None, "01/01/2024 08:00 +0800", "01/01/2024 01:00 +0000") == [
        "2024-01-01T00:00:00+00:00",
        "2024-01-01T01:00:00+00:00",
    ]


def test_missing_times_need_no_zone() -> None:
    assert times(Time(column="t"), None, "2024-01-01T00:00Z", None, "soon") == [
        "2024-01-01T00:00:00+00:00",
        "-",
        "-",
    ]
    with pytest.raises(ConfigurationError, match="times without a zone"):
        times(Time(column="t"), None, "2024-01-01T00:00Z", "2024-01-01 08:00")


def test_a_wrong_zone_is_overruled_by_the_clock() -> None:
    moment = pd.Timestamp("2018-07-01 08:00", tz="UTC")
    wall = Time(column="t", wall_clock=True)
    assert times(wall, CHICAGO, moment) == ["2018-07-01T13:00:00+00:00"]
    assert times(Time(column="t"), CHICAGO, moment) == ["2018-07-01T08:00:00+00:00"]


def test_clocks_that_skip_and_repeat() -> None:
    """02:30 did not exist on 11 March 2018 in Chicago; 01:30 came twice on 4 November."""
    found = times(Time(column="t"), CHICAGO, "2018-03-11 02:30", "2018-11-04 01:30")
    assert found == ["2018-03-11T08:00:00+00:00", "2018-11-04T06:30:00+00:00"]


def test_formats_and_what_does_not_fit_them() -> None:
    rule = Time(column="t", format="%d/%m/%Y %H:%M")
    assert times(rule, SHANGHAI, "10/05/2024 08:00", "2024-05-10") == [
        "2024-05-10T00:00:00+00:00",
        "-",
    ]


def test_the_first_format_that_fits_is_taken() -> None:
    rule = Time(column="t", format=("iso", "%Y/%m/%d %H:%M", "%Y%m%d%H%M%S", "chinese"))
    written = ["2024-03-05T14:30", "2024/3/5 14:30", "20240305143000", "2024年3月5日 14:30", "soon"]
    half_past_two = "2024-03-05T06:30:00+00:00"
    assert times(rule, SHANGHAI, *written) == [*[half_past_two] * 4, "-"]


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("2024年3月5日", "00:00:00"),
        ("2024年03月05日14时30分", "14:30:00"),
        ("2024年3月5日 14时30分05秒", "14:30:05"),
        ("2024年3月5日 14:30:05", "14:30:05"),
        ("2024年3月5日下午2点半", "14:30:00"),
        ("2024年3月5日 下午 2时", "14:00:00"),
        ("2024年3月5日 中午12点", "12:00:00"),
        ("2024年3月5日 中午1点", "13:00:00"),
        ("2024年3月5号 上午9点5分", "09:05:00"),
        ("2024年3月5日 25时", "-"),
        ("2024年2月30日", "-"),
        ("3月5日", "-"),
    ],
)
def test_times_as_people_write_them(written: str, clock: str) -> None:
    [found] = times(Time(column="t", format="chinese"), ZoneInfo("UTC"), written)
    assert found == (f"2024-03-05T{clock}+00:00" if clock != "-" else "-")


@pytest.mark.parametrize(
    ("calendar", "serial", "moment"),
    [
        ("excel", 45356.6041666667, "2024-03-05T14:30:00"),
        ("excel", "45356.604166666664", "2024-03-05T14:30:00"),
        ("excel", 61, "1900-03-01T00:00:00"),
        ("excel", 59, "1900-02-28T00:00:00"),
        ("excel", 1, "1900-01-01T00:00:00"),
        ("excel-1904", 43894.6041666667, "2024-03-05T14:30:00"),
        ("epoch", 1709649000, "2024-03-05T14:30:00"),
        ("epoch-ms", "1709649000500", "2024-03-05T14:30:00.500000"),
        ("excel", 1e300, "-"),
        ("excel", "soon", "-"),
    ],
)
def test_times_that_are_counted(calendar: str, serial: object, moment: str) -> None:
    [found] = times(Time(column="t", format=calendar), ZoneInfo("UTC"), serial)
    assert found == (f"{moment}+00:00" if moment != "-" else "-")


def test_counted_seconds_need_no_zone_and_serials_do() -> None:
    assert times(Time(column="t", format="epoch"), None, 0) == ["1970-01-01T00:00:00+00:00"]
    with pytest.raises(ConfigurationError, match="times without a zone"):
        times(Time(column="t", format="excel"), None, 45356)


@pytest.mark.parametrize("written", [None, "%Y-%m-%d %H:%M:%S %z"])
def test_the_clock_overrules_zones_written_as_text(written: str | None) -> None:
    """What the clock showed is what is written before the zone, whatever the zone says."""
    rule = Time(column="t", wall_clock=True, format=written)
    values = ["2018-07-01 08:00:00 +0000", "2018-07-01 08:00:00 +0800", "2018-07-01 08:00:00 -0500"]
    assert times(rule, CHICAGO, *values) == ["2018-07-01T13:00:00+00:00"] * 3


@given(
    st.lists(
        st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 (clock readings)
            lambda moment: moment.replace(microsecond=0)
        ),
        min_size=1,
    ),
    st.sampled_from([SHANGHAI, CHICAGO]),
)
def test_the_fast_way_finds_what_the_slow_one_does(moments: list[datetime], zone: ZoneInfo) -> None:
    alike = [moment.isoformat(" ") for moment in moments]
    fast, slow = (
        times(Time(column="t"), zone, *alike),
        times(Time(column="t"), zone, *alike, "soon"),
    )
    assert [*fast, "-"] == slow


def test_times_without_any_zone_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="column t has times without a zone"):
        times(Time(column="t"), None, "2024-05-10 08:00")


def test_codes_that_went_through_a_spreadsheet() -> None:
    """620102001001 must not become 620102001001.0 or 6.2e+11."""
    assert texts(Text(column="n"), 620102001001.0, np.nan)[0] == "620102001001"
    assert texts(Text(column="n"), 620102001001, 0.5) == ["620102001001", "0.5"]
    assert make_ids(("n",), pd.DataFrame({"n": [620102001001.0]})).tolist() == ["620102001001"]


@pytest.mark.parametrize(
    "values", [["A", "6.20103E+17"], ["A", "6e+17"], [6.20103198410122737e17], [None, 1e300]]
)
def test_identifiers_that_have_lost_digits_are_refused(values: list[object]) -> None:
    frame = pd.DataFrame({"n": values})
    with pytest.raises(InputError, match="column n holds numbers that have lost digits"):
        make_ids(("n",), frame)


def test_identifiers_that_only_look_like_rounded_numbers() -> None:
    written = ["1234e567", "3E07", "E+1", "12.5e+3", "620102199001011234"]
    assert make_ids(("n",), pd.DataFrame({"n": written})).tolist() == written


def test_identifiers_are_taken_or_digested() -> None:
    raw = pd.DataFrame({"a": ["x", "x", None], "b": [1, 2, 1]})
    assert make_ids(("a",), raw).isna().tolist() == [False, False, True]
    digests = make_ids(("a", "b"), raw)
    assert digests.is_unique
    assert make_ids(("a", "b"), raw[:1])[0] == digests[0]


@pytest.fixture
def rules() -> Incidents:
    term = Term(code="open", name_zh="办理中", name_en="open", values=("no",))
    return Incidents(
        source="mine",
        time_zone="Asia/Shanghai",
        crs="EPSG:4547",
        incident_id=("id",),
        lon="x",
        lat="y",
        occurred_at=Time(column="when"),
        category=Dictionary(column="kind"),
        channel=Dictionary(constant="window"),
        status=Dictionary(column="done", terms=(term,)),
        people="people",
    )


def raw(**changes: object) -> pd.DataFrame:
    row = {
        "id": "A",
        "when": "2024-05-10 08:00",
        "x": 571_000.0,
        "y": 3_992_000.0,
        "kind": "land",
        "done": "no",
        "people": "3",
    }
    return pd.DataFrame([row | changes])


def test_incidents_are_converted(rules: Incidents) -> None:
    row = map_incidents(raw(), rules).iloc[0]
    assert row["occurred_at"].isoformat() == "2024-05-10T00:00:00+00:00"
    assert (row["category"], row["channel"], row["status"]) == ("land", "window", "open")
    assert row["people"] == 3
    assert (round(row["lon"], 1), round(row["lat"], 1)) == (114.8, 36.1)
    assert pd.isna(row["deadline"])
    assert pd.isna(row[PROBLEM])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [({"when": "soon"}, "occurred_at"), ({"x": "west"}, "lon"), ({"people": "few"}, "people")],
)
def test_what_cannot_be_read_is_a_problem_of_the_row(
    rules: Incidents, changes: dict[str, object], problem: str
) -> None:
    assert map_incidents(raw(**changes), rules)[PROBLEM].tolist() == [f"unreadable {problem}"]


def test_what_is_missing_is_no_problem_of_reading(rules: Incidents) -> None:
    row = map_incidents(raw(when=None, x=None, people=None), rules).iloc[0]
    assert pd.isna(row[PROBLEM])
    assert pd.isna(row["occurred_at"])


def test_values_of_dictionaries_are_trimmed_and_blank_is_missing(rules: Incidents) -> None:
    assert map_incidents(raw(done=" no "), rules)["status"].tolist() == ["open"]
    assert map_incidents(raw(done="  "), rules)["status"].isna().all()
    assert pd.isna(map_incidents(raw(people=" "), rules)[PROBLEM][0])


def test_decimal_commas(rules: Incidents) -> None:
    comma = rules.model_copy(update={"decimal": ",", "crs": "EPSG:4490"})
    row = map_incidents(raw(x="103,825", y="36,05"), comma).iloc[0]
    assert (row["lon"], row["lat"]) == (103.825, 36.05)


def test_addresses_and_recorded_codes_are_passed_on(rules: Incidents) -> None:
    placed = {"lon": None, "lat": None, "crs": None}
    named = {"address": "where", "recorded": Recorded(column="code")}
    row = map_incidents(
        raw(where=" 城关区 ", code=620102001001.0), rules.model_copy(update=placed | named)
    ).iloc[0]
    assert (row["address"], row["recorded"]) == ("城关区", "620102001001")
    assert pd.isna(row["lon"])
    assert pd.isna(row[PROBLEM])


def test_coordinates_in_no_stated_system_are_refused(rules: Incidents) -> None:
    with pytest.raises(InputError, match="in which CRS x and y are"):
        map_incidents(raw(), rules.model_copy(update={"crs": None}))


def test_numbers_that_the_stated_system_cannot_have(rules: Incidents) -> None:
    rows = map_incidents(raw(x="1e12", y="-3e9"), rules)
    assert rows[PROBLEM].tolist() == [NOT_IN_CRS]
    assert rows["lon"].isna().all()


def test_shifted_coordinates_are_converted(rules: Incidents) -> None:
    shifted = rules.model_copy(update={"crs": "GCJ-02"})
    row = map_incidents(raw(x="116.404", y="39.915"), shifted).iloc[0]
    assert 0.004 < 116.404 - row["lon"] < 0.008
