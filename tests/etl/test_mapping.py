"""From a file's own columns to ours."""

from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from etl.mapping import PROBLEM, make_ids, make_text, make_time, map_incidents
from etl.profiles import Dictionary, Incidents, Term, Text, Time
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


def test_times_without_any_zone_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="column t has times without a zone"):
        times(Time(column="t"), None, "2024-05-10 08:00")


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
