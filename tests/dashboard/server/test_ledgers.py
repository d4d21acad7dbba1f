"""Ledgers: the figures of the page and the rows behind them, to be printed and bound."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
import python_calamine
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.components.export_menu import export_menu
from dashboard.components.markup import to_html
from dashboard.exporting import ledger, ledger_files, registers
from dashboard.exporting.columns import Column
from dashboard.source import Source
from dashboard.text import text_for
from dashboard.visit import Visit
from geo.viewer import Viewer
from tests.areas import COUNTY, OTHER_COUNTY, TOWNSHIPS, cell_code
from tests.dashboard.conftest import Sources
from tests.dashboard.exporting.workbooks import frozen
from tests.dashboard.markup import links
from tests.dashboard.server.conftest import Clients
from tests.dashboard.server.test_exports import fetch
from tests.dashboard.world import LAST_DAY, Cases, count_cases

SINCE, LAST = date(2023, 12, 1), date(2024, 2, 29)
UNTIL = LAST + timedelta(days=1)
QUERY = f"from={SINCE}&to={LAST}&lang=en"
SOUTH = TOWNSHIPS["S"]
Sheets = dict[str, list[list[object]]]


def read_book(client: FlaskClient, address: str) -> Sheets:
    content, _name = fetch(client, address)
    book = python_calamine.load_workbook(io.BytesIO(content))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def table(rows: list[list[object]], first: str) -> list[dict[str, object]]:
    """The rows of a sheet below its head, by heading."""
    head = next(at for at, row in enumerate(rows) if row[0] == first)
    names = [str(name) for name in rows[head]]
    return [dict(zip(names, row, strict=True)) for row in rows[head + 1 :]]


@pytest.fixture
def client(clients: Clients) -> FlaskClient:
    """A leader of the county."""
    return clients(f"county:{COUNTY}")


def test_a_township_keeps_a_map_a_table_and_four_registers(
    client: FlaskClient, cases: Cases
) -> None:
    sheets = read_book(client, f"/ledger/{SOUTH}.xlsx?{QUERY}")
    names = [*sheets]
    assert names[0] == "Map"
    assert [name.partition(" ")[0] for name in names[1:]] == ["Table", *["Register"] * 4]
    head = [row[0] for row in sheets["Map"]]
    assert head[0] == "Ledger of S Town"
    assert any("layout of our own, no official form was available" in str(row) for row in head)
    assert f"Period: {SINCE} – {LAST}" in head

    (total,) = [row for row in table(sheets[names[1]], "Area") if row["Area"] == "All"]
    whole = count_cases(cases, SOUTH, SINCE, UNTIL)
    resolved = count_cases(cases, SOUTH, SINCE, UNTIL, status=["resolved"])
    assert (total["Received (number)"], total["Resolved (number)"]) == (whole, resolved)
    assert total["Resolved of received (%)"] == pytest.approx(100 * resolved / whole)
    low, high = (total[f"Resolved of received (%), 95% {end}"] for end in ("from", "to"))
    assert low < total["Resolved of received (%)"] < high  # type: ignore[operator]

    lines = [str(sheets[name][1][0]).split(" | ") for name in names[1:]]
    # What is open as of now is not called that of the period.
    period, now = f"Period: {SINCE} – {LAST}", f"Data: as of {LAST_DAY + timedelta(days=1)} 00:00"
    assert [line[0].partition(",")[0] for line in lines] == [period, period, now, period, period]
    assert "Remark: All that are still open, whenever they occurred." in lines[2]
    assert {line[-1] for line in lines} == {
        "How located, how sure, from where: see the sheet “Map”"
    }

    listed = table(sheets[names[2]], "Incident number")
    expected = [
        case
        for case in sorted(cases, key=lambda case: (case.day, case.number))
        if SOUTH in case.codes and SINCE <= case.day < UNTIL
    ]
    assert [row["Incident number"] for row in listed] == [f"{case.number:05d}" for case in expected]
    assert listed[0]["Occurred at"] == f"{expected[0].day} 12:00"
    assert listed[0]["Grid cell"] == cell_code(expected[0].place)
    assert {row["Category"] for row in listed} == {case.category for case in expected}

    waiting = table(sheets[names[3]], "Late by (whole days)")
    late = [
        case for case in cases
        if SOUTH in case.codes and case.status == "open" and case.deadline <= LAST_DAY
    ]  # fmt: skip
    assert len(waiting) == count_cases(cases, SOUTH, date.min, date.max, status=["open"])
    assert len([row for row in waiting if row["Late by (whole days)"] != ""]) == len(late)
    assert waiting[0]["Late by (whole days)"] == max(LAST_DAY - case.deadline for case in late).days
    assert {row["Ageing"] for row in waiting} >= {"not yet due", "more than 90 days late"}

    cells = {row["Area code"]: row for row in table(sheets[names[4]], "Area code")}
    assert cells[cell_code("S1")]["Incidents (number)"] == count_cases(
        cases, cell_code("S1"), SINCE, UNTIL
    )
    organisations = table(sheets[names[5]], "Organisation")
    assert [row["Received (number)"] for row in organisations] == [whole, whole]


def test_a_village_keeps_three_registers_and_a_record(
    source: Source, world_engine: Engine, cases: Cases
) -> None:
    """There is no village in the drawing; what a village's ledger is made of is asked of S."""
    address = {"pathname": f"/map/{SOUTH}", "search": f"?{QUERY}"}
    sections = ledger._of_village(world_engine, ledger.by_cell(Visit.at(source, address)))
    assert [section.title.partition(":")[0] for section in sections] == [
        *(f"Register {n}" for n in (1, 2, 3)),
        "Record",
    ]
    record = {column.key: column.values for column in sections[3].columns}
    resolved = count_cases(cases, SOUTH, SINCE, UNTIL, status=["resolved"])
    assert len(record["incident_id"]) == resolved
    assert set(record["days"]) == {3}


def test_a_book_without_a_map_begins_with_what_its_figures_are_of(
    source: Source, world_engine: Engine, tmp_path: Path
) -> None:
    address = {"pathname": f"/map/{SOUTH}", "search": f"?{QUERY}"}
    visit = ledger.by_cell(Visit.at(source, address))
    found = replace(ledger.ledger(world_engine, visit), has_map=False)
    ledger_files.write_ledger_xlsx(found, visit, tmp_path / "a.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    first, second = (book.get_sheet_by_index(at).to_python() for at in (0, 1))
    assert book.sheet_names[0] == "About these figures"
    assert f"Period: {SINCE} – {LAST}" in [row[0] for row in first]
    assert str(second[1][0]).endswith("see the sheet “About these figures”")
    assert frozen(tmp_path / "a.xlsx") == [None, *[(3, 2)] * 5]


def test_a_wall_takes_no_incidents_home(clients: Clients) -> None:
    wall = clients(f"wall@county:{COUNTY}")
    assert wall.get(f"/ledger/{SOUTH}.xlsx").status_code == 403


def test_the_menu_offers_what_there_is(sources: Sources) -> None:
    def offered(path: str, viewer: Viewer) -> list[str]:
        visit = Visit.at(sources(viewer), {"pathname": path, "search": "?lang=en&at=100,36,9"})
        found = links(export_menu(visit).children)
        assert all("at=" not in href for href in found.values())
        return [href for href in found.values() if href.startswith("/ledger/")]

    leader = Viewer("leader", 2, COUNTY)
    assert offered(f"/map/{SOUTH}", leader) == [
        f"/ledger/{SOUTH}.pdf?lang=en",
        f"/ledger/{SOUTH}.xlsx?lang=en",
    ]
    assert offered(f"/map/{COUNTY}", leader) == []
    assert offered(f"/map/{SOUTH}", Viewer("wall", 2, COUNTY)) == []


def test_filters_hold_for_every_register(client: FlaskClient, cases: Cases) -> None:
    sheets = [*read_book(client, f"/ledger/{SOUTH}.xlsx?{QUERY}&category=land").values()]
    listed = table(sheets[2], "Incident number")
    assert len(listed) == count_cases(cases, SOUTH, SINCE, UNTIL, category=["land"])
    assert {row["Category"] for row in table(sheets[3], "Late by (whole days)")} == {"land"}


def test_the_document_is_the_compilation_with_a_table_of_contents(
    client: FlaskClient, cases: Cases
) -> None:
    """That the same data gives the same bytes is asked by the enclosure, of two databases."""
    content, name = fetch(client, f"/ledger/{SOUTH}.pdf?{QUERY}")
    assert f'"gridboard-{SOUTH}-ledger-20231201-20240229.pdf"' in name
    document = pypdfium2.PdfDocument(content)
    words = [page.get_textpage().get_text_range() for page in document]
    outline = [(mark.level, mark.get_title()) for mark in document.get_toc()]
    pages = {mark.get_title(): mark.get_dest().get_index() + 1 for mark in document.get_toc()}
    document.close()
    assert outline[0] == (0, "Ledger of S Town: compilation")
    parts = [title for level, title in outline if level == 1]
    assert [part.partition(" ")[0].strip(":") for part in parts] == [
        *("Map", "Table"),
        *["Register"] * 4,
    ]
    assert "one map, one table, four registers, one compilation" in words[0]
    # Each part begins on the page that the contents name, and says there how many rows it has.
    listed = re.findall(r"^(.+?)(?: ([\d,]+) rows?)? ?\.+ (\d+)\s*$", words[0], re.MULTILINE)
    assert [title for title, _rows, _page in listed] == parts
    for title, _rows, page in listed:
        assert pages[title] == int(page)
        assert words[int(page) - 1].startswith(title)
    rows = {title: int(rows or 0) for title, rows, _page in listed}
    assert rows[parts[2]] == count_cases(cases, SOUTH, SINCE, UNTIL)


def test_rows_stand_on_one_line_where_there_is_room() -> None:
    def written(*texts: str) -> str:
        columns = tuple(Column(str(at), "A", "text", [text]) for at, text in enumerate(texts))
        section = ledger.Section("t", columns, 1)
        return to_html(ledger_files._table(section, 1, text_for("zh")))

    assert 'class="fitting"' in written("x" * 100, "网格" * 20)
    assert 'class="fitting"' not in written("x" * 100, "网格" * 30)


def test_long_registers_say_what_is_left_out(
    client: FlaskClient, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "MOST", 3)
    sheets = [*read_book(client, f"/ledger/{SOUTH}.xlsx?{QUERY}").values()]
    whole = count_cases(cases, SOUTH, SINCE, UNTIL)
    assert len(table(sheets[2], "Incident number")) == 3
    assert f" | Remark: The first 3 of {whole}. | " in str(sheets[2][1][0])


def test_what_a_table_leaves_out_is_in_its_sums(
    source: Source, world_engine: Engine, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registers, "MOST", 3)
    monkeypatch.setattr("dashboard.handling.summing.MOST_ORGANISATIONS", 0)
    first = SINCE + timedelta(days=1)
    search = f"?from={first}&to={LAST}&lang=en"
    visit = ledger.by_cell(Visit.at(source, {"pathname": f"/map/{SOUTH}", "search": search}))
    *_, record = ledger._of_village(world_engine, visit)
    resolved = count_cases(cases, SOUTH, first, UNTIL, status=["resolved"])
    assert record.rows < record.total == resolved
    *_, organisations = ledger._of_township(world_engine, visit)
    names, received = (organisations.columns[at].values for at in (0, 1))
    assert list(names) == ["1 other organisations", "All"]
    assert received[0] == received[1] == count_cases(cases, SOUTH, first, UNTIL)


def test_none_and_unknown_do_not_look_alike(client: FlaskClient) -> None:
    sheets = [*read_book(client, f"/ledger/{SOUTH}.xlsx?from=2030-01-01&to=2030-01-02").values()]
    assert any("数量为零，并非未知" in str(row[0]) for row in sheets[2])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/ledger/{COUNTY}.xlsx", 404),
        (f"/ledger/{cell_code('S1')}.pdf", 404),
        (f"/ledger/{SOUTH}.doc", 404),
        (f"/ledger/{TOWNSHIPS['E']}.xlsx", 404),
        (f"/ledger/{OTHER_COUNTY}.pdf", 404),
        (f"/ledger/{SOUTH}.xlsx?metric=wealth", 400),
        (f"/ledger/{SOUTH}.xlsx?publish=1", 403),
    ],
)
def test_what_has_no_ledger_is_refused(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_the_paper_holds_as_many_rows_as_it_says() -> None:
    assert ledger_files.PRINTED <= registers.MOST
