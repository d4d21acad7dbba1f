"""Drafts: what a file shows is proposed, what it does not show is said to be unsure."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from etl.drafting import draft_profile, preview_profile
from etl.drafting.columns import find_columns
from etl.drafting.fit import describe_fit
from etl.drafting.formats import find_formats
from etl.drafting.proposal import plain_source
from etl.places import Places
from etl.profiles import Incidents, parse_profile
from etl.reading.incidents import read_incidents
from geo.crs import convert
from geo.errors import InputError
from tests.etl.reading.sources import write_sheet
from tests.real import real_file

START = datetime(2024, 3, 5, 8)  # noqa: DTZ001 (a clock reading)
ROWS = 60
PREFIXES = ["1391", "1505", "1868", "1773"]


def ledger() -> pd.DataFrame:
    """A ledger as a township keeps it, with two columns that must not be read."""
    kinds = ["邻里纠纷", "劳动争议", "宅基地纠纷", "集市摊位纠纷"]
    rows = [
        {
            "序号": number,
            "事件编号": f"SJ2024{number:05d}",
            "当事人姓名": ["张伟", "王芳", "李娜"][number % 3],
            "联系电话": f"{PREFIXES[number % 4]}{number * 7919 % 10**7:07d}",
            "发生时间": (START + timedelta(hours=number)).strftime("%Y/%m/%d %H:%M"),
            "登记日期": f"2024年3月{number // 24 + 7}日",
            "经度": round(103.8 + number / 1000, 6),
            "纬度": round(36.05 + number / 1000, 6),
            "纠纷类型": kinds[number % 4],
            "来源": ["12345热线", "窗口"][number % 2],
            "化解状态": ["已化解", "办理中", "调解失败"][number % 3],
            "所属网格编码": 620102001001001 + number % 4,
            "涉及人数": number % 5 + 2,
        }
        for number in range(1, ROWS + 1)
    ]
    return pd.DataFrame(rows)


def write(frame: pd.DataFrame, folder: Path, kind: str) -> Path:
    path = folder / f"台账.{kind}"
    if kind == "csv":
        frame.to_csv(path, index=False, encoding="gb18030", sep=";")
    elif kind == "jsonl":
        frame.to_json(path, orient="records", lines=True, force_ascii=False)
    elif kind == "parquet":
        frame.to_parquet(path)
    else:
        write_sheet(path, [list(frame.columns), *frame.astype(object).to_numpy().tolist()])
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_ledger_in_every_format(tmp_path: Path, kind: str) -> None:
    path = write(ledger(), tmp_path, kind)
    draft = draft_profile(path)
    profile = parse_profile(draft.profile, "draft")
    rules = profile.incidents
    assert rules is not None
    assert (rules.incident_id, rules.lon, rules.lat) == (("事件编号",), "经度", "纬度")
    assert rules.occurred_at.column == "发生时间"
    assert rules.received_at is not None
    assert rules.received_at.formats == ("chinese",)
    assert rules.time_zone == "Asia/Shanghai"
    assert rules.recorded is not None
    assert rules.recorded.column == "所属网格编码"
    assert [rule.column for rule in rules.dictionaries.values()][:3] == [
        "纠纷类型",
        "来源",
        "化解状态",
    ]
    assert set(rules.leave_out) == {"当事人姓名", "联系电话"}
    assert (rules.encoding, rules.delimiter) == (
        ("gb18030", ";") if kind == "csv" else (None, None)
    )
    # The draft reads the file it was made from, once somebody has said what nobody can see.
    stated = profile.with_crs("GCJ-02").incidents
    assert stated is not None
    [chunk] = read_incidents(path, stated)
    assert len(chunk.frame) == ROWS


def test_what_is_not_sure_is_said(tmp_path: Path) -> None:
    draft = draft_profile(write(ledger(), tmp_path, "csv"))
    unsure = {doubt["field"]: doubt["why"] for doubt in draft.unsure}
    assert "nothing in the file says in which CRS" in unsure["crs"]
    assert "'集市摊位纠纷'" in unsure["category"]
    assert "that of the hierarchy" in unsure["time_zone"]
    assert "当事人姓名 (names)" in unsure["leave_out"]
    assert "status" not in unsure
    for why in unsure.values():
        assert why in draft.profile
    rules = parse_profile(draft.profile, "draft").incidents
    assert rules is not None
    with pytest.raises(InputError, match="in which CRS"):
        rules.stated_crs()


def test_the_first_rows_are_shown_as_they_would_be_loaded(tmp_path: Path) -> None:
    result = draft_profile(write(ledger(), tmp_path, "csv")).as_dict()
    assert result.keys() == {"profile", "unsure", "columns", "rows", "persons"}
    assert len(result["rows"]) == 50
    first = result["rows"][0]
    assert (first["row"], first["lon"], first["lat"]) == (1, 103.801, 36.051)
    assert (first["category"], first["channel"], first["status"]) == ("wages", "window", "open")
    assert first["occurred_at"] == "2024-03-05T01:00:00+00:00"
    assert result["rows"][2]["reason"] == "unknown category"


def test_no_value_about_persons_is_shown(tmp_path: Path) -> None:
    frame = ledger().assign(
        备注=[f"来电人 {PREFIXES[n % 4]}{n * 7919 % 10**7:07d}" for n in range(1, ROWS + 1)]
    )
    result = draft_profile(write(frame, tmp_path, "csv")).as_dict()
    assert {each["column"] for each in result["persons"]} >= {"当事人姓名", "联系电话", "备注"}
    assert not any(value in str(result) for value in ("张伟", "王芳", *PREFIXES))
    examples = {each["name"]: each["examples"] for each in result["columns"]}
    assert list(examples) == list(frame.columns)
    assert examples["来源"] == ["窗口", "12345热线"]


def test_a_profile_that_uses_a_column_about_persons_shows_none_of_it(tmp_path: Path) -> None:
    path = write(ledger(), tmp_path, "csv")
    text = draft_profile(path).profile.replace('"当事人姓名", ', "")
    text = text.replace("[incidents]", '[incidents]\norganisation = "当事人姓名"', 1)
    result = preview_profile(path, parse_profile(text, "mine")).as_dict()
    assert [each["column"] for each in result["persons"]] == ["当事人姓名"]
    assert len(result["rows"]) == 50
    assert result["rows"][0].keys() <= {"row", "lon", "lat", "occurred_at", "received_at", "reason"}
    assert not any(value in str(result) for value in ("张伟", "王芳", "李娜"))


def test_a_column_called_by_a_name_is_called_by_its_place(tmp_path: Path) -> None:
    frame = ledger().rename(columns={"当事人姓名": "王建国"})
    result = draft_profile(write(frame, tmp_path, "csv")).as_dict()
    assert "number 3 from the left" in [each["name"] for each in result["columns"]]
    assert "王建国" not in str(result)


def test_a_file_of_another_country() -> None:
    crimes = real_file("chicago/crimes_2018.parquet")
    draft = draft_profile(crimes, hierarchy="chicago")
    rules = parse_profile(draft.profile, "draft").incidents
    assert rules is not None
    assert (rules.lon, rules.lat, rules.occurred_at.column) == ("Longitude", "Latitude", "Date")
    assert rules.category.column == "PrimaryType"
    assert rules.category.create
    assert {"crs", "incident_id", "channel", "status"} <= {each["field"] for each in draft.unsure}
    assert not any("reason" in row for row in draft.rows)
    assert "hierarchy" in {each["field"] for each in draft_profile(crimes).unsure}


def test_a_file_that_says_little(tmp_path: Path) -> None:
    """What is missing is a question in the profile, never a guess."""
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,x\n2,y\n", encoding="utf-8")
    draft = draft_profile(path)
    assert 'column = "?"' in draft.profile
    assert draft.rows == []
    unsure = {doubt["field"] for doubt in draft.unsure}
    assert {"lon", "occurred_at", "incident_id", "channel", "hierarchy"} <= unsure
    rules = parse_profile(draft.profile, "draft").incidents
    assert rules is not None
    with pytest.raises(InputError, match=r"has none of the columns the profile names \(\?\)"):
        list(read_incidents(path, rules))


def test_a_profile_that_was_changed_is_shown_again(tmp_path: Path) -> None:
    path = write(ledger(), tmp_path, "csv")
    text = draft_profile(path).profile.replace("[incidents]", '[incidents]\ncrs = "GCJ-02"', 1)
    draft = preview_profile(path, parse_profile(text, "mine"))
    assert draft.unsure == []
    assert 0.0005 < 103.801 - draft.rows[0]["lon"] < 0.005
    assert draft.rows[2]["reason"] == "unknown category"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("热线_2026-10.csv", "热线"),
        ("热线_2026-11.csv.gz", "热线"),
        ("2024年3月矛盾纠纷台账(1).xlsx", "矛盾纠纷台账"),
        ("crimes_2018.parquet", "crimes"),
        ("12345热线20261101.csv", "12345热线"),
        ("hotline-12345_202610.csv", "hotline-12345"),
        ("2024.csv", "mine"),
        ("postgresql://host/db?table=public.events_2024", "public-events"),
    ],
)
def test_the_source_is_the_same_every_month(name: str, source: str) -> None:
    assert plain_source(name) == source


def test_several_sheets_and_decimal_commas(tmp_path: Path) -> None:
    frame = ledger().astype({"经度": str, "纬度": str})
    for name in ("经度", "纬度"):
        frame[name] = frame[name].str.replace(".", ",")
    rows = [list(frame.columns), *frame.astype(object).to_numpy().tolist()]
    path = write_sheet(
        tmp_path / "a.xlsx",
        rows,
        change=lambda book, _: book.add_worksheet("说明").write(0, 0, "x"),
    )
    draft = draft_profile(path)
    rules = parse_profile(draft.profile, "draft").incidents
    assert rules is not None
    assert (rules.sheet, rules.decimal) == ("台账", ",")
    assert draft.rows[0]["lon"] == 103.801
    assert "there are also 说明" in next(
        each["why"] for each in draft.unsure if each["field"] == "sheet"
    )


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (["2024-03-05 14:30:00", "2024-03-05T14:30:00+08:00"], ("iso",)),
        (["2024/3/5 14:30", "2024/3/25 4:30"], ("%Y/%m/%d %H:%M",)),
        (["20240305143000", "20241231235959"], ("%Y%m%d%H%M%S",)),
        (["2024年3月5日 14:30"], ("chinese",)),
        (["45356.604", "45357"], ("excel",)),
        (["1709649000", "1709649001"], ("epoch",)),
        (["13/02/2024 08:00", "01/02/2024 08:00"], ("%d/%m/%Y %H:%M",)),
        (["02/13/2024 08:00", "01/02/2024 08:00"], ("%m/%d/%Y %H:%M",)),
    ],
)
def test_formats_of_times(values: list[str], written: tuple[str, ...]) -> None:
    found = find_formats(pd.Series(values))
    assert found.written[:1] == written or set(found.written) == set(written)
    assert found.read == 1


def test_formats_that_cannot_be_told() -> None:
    either = find_formats(pd.Series(["01/02/2024 08:00", "03/04/2024 08:00"]))
    assert either.why == "day and month cannot be told apart: taken as month/day/year"
    mixed = find_formats(pd.Series(["2024-03-05 14:30", "2024年3月5日", "gestern"]))
    assert set(mixed.written) == {"iso", "chinese"}
    assert mixed.why == "1 of 3 values fit no format that is known"


def test_columns_by_what_they_hold() -> None:
    frame = pd.DataFrame(
        {
            "A": ["x", "y"],
            "B": [36.051, 36.052],
            "C": [103.801, 103.802],
            "D": ["620102001001", "620102001002"],
        }
    )
    found = find_columns(frame, frozenset())
    assert {part: match.column for part, match in found.items()} == {
        "lon": "C",
        "lat": "B",
        "recorded": "D",
    }
    assert all(match.why for match in found.values())


def test_times_and_words_without_names() -> None:
    frame = pd.DataFrame(
        {
            "A": ["2024年3月5日 14:30", "2024年3月6日"],
            "B": ["办理中", "已化解"],
            "C": ["窗口", "信访"],
            "D": ["宅基地纠纷", "邻里纠纷"],
            "E": ["01", "02"],
        }
    )
    found = {part: match.column for part, match in find_columns(frame, frozenset()).items()}
    assert found == {"occurred_at": "A", "status": "B", "channel": "C", "category": "D"}


def test_coordinates_in_one_column_and_addresses_alone(tmp_path: Path) -> None:
    one = ledger().drop(columns=["经度", "纬度"]).assign(坐标="103.801,36.051")
    draft = draft_profile(write(one, tmp_path, "csv"))
    doubts = {each["field"]: each["why"] for each in draft.unsure}
    assert doubts["lon"] == "坐标 seems to hold both coordinates: make two columns of it"
    addressed = one.drop(columns="坐标").assign(发生地点="兰州市城关区张掖路街道")
    draft = draft_profile(write(addressed, tmp_path, "csv"))
    rules = parse_profile(draft.profile, "draft").incidents
    assert rules is not None
    assert (rules.address, rules.lon) == ("发生地点", None)
    assert not {"crs", "lon"} & {each["field"] for each in draft.unsure}
    assert "reason" not in draft.rows[0]
    assert rules.stated_crs() is None


def test_free_text_is_not_proposed(tmp_path: Path) -> None:
    told = [
        f"来电反映楼上漏水多次协调未果，要求尽快处理并答复，第{n}次来电，工作人员已登记转办"
        for n in range(ROWS)
    ]
    frame = ledger().assign(化解方式=told, 承办单位="司法所")
    draft = draft_profile(write(frame, tmp_path, "csv"))
    rules = parse_profile(draft.profile, "draft").incidents
    assert rules is not None
    assert (rules.method, rules.organisation) == (None, "承办单位")
    doubts = {each["field"]: each["why"] for each in draft.unsure}
    assert doubts["method"] == "left away: 化解方式 seems to hold free text"
    assert "楼上漏水" not in str(draft.as_dict())


def test_columns_whose_content_contradicts_their_name() -> None:
    frame = pd.DataFrame(
        {"x": ["left", "right"], "y": ["up", "down"], "发生时间": ["昨天", "今天"]}
    )
    assert find_columns(frame, frozenset()) == {}


def test_recorded_codes_tell_which_system_fits() -> None:
    """Four cells of 200 m; points in their middles, written as GCJ-02."""
    west, south, step = 103.8, 36.05, 0.002
    cells = [
        shapely.box(west + i * step, south, west + (i + 1) * step, south + step) for i in range(4)
    ]
    codes = [f"62010200100{number}" for number in range(4)]
    places = Places(
        1, pd.DataFrame({"code": codes, "level": 5, "finest": True}), np.array(cells), {}, {}
    )
    at = np.arange(40) % 4
    lon, lat = west + (at + 0.5) * step, np.full(40, south + step / 2)
    x, y = convert(lon, lat, "EPSG:4326", "GCJ-02")
    frame = pd.DataFrame({"x": x, "y": y, "code": np.array(codes)[at]})
    rules = Incidents.model_validate(
        {
            "source": "a",
            "incident_id": ["code"],
            "lon": "x",
            "lat": "y",
            "recorded": {"column": "code"},
            "occurred_at": {"column": "code"},
            "category": {"constant": "a"},
            "channel": {"constant": "a"},
            "status": {"constant": "a"},
        }
    )
    assert "GCJ-02 100.0%" in (describe_fit(frame, rules, places) or "")
    assert describe_fit(frame.head(5), rules, places) is None
