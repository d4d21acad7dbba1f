"""Briefs as files: one page, in both languages, the same for the same data, and written down."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
import pytest
import python_calamine
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.app import create_app
from dashboard.briefing import commanded
from dashboard.briefing.commanded import BriefOrder, leader_of, write_brief
from dashboard.briefing.paper import to_pdf
from dashboard.components import markup as html
from dashboard.components.markup import to_html
from dashboard.settings import DashboardSettings
from dashboard.text import text_for
from geo.errors import GridboardError, InputError, NotFoundError
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import CITY, COUNTY, OTHER_COUNTY, PROVINCE, SPECIAL, TOWNSHIPS, cell_code
from tests.dashboard.exporting.workbooks import frozen
from tests.dashboard.visitors import Visitors
from tests.databases import opened

AUTHOR = "night (command line)"
Ask = Callable[[str], bytes]


@pytest.fixture(scope="module")
def leader(
    world_engine: Engine, visitors: Visitors, tmp_path_factory: pytest.TempPathFactory
) -> FlaskClient:
    """The leader of the county at the site."""
    state = tmp_path_factory.mktemp("state")
    app = create_app(DashboardSettings(state_dir=state, block_cache_mb=50), world_engine)
    return visitors.client(app.server, f"county:{COUNTY}")


@pytest.fixture
def ask(leader: FlaskClient) -> Ask:
    """Ask for a file that there is."""

    def answer(path: str) -> bytes:
        with leader.get(path) as response:
            assert response.status_code == 200, response.get_data(as_text=True)
            assert response.headers["Cache-Control"].startswith("private")
            return response.get_data()

    return answer


@pytest.fixture
def deeds(world: DatabaseSettings) -> Iterator[Callable[[], list[tuple[str, str, str]]]]:
    """Read who exported what."""
    with opened(world, "admin") as engine:

        def read() -> list[tuple[str, str, str]]:
            query = "SELECT actor, scope_code, detail ->> 'what' FROM gridboard.audit"
            with engine.begin() as connection:
                rows = connection.execute(
                    text(f"{query} WHERE action = 'export' ORDER BY audit_id")
                )
                return [tuple(row) for row in rows]

        yield read


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def fonts(page: pypdfium2.PdfPage) -> list[int]:
    """Tell of the font of each text of a page whether it is in the file."""
    texts = page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
    return [raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(each)) for each in texts]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", [COUNTY, TOWNSHIPS["S"]])
def test_one_page_with_everything_and_its_own_face(ask: Ask, lang: str, code: str) -> None:
    _ = text_for(lang)
    pdf = ask(f"/brief/{code}.pdf?from=2023-03-01&to=2024-02-29&lang={lang}")
    (page,) = pages(pdf)
    for words in ("What stands out", "Incidents received", "Ranking among peers", "Overdue now"):
        assert _(words) in page
    assert "2023-03-01 – 2024-02-29" in page
    names = {"zh": {COUNTY: "南县"}, "en": {COUNTY: "Nan County"}}[lang]
    assert names.get(code, "") in page
    document = pypdfium2.PdfDocument(pdf)
    title, embedded = document.get_metadata_dict()["Title"], fonts(document[0])
    document.close()
    assert title.endswith("2023-03-01 – 2024-02-29")
    assert embedded
    assert set(embedded) == {1}


def test_the_same_data_gives_the_same_bytes(ask: Ask) -> None:
    path = f"/brief/{COUNTY}.pdf?span=month"
    assert ask(path) == ask(path)
    assert ask(path) != ask(f"{path}&lang=en")


def test_the_map_of_a_brief_is_named_by_what_it_shows(ask: Ask) -> None:
    (page,) = pages(ask(f"/brief/{COUNTY}.pdf?from=2023-03-01&to=2024-02-29&lang=en&view=hot"))
    assert "Hot and cold spots" in page


def test_a_period_without_data_says_so(ask: Ask) -> None:
    (page,) = pages(ask(f"/brief/{COUNTY}.pdf?from=2010-01-01&to=2010-01-31&lang=en"))
    assert "No data" in page
    assert "the period lies outside" in page
    assert "0 incidents" not in page
    assert b"<svg" in ask(f"/brief/{COUNTY}/trend.svg?from=2010-01-01&to=2010-01-31")


def test_tables_hold_numbers_and_no_formulas(ask: Ask, tmp_path: Path) -> None:
    whole = ask(f"/brief/{COUNTY}.csv?period=all&lang=en")
    assert whole.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(whole.decode("utf-8-sig")))
    assert head[:5] == ["First day", "Last day", "Area code", "Area name", "Peers"]
    assert head[-4:] == ["Category", "Channel", "Status", "As of"]
    assert {row[-2] for row in rows} == {"All"}
    assert {row[2] for row in rows} == {TOWNSHIPS["S"], TOWNSHIPS["N"]}
    file = tmp_path / "brief.xlsx"
    file.write_bytes(ask(f"/brief/{COUNTY}.xlsx?period=all&lang=en"))
    book = python_calamine.CalamineWorkbook.from_path(file)
    assert book.sheet_names == ["Brief", "Ranking among peers", "Overdue"]
    # What stands out is more than fits above a head that stays in view.
    assert frozen(file) == [None, (3, 2), (3, 2)]
    areas = book.get_sheet_by_name("Ranking among peers").to_python()
    assert str(areas[1][0]).startswith("Period: ")
    at = next(at for at, row in enumerate(areas) if row[0] == "Area code")
    counts = {row[0]: row[3] for row in areas[at + 1 :]}
    figures = dict(row[:2] for row in book.get_sheet_by_index(0).to_python() if row[1] != "")
    # A count of earlier days is not called by the change against it.
    named = {row[0] for row in book.get_sheet_by_index(0).to_python()}
    assert {"Received a year before", "Received just before"} < named
    assert sum(counts.values()) == figures["Incidents received"]
    assert counts == {row[2]: float(row[5]) for row in rows}
    late = book.get_sheet_by_name("Overdue").to_python()
    at = next(at for at, row in enumerate(late) if row[0] == "Area code")
    assert "Period" not in f"{late[0]}{late[1]}"
    assert "All that are still open, whenever they occurred." in str(late[1][0])
    assert {str(head).rpartition(" ")[2] for head in late[at][2:]} == {"(number)"}
    (_code, _name, *whole_area), *parts = late[at + 1 :]
    assert whole_area[0] > 0
    assert [sum(part[2 + n] for part in parts) for n in range(len(whole_area))] == whole_area


def test_files_are_written_down_and_pictures_are_not(
    ask: Ask, deeds: Callable[[], list[tuple[str, str, str]]]
) -> None:
    before = deeds()
    assert ask(f"/brief/{COUNTY}.png?period=90d").startswith(b"\x89PNG")
    for name in ("map", "trend"):
        assert b"<svg" in ask(f"/brief/{COUNTY}/{name}.svg?period=90d")
    (added,) = deeds()[len(before) :]
    assert added[1] == COUNTY
    assert re.fullmatch(rf"gridboard-{COUNTY}-brief-\d{{8}}-20240305\.png", added[2])


def test_a_picture_is_as_high_as_asked_for(leader: FlaskClient) -> None:
    plain, high = (
        leader.get(f"/brief/{COUNTY}/map.svg?period=90d{more}") for more in ("", "&high=120")
    )
    assert plain.status_code == high.status_code == 200
    assert b'height="277.795276pt"' in plain.data
    assert b'height="340.15748pt"' in high.data
    assert leader.get(f"/brief/{COUNTY}/trend.svg?period=90d&high=70").status_code == 200
    for name, wrong in (("map", "97"), ("map", "151"), ("trend", "71"), ("map", "x"), ("map", "")):
        refused = leader.get(f"/brief/{COUNTY}/{name}.svg?period=90d&high={wrong}")
        assert refused.status_code == 400
        assert "high" in refused.json["error"]
    assert leader.get(f"/brief/{COUNTY}.pdf?period=90d&high=120").status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/brief/{OTHER_COUNTY}.pdf", 404),
        (f"/brief/{CITY}.csv", 404),
        ("/brief/123456.pdf", 404),
        (f"/brief/{COUNTY}.pdf?publish=1", 403),
        (f"/brief/{COUNTY}.pdf?from=x&to=y", 400),
        (f"/brief/{COUNTY}.csv?category=nothing", 400),
        (f"/brief/{COUNTY}.xlsx?span=year", 400),
    ],
)
def test_what_is_not_given(leader: FlaskClient, path: str, status: int) -> None:
    assert leader.get(path).status_code == status


def test_names_are_text_and_nothing_is_fetched() -> None:
    body = html.Div([html.P('<b>& "x"'), html.Img(src="gridboard:a.svg", alt="<")], className="a")
    assert to_html(body) == (
        '<div class="a"><p>&lt;b&gt;&amp; &quot;x&quot;</p>'
        '<img src="gridboard:a.svg" alt="&lt;"></div>'
    )
    square = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    assert to_pdf(body, "<t>", "en", {"gridboard:a.svg": square}).startswith(b"%PDF")
    for outside in ("http://127.0.0.1:9/a.svg", "file:///etc/hostname", "gridboard:b.svg"):
        with pytest.raises(BaseException, match=re.escape(outside)):
            to_pdf(html.Img(src=outside), "t", "en", {})


def test_a_leader_of_an_area_sees_no_more(world_engine: Engine) -> None:
    assert leader_of(world_engine, COUNTY, AUTHOR) == Viewer("leader", 2, COUNTY, AUTHOR)
    assert leader_of(world_engine, PROVINCE, AUTHOR) == Viewer("leader", 0, PROVINCE, AUTHOR)
    inside = leader_of(world_engine, cell_code("S1"), AUTHOR)
    assert inside == Viewer("leader", 3, TOWNSHIPS["S"], AUTHOR)
    with pytest.raises(NotFoundError, match="no area 123456"):
        leader_of(world_engine, "123456", AUTHOR)


def test_a_job_writes_a_brief(
    world_engine: Engine, tmp_path: Path, deeds: Callable[[], list[tuple[str, str, str]]]
) -> None:
    before = deeds()
    for code, name in ((TOWNSHIPS["N"], "a.pdf"), (SPECIAL, "b.png"), (cell_code("S1"), "c.csv")):
        path = tmp_path / name
        order = BriefOrder(code, "2024-01-01..2024-02-29", {"lang": "en"}, AUTHOR)
        said = write_brief(world_engine, order, path, 50)
        assert said.endswith("2024-01-01 – 2024-02-29")
        assert path.stat().st_size > 100
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.pdf", "b.png", "c.csv"]
    added = deeds()[len(before) :]
    assert [deed[:2] for deed in added] == [
        (AUTHOR, TOWNSHIPS["N"]),
        (AUTHOR, SPECIAL),
        (AUTHOR, TOWNSHIPS["S"]),
    ]


@pytest.mark.parametrize(
    ("period", "name", "error", "words"),
    [
        ("fortnight", "a.pdf", InputError, "day, week, month"),
        ("week", "a.doc", InputError, "pdf, xlsx, csv, png"),
    ],
)
def test_a_job_that_asks_for_what_there_is_not(
    world_engine: Engine, tmp_path: Path, period: str, name: str, error: type, words: str
) -> None:
    order = BriefOrder(COUNTY, period, {}, AUTHOR)
    with pytest.raises(error, match=words):
        write_brief(world_engine, order, tmp_path / name, 50)
    assert not list(tmp_path.iterdir())


def test_the_command(
    world: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.commands import brief as command

    asked: list[BriefOrder] = []

    def remembered(_engine: Engine, order: BriefOrder, path: Path, _memory_mb: int) -> str:
        asked.append(order)
        path.write_bytes(b"x")
        return "said"

    monkeypatch.setattr(commanded, "write_brief", remembered)
    monkeypatch.setattr(
        command,
        "read_settings",
        lambda kind: world if (kind is DatabaseSettings) else DashboardSettings(),
    )
    app = command.typer.Typer()
    app.command()(command.brief)
    run = CliRunner().invoke
    out = tmp_path / "a.pdf"
    result = run(app, ["--area", COUNTY, "--period", "day", "--lang", "en", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "said" in result.output
    assert (asked[0].area, asked[0].period) == (COUNTY, "day")
    assert asked[0].query == {"lang": "en", "metric": "count"}
    nowhere = run(app, ["--area", COUNTY, "--out", str(tmp_path / "x" / "a.pdf")])
    assert isinstance(nowhere.exception, GridboardError)
