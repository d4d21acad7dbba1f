"""The list of division codes and its days."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.divisions import (
    Division,
    DivisionReport,
    load_divisions,
    read_division_file,
    read_divisions,
)
from geo.database import loading
from geo.errors import InputError
from tests.real import real_file

DAY, LATER = date(2019, 1, 1), date(2023, 7, 1)


def write(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    file = folder / "list.csv"
    file.write_text("\n".join(lines) + "\n", encoding=encoding)
    return file


def load(engine: Engine, file: Path, day: date | None = None) -> DivisionReport:
    with loading(engine) as connection:
        return load_divisions(connection, read_division_file(file), day)


def test_the_real_list_is_loaded_once(loader_engine: Engine) -> None:
    gansu = real_file("gansu/divisions_2023.csv")
    assert load(loader_engine, gansu) == DivisionReport(19224, 19224, 0, 0)
    assert load(loader_engine, gansu) == DivisionReport(19224, 0, 0, 19224)
    with loading(loader_engine) as connection:
        held = read_divisions(connection)
    assert held.on("620102", LATER) == Division("620102", "城关区", 2, None, None)
    assert "629999" not in held
    assert held.last("629999") is None


def test_a_later_list_ends_codes_opens_codes_and_renames(
    loader_engine: Engine, tmp_path: Path
) -> None:
    load(loader_engine, write(tmp_path, "code,name", "11,甲", "12,乙", "13,丙"), DAY)
    later = write(tmp_path, "name,code,parent", "甲,11,1", "丙丙,13,1", "丁,14,1")
    with pytest.raises(InputError, match="--valid-from"):
        load(loader_engine, later)
    with pytest.raises(InputError, match="order of time"):
        load(loader_engine, later, date(2018, 1, 1))
    assert load(loader_engine, later, LATER) == DivisionReport(3, 2, 2, 1)
    assert load(loader_engine, later) == DivisionReport(3, 0, 0, 5)
    with loading(loader_engine) as connection:
        held = read_divisions(connection)
    assert held.on("12", date(2023, 6, 30)) == Division("12", "乙", None, DAY, LATER)
    assert held.on("12", LATER) is None
    assert held.last("12") == Division("12", "乙", None, DAY, LATER)
    assert [entry.name for entry in held.entries["13"]] == ["丙", "丙丙"]
    assert held.on("14", date(2023, 6, 30)) is None


def test_a_list_with_days_is_taken_as_it_is(loader_engine: Engine, tmp_path: Path) -> None:
    lines = ["code,name,level,valid_from,valid_to", "11,甲,county,,2019-01-01",
             "11,新甲,2,2019-01-01,", "12,乙,,2001-05-01,2010-01-01"]  # fmt: skip
    assert load(loader_engine, write(tmp_path, *lines, encoding="gb18030")).added == 3
    with loading(loader_engine) as connection:
        held = read_divisions(connection)
    assert held.on("11", date(1999, 1, 1)) == Division("11", "甲", 2, None, DAY)
    assert held.on("11", DAY) == Division("11", "新甲", 2, DAY, None)
    assert held.on("12", date(2001, 4, 30)) is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["code", "11"], "no column name"),
        (["code,name", "11,甲", ",乙"], "line 3: no code"),
        (["code,name", "1 1,甲"], "line 2: '1 1' is no code"),
        (["code,name,level", "11,甲,shire"], "line 2: no level 'shire'"),
        (["code,name,valid_to", "11,甲,1.1.2019"], "line 2: '1.1.2019' is no day"),
        (["code,name", "11,甲", "11,乙"], "11 is there twice"),
        (["code,name,valid_from,valid_to", "11,甲,2019-01-01,2018-01-01"], "ends before it begins"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_division_file(write(tmp_path, *lines))


def test_no_list_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        read_division_file(tmp_path / "none.csv")
    odd = tmp_path / "odd.csv"
    odd.write_bytes(b"code,name\n11,\xff\xff\n")
    with pytest.raises(InputError, match="neither UTF-8 nor GB18030"):
        read_division_file(odd)
