"""Names from data are text wherever they come out: never markup, a link, a script or a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dashboard.app import create_app
from dashboard.settings import DashboardSettings
from geo.settings import DatabaseSettings
from tests.areas import COUNTY
from tests.databases import cloned_database, opened
from tests.enclosure.conftest import House
from tests.enclosure.recipes import ROUTES, Ask
from tests.enclosure.test_enclosure import ON_SERVER, calls
from tests.enclosure.world import Facts, build

ROOT = Path(__file__).parents[2]
MARKUP = "<img src=x onerror=alert(1)><b>\"&'</b>[link](javascript:alert(1)) ${7*7}{{7*7}} %{y}"
FORMULA = '=HYPERLINK("http://other.example","x")'
OWN = "dash_html_components"
# What draws HTML, whatever it is given.
DANGEROUS = {"Markdown", "DangerouslySetInnerHTML", "Iframe", "Embed", "Object", "Script", "Base"}
_CHANGE = """
    UPDATE area SET name = :markup, name_en = :markup, kind = :markup;
    UPDATE term SET name_zh = :markup, name_en = :markup WHERE kind <> 'status';
    UPDATE account SET name = :markup WHERE name LIKE 'With%';
    UPDATE batch SET file_name = :markup, source = :formula, author = :markup, profile = NULL;
    UPDATE upload SET file_name = :markup, author = :markup;
    UPDATE job SET author = :markup;
    UPDATE session SET browser = :markup, address = :markup;
    UPDATE reject SET reason = :markup, raw = jsonb_build_object(CAST(:formula AS text), :formula);
    UPDATE audit SET actor = :formula, detail = jsonb_build_object('what', CAST(:markup AS text))
    WHERE action = 'export';
    UPDATE hierarchy SET notes = jsonb_build_object('credits', jsonb_build_array(
        jsonb_build_object('zh', CAST(:markup AS text), 'en', CAST(:markup AS text))));
"""


@pytest.fixture(scope="module")
def hostile(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """An application over a database whose every name is an attack."""
    with cloned_database(server, template) as database:
        settings = DashboardSettings(
            state_dir=tmp_path_factory.mktemp("hostile"), work_per_min=10_000
        )
        facts = _filled(database, tmp_path_factory.mktemp("files"))
        with opened(database, "app") as engine:
            yield House(create_app(settings, engine), facts, settings)


def _filled(database: DatabaseSettings, state: Path) -> Facts:
    facts = build(database, state)
    with opened(database, "admin") as engine, engine.begin() as connection:
        for statement in _CHANGE.split(";")[:-1]:
            given = {
                name: value
                for name, value in (("markup", MARKUP), ("formula", FORMULA))
                if f":{name}" in statement
            }
            connection.execute(text(statement), given)
    return facts


def components(value: Any) -> Iterator[dict[str, Any]]:
    """Every component in the answer of a callback."""
    if isinstance(value, dict):
        if "namespace" in value and "props" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from components(each)


@pytest.mark.parametrize("name", ON_SERVER)
def test_a_page_shows_names_as_text(hostile: House, name: str) -> None:
    shown = 0
    for ask in calls(hostile, name):
        body = hostile.ask("admin", ask).body
        assert b"<img" not in body, "Dash itself escapes it in JSON"
        answer = json.loads(body)["response"]
        shown += MARKUP in json.dumps(answer, ensure_ascii=False).replace('\\"', '"')
        for component in components(answer):
            assert component["type"] not in DANGEROUS
            properties = component["props"]
            assert not {"dangerously_allow_html", "srcDoc", "innerHTML"} & set(properties)
            for link in ("href", "src", "action", "formAction"):
                assert str(properties.get(link, "/")).startswith(("/", "#")), properties
    assert shown or name in ("desk-pages.children", "people-pages.children"), name


def test_a_figure_gives_names_as_data_and_not_as_patterns(hostile: House) -> None:
    """Plotly reads some tags and ``%{…}`` in its texts: the map's names never come near it."""
    for ask in calls(hostile, "kpi.children"):
        response = json.loads(hostile.ask("admin", ask).body)["response"]
        assert "onerror" not in json.dumps(response.get("trend-figure", {}))


@pytest.mark.parametrize("path", ["/account", "/map", "/people", "/log-in"])
def test_a_page_of_the_server_escapes_names(hostile: House, path: str) -> None:
    page = hostile.ask("admin", Ask(path, headers={"Accept": "text/html"}))
    assert page.status == 200
    assert b"<img src=x" not in page.body
    assert b"onerror=alert(1)>" not in page.body


def test_json_is_never_taken_for_a_page(hostile: House) -> None:
    for rule in ("/areas/<scope>/<int:revision>/<int:area_id>.json", "/people/areas.json"):
        for ask in ROUTES[rule].own(hostile.facts):
            answer = hostile.ask("admin", ask)
            assert dict(answer.headers)["Content-Type"].startswith("application/json")
            assert dict(answer.headers)["X-Content-Type-Options"] == "nosniff"


def cells(text_: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text_.lstrip("\ufeff"))):
        yield from row


@pytest.mark.parametrize("path", ["/people/log.csv", "/data/batches/{batch}/rejects.csv"])
def test_a_table_holds_no_formula(hostile: House, path: str) -> None:
    answer = hostile.ask("admin", Ask(path.format(batch=hostile.facts.own.batch)))
    found = list(cells(answer.body.decode("utf-8")))
    assert any("HYPERLINK" in cell or "onerror" in cell for cell in found)
    assert [cell for cell in found if re.match(r"[=+\-@\t\r]", cell)] == []
    assert dict(answer.headers)["Content-Disposition"].startswith("attachment")


def test_a_workbook_holds_no_formula(hostile: House) -> None:
    answer = hostile.ask("admin", Ask(f"/data/batches/{hostile.facts.own.batch}/rejects.xlsx"))
    assert b"xl/worksheets/sheet1.xml\n" in answer.body
    assert not re.search(rb"<(?:\w+:)?f[ >/]", answer.body)


def test_a_file_is_never_named_by_data(hostile: House) -> None:
    for path in (f"/data/batches/{hostile.facts.own.batch}/rejects.csv", "/people/log.csv"):
        name = dict(hostile.ask("admin", Ask(path)).headers)["Content-Disposition"]
        assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+"', name)


def test_no_script_of_ours_writes_markup_or_evaluates_text() -> None:
    dangerous = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|setHTML\(|srcdoc|setTimeout\(\s*[\"'`]"
    )
    scripts = [path for path in (ROOT / "assets").rglob("*.js") if "vendor" not in path.parts]
    assert len(scripts) > 10
    assert [path for path in scripts if dangerous.search(path.read_text("utf-8"))] == []
    templates = (ROOT / "dashboard" / "templates").glob("*.html")
    unsafe = re.compile(r"\|\s*safe|autoescape\s+false|<script(?![^>]*\ssrc=)|\son\w+=|style=")
    assert [path for path in templates if unsafe.search(path.read_text("utf-8"))] == []


def test_the_county_is_still_the_countys(hostile: House) -> None:
    assert hostile.ask("leader", Ask(f"/map/{COUNTY}")).status == 200
