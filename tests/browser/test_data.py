"""The data page as an operator meets it: from a file on the desk to an undone batch."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import Engine, text

from geo.settings import DatabaseSettings
from tests.areas import PROVINCE, SIDE, SOUTH, WEST
from tests.browser.conftest import WAIT_MS, Visit, Visitor, let_in, new_key, served
from tests.browser.holding import Held
from tests.browser.looking import until
from tests.dashboard.world import drawn_province
from tests.databases import opened

pytestmark = pytest.mark.browser

HEAD = (
    "工单编号",
    "发生时间",
    "诉求类别",
    "来源渠道",
    "办理状态",
    "经度",
    "纬度",
    "联系人",
    "联系电话",
)
SIZES = [(1366, 768), (1920, 1080), (3840, 2160), (820, 1180), (390, 844)]
ROWS, FUTURE = 60, (7, 31)
YEARS = (2025, 2095)
"""Over, and to come, whenever the tests are run."""
COUNT_INTAKES = """
window.intakes = 0;
const isNew = (node) => node.matches?.("#desk-intake, :has(#desk-intake)");
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) window.intakes += [...addedNodes].filter(isNew).length;
}).observe(document, { subtree: true, childList: true });
"""
REMARKS = ("评分", "回访次数")
SHOW_TWO_EDITIONS = """async () => {
  const { SiteView } = await import("/assets/gridmap/site.js");
  const host = document.body.appendChild(document.createElement("div"));
  host.style.cssText = "position: fixed; inset: 0; z-index: 1000";
  const borders = (edition, name) => ({
    tiles: `/assets/no/{slot}/{z}/{x}/{y}?edition=${edition}`, slots: [1, 2], focus: 1,
    bounds: [100, 30, 101, 31], labels: [[100.5, 30.5, name]],
  });
  window.seen = [];
  const view = new SiteView(host, { state: (state) => window.seen.push(state), about: () => {} });
  for (const [edition, name] of [[1, "甲"], [2, "乙"], [2, "乙"]]) {
    await view.show({ borders: borders(edition, name), points: [], defects: null });
  }
}"""
SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = "伟芳娜敏静丽强磊洋艳"

Desk = Callable[..., Visitor]


def write_hotline(path: Path) -> Path:
    """Write tickets as a hotline would: GB18030, with persons, two of them in the future."""
    rows = []
    for number in range(ROWS):
        year = YEARS[number in FUTURE]
        name = SURNAMES[number % 10] + GIVEN[number // 10 % 10] + GIVEN[number % 7]
        rows.append(
            (
                f"GD{number:06d}",
                f"{year}-10-{1 + number % 28:02d} {8 + number % 10:02d}:30:00",
                ("邻里纠纷", "婚姻家庭纠纷", "劳动争议")[number % 3],
                ("12345热线", "窗口接待")[number % 2],
                ("已办结", "处理中")[number % 2],
                f"{WEST + SIDE * (0.1 + 1.7 * number / ROWS):.6f}",
                f"{SOUTH + SIDE * (0.2 + 0.6 * (number % 9) / 9):.6f}",
                name,
                f"139{10_000_000 + 7919 * number:08d}",
            )
        )
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return path


@pytest.fixture(scope="module")
def desk_world(server: str, template: str) -> Iterator[DatabaseSettings]:
    """The drawn areas in a database of their own, for files to be loaded into."""
    with drawn_province(server, template) as settings:
        yield settings


@pytest.fixture(scope="module")
def desk_site(
    desk_world: DatabaseSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The application with its worker beside it."""
    with served(desk_world, tmp_path_factory.mktemp("desk")) as address:
        yield address


@pytest.fixture(scope="module")
def desk_key(desk_world: DatabaseSettings) -> str:
    """A session of an operator of the province."""
    return new_key(desk_world)


@pytest.fixture
def desk(context: BrowserContext, desk_site: str, desk_key: str) -> Iterator[Desk]:
    """Open the data page; in the end nothing may have gone wrong in it."""
    visitors: list[Visitor] = []
    let_in(context, desk_site, desk_key)

    def new(width: int = 1366, height: int = 768) -> Visitor:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        visitors.append(Visitor.watching(page, desk_site))
        return visitors[-1]

    yield new
    for visitor in visitors:
        outside = visitor.outside()
        violations = visitor.page.evaluate("window.violations ?? []")
        visitor.page.close()
        assert (outside, violations, visitor.errors) == ([], [], [])


def show(visitor: Visitor, address: str, selector: str) -> Page:
    """Open an address of the data page and wait for a part of it."""
    visitor.page.goto(visitor.site + address)
    visitor.page.wait_for_selector(selector, timeout=WAIT_MS)
    # What stands around it is drawn by another answer.
    visitor.page.wait_for_selector("#desk-pages a", timeout=WAIT_MS)
    return visitor.page


def bring(page: Page, file: Path) -> None:
    """Choose a file and wait for its draft."""
    page.set_input_files("#desk-intake input[type=file]", file)
    page.wait_for_selector("#desk-editor", timeout=WAIT_MS)


def mean(page: Page) -> None:
    """Say what the draft rightly does not know: that a closed ticket is a resolved one."""
    with page.expect_response("**/data/profile"):
        page.fill('[aria-label$=" resolved"]', "已化解, 已办结")
        page.keyboard.press("Enter")


def try_and_load(page: Page) -> None:
    """Go from the profile by way of the dry run to the end of the load."""
    page.click(".editor .action.primary:not([disabled])")
    page.wait_for_selector("#desk-load", timeout=WAIT_MS)
    page.click("#desk-load")
    page.wait_for_selector('.steps .now:has-text("载入")', timeout=WAIT_MS)
    page.wait_for_selector(".outcomes", timeout=WAIT_MS)


def outcomes(page: Page) -> list[int]:
    """Read the counts: read, new, corrected, unchanged, refused."""
    texts = page.locator(".outcomes dd:nth-child(2)").all_inner_texts()
    return [int(re.sub(r"[^\d]", "", found)) for found in texts]


def test_the_walk_of_a_new_operator(desk: Desk, tmp_path: Path, shots: Path) -> None:
    visitor = desk()
    page = show(visitor, "/data", "#desk-intake")
    bring(page, write_hotline(tmp_path / "热线 2025-10.csv"))

    # What is about persons is named and left out; what is unsure is said; nothing is guessed.
    persons = page.inner_text(".alert.persons")
    assert "联系人" in persons
    assert "联系电话" in persons
    assert "GD000000" in page.inner_text("#desk-work")
    assert not re.search(r"139\d{8}", page.inner_text("body"))
    source = page.input_value("#field-source")
    dry_run = page.locator(".editor .action.primary")
    page.wait_for_selector(".editor .action.primary:disabled")
    page.select_option("#field-crs", "EPSG:4326")
    until(page, "!document.querySelector('.editor .action.primary').disabled")
    page.wait_for_selector('details[open] [aria-label$=" resolved"]')
    mean(page)
    page.wait_for_selector('.sitemap[data-map-state="ready"]', timeout=WAIT_MS)
    page.screenshot(path=shots / "data-draft.png")

    # A reload loses nothing, neither the place nor what was changed.
    page.reload()
    page.wait_for_selector("#desk-editor", timeout=WAIT_MS)
    until(page, "document.querySelector('#field-crs')?.value === 'EPSG:4326'")
    until(page, "!document.querySelector('.editor .action.primary').disabled")

    dry_run.click()
    page.wait_for_selector("#desk-load", timeout=WAIT_MS)
    assert outcomes(page) == [ROWS, ROWS - 2, 0, 0, 2]
    assert "日期在未来" in page.inner_text("#desk-work")
    page.screenshot(path=shots / "data-dry-run.png")
    page.click("#desk-load")
    page.wait_for_selector('.steps .now:has-text("载入")', timeout=WAIT_MS)
    page.wait_for_selector(".outcomes", timeout=WAIT_MS)
    assert outcomes(page) == [ROWS, ROWS - 2, 0, 0, 2]

    # The refused rows come out as a file, are corrected and brought again: only they are new.
    page.click('.buttons a.primary:has-text("批次")')
    page.wait_for_selector("#desk-undo", timeout=WAIT_MS)
    batch = page.url
    with page.expect_download() as download:
        page.click('a[href$="rejects.csv"]')
    refused = tmp_path / "refused.csv"
    download.value.save_as(refused)
    content = refused.read_text(encoding="utf-8-sig")
    assert content.count(f"{YEARS[1]}-") == 2
    assert not re.search(r"139\d{8}", content)
    refused.write_text(content.replace(f"{YEARS[1]}-", f"{YEARS[0]}-"), encoding="utf-8-sig")
    page.screenshot(path=shots / "data-batch.png")
    bring(page, refused)
    until(page, "source => document.querySelector('#field-source').value === source", source)
    try_and_load(page)
    assert outcomes(page) == [2, 2, 0, 0, 0]

    # An undo says what it will do before it does it.
    page.goto(batch)
    page.click("#desk-undo")
    question = page.locator("dialog[open]")
    assert f"{ROWS - 2} 件" in question.inner_text()
    page.screenshot(path=shots / "data-undo.png")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    page.click("#desk-undo")
    page.click("dialog[open] .danger")
    page.wait_for_selector('.alert.calm:has-text("已撤销")', timeout=WAIT_MS)
    page.goto(batch)
    page.wait_for_selector('.alert.calm:has-text("撤销")', timeout=WAIT_MS)
    page.wait_for_selector("#desk-undo", state="detached")


def test_edits_are_ahead_of_the_answers_to_them(desk: Desk, tmp_path: Path) -> None:
    page = show(desk(), "/data", "#desk-intake")
    tickets = write_hotline(tmp_path / "热线.csv")
    head, *rows = tickets.read_text("gb18030").splitlines()
    more = [",".join((head, *REMARKS)), *(f"{row},3,7" for row in rows)]
    tickets.write_text("\n".join(more), "gb18030")
    bring(page, tickets)
    page.wait_for_selector('details[open] [aria-label$=" resolved"]')
    held = Held(page, "**/data/profile")
    page.select_option("#field-crs", "EPSG:4326")
    page.fill('[aria-label$=" resolved"]', "已化解, 已办结")
    page.keyboard.press("Enter")
    left_out = page.locator(".ticks").last
    for name in REMARKS:
        left_out.locator(f'label:has-text("{name}") input').check()
    held.wait(4)
    page.reload()
    held.let_go()
    page.wait_for_selector("#desk-editor", timeout=WAIT_MS)
    until(page, "!document.querySelector('.editor .action.primary').disabled")
    assert page.input_value('[aria-label$=" resolved"]') == "已化解, 已办结"
    # What is typed just before a button is pressed counts, too.
    page.fill("#field-source", "another source")
    with page.expect_request("**/data/jobs") as sent:
        page.click(".editor .action.primary")
    profile = tomllib.loads(sent.value.post_data_json["profile"])["incidents"]
    assert profile["source"] == "another source"
    assert profile["crs"] == "EPSG:4326"
    assert {*REMARKS} <= {*profile["leave_out"]}
    resolved = {term["code"]: term["values"] for term in profile["status"]["terms"]}["resolved"]
    assert resolved == ["已化解", "已办结"]


def test_a_lost_answer_to_an_edit_is_asked_for_again(desk: Desk, tmp_path: Path) -> None:
    visitor = desk()
    page = show(visitor, "/data", "#desk-intake")
    bring(page, write_hotline(tmp_path / "热线.csv"))
    page.route("**/data/profile", lambda route: route.abort(), times=1)
    page.select_option("#field-crs", "EPSG:4326")
    page.wait_for_selector(".editor .problem[role=alert]")
    until(page, "!document.querySelector('.editor .action.primary').disabled")
    # What the browser writes down of the lost answer.
    visitor.errors.clear()
    jobs: list[str] = []
    page.on("request", lambda sent: sent.url.endswith("/data/jobs") and jobs.append(sent.url))
    drawing = Held(page, "**/_dash-update-component*")
    with page.expect_response("**/data/jobs"):
        page.click(".editor .action.primary")
    until(page, "location.search.startsWith('?job=')")
    # Until the job is drawn the button is there: a second press asks for nothing.
    for _ in range(2):
        page.evaluate("document.querySelector('.editor .action.primary').click()")
    drawing.let_go()
    page.wait_for_selector("#desk-load", timeout=WAIT_MS)
    assert len(jobs) == 1


def test_whoever_goes_on_while_a_file_is_sent_is_not_taken_back(
    desk: Desk, desk_world: DatabaseSettings, tmp_path: Path
) -> None:
    visitor = desk()
    page = show(visitor, "/data", "#desk-intake")
    answer = Held(page, "**/data/uploads*")
    page.set_input_files("#desk-intake input[type=file]", write_hotline(tmp_path / "热线.csv"))
    page.wait_for_selector("#desk-intake .progress")
    page.click('#desk-work a:has-text("边界")')
    page.wait_for_selector("#desk-intake select")
    assert "热线.csv" in page.inner_text("#desk-intake .progress")
    with page.expect_response("**/data/jobs"):
        answer.let_go()
    page.wait_for_selector("#desk-intake .progress", state="detached")
    assert page.evaluate("location.search") == "?what=boundaries"
    # What is chosen for the next file outlives the news.
    second = page.locator("#desk-intake option").nth(1).get_attribute("value")
    assert second
    page.select_option("#desk-intake select", second)
    page.locator("#desk-intake select").blur()
    page.evaluate("document.querySelector('#desk-intake').dataset.old = 'yes'")
    with opened(desk_world, "loader") as engine, engine.begin() as connection:
        connection.execute(text("SET LOCAL ROLE gridboard_loader"))
        ask = (
            "INSERT INTO job (scope_code, author, kind, request) VALUES (:scope, '', 'undo', '{}')"
        )
        connection.execute(text(ask), {"scope": PROVINCE})
    page.wait_for_selector("#desk-intake:not([data-old])", timeout=WAIT_MS)
    assert page.input_value("#desk-intake select") == second


def test_a_draft_after_another_shows_its_own_profile(desk: Desk, tmp_path: Path) -> None:
    visitor = desk()
    addresses = {}
    for name in ("first", "second"):
        page = show(visitor, "/data", "#desk-intake")
        bring(page, write_hotline(tmp_path / f"{name}.csv"))
        page.fill("#field-source", f"source {name}")
        with page.expect_response("**/data/profile"):
            page.keyboard.press("Enter")
        addresses[name] = page.url.removeprefix(visitor.site)
    for name in ("first", "second", "first"):
        page.evaluate("to => gridboard.go(to)", addresses[name])
        page.wait_for_selector(f'.desk-head:has-text("{name}.csv")')
        until(
            page, "name => document.querySelector('#field-source').value === name", f"source {name}"
        )


def test_what_takes_files_is_drawn_once(desk: Desk) -> None:
    visitor = desk()
    visitor.page.add_init_script(COUNT_INTAKES)
    with visitor.page.expect_response("**/data/news.json*"):
        page = show(visitor, "/data", "#desk-intake")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.intakes") == 1


def test_a_broken_file_is_refused_with_the_way_on(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "cells.zip"
    broken.write_bytes(b"PK\x03\x04 nothing that could be read")
    page = show(desk(), "/data", "#desk-intake")
    page.set_input_files("#desk-intake input[type=file]", broken)
    page.wait_for_selector(".desk-work .alert", timeout=WAIT_MS)
    assert "没有改动任何数据" in page.inner_text(".desk-work .alert")
    page.click('.desk-work .buttons a:has-text("另一个文件")')
    page.wait_for_selector("#desk-intake", timeout=WAIT_MS)


def test_without_a_worker_the_page_says_what_to_start(visit: Visit, living_loader: Engine) -> None:
    with living_loader.begin() as connection:
        statement = text(
            "INSERT INTO job (scope_code, author, kind, request, asked_at) VALUES"
            " (:scope, 'somebody', 'draft', CAST(:request AS jsonb), now() - interval '1 minute')"
            " RETURNING job_id"
        )
        request = json.dumps({"file": {"inbox": "october.csv"}})
        values = {"scope": PROVINCE, "request": request}
        connection.execute(text("SET LOCAL ROLE gridboard_loader"))
        job = connection.execute(statement, values).scalar_one()
    page = show(visit(), f"/data?job={job}", ".desk-work .alert")
    assert "没有正在运行的工作进程" in page.inner_text(".desk-work .alert")
    assert "gridboard work" in page.inner_text(".desk-side .alert")
    assert page.locator(".desk-work [role=progressbar] i").evaluate("e => e.offsetWidth") == 0


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda size: str(size))
@pytest.mark.parametrize(("lang", "theme"), [("zh", "dark"), ("en", "light")])
def test_the_page_fits_every_size(
    desk: Desk, shots: Path, width: int, height: int, lang: str, theme: str
) -> None:
    page = show(desk(width, height), f"/data?lang={lang}&theme={theme}", "#desk-intake")
    page.wait_for_selector(".desk-table")
    page.screenshot(path=shots / f"data-{lang}-{theme}-{width}x{height}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in ("#desk-pages", "#desk-intake", ".table-box", "#desk-side"):
        box = page.locator(part).first.bounding_box()
        assert box, part
        assert box["x"] >= 0, part
        assert box["x"] + min(box["width"], width) <= width + 1, part
    if lang == "en":
        # But for the names of files and sources, which are the operator's own.
        assert set(re.findall(r"[一-鿿]+", page.inner_text("body"))) <= {"中文", "热线"}


def test_every_control_has_a_name_and_the_keyboard_reaches_it(desk: Desk) -> None:
    page = show(desk(), "/data?what=boundaries", "#desk-intake")
    nameless = page.eval_on_selector_all(
        "a[href], button, input, select",
        "all => all.filter((e) => !(e.ariaLabel || e.textContent.trim()"
        " || e.labels?.length)).map((e) => e.outerHTML)",
    )
    assert nameless == []
    seen: set[str] = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.closest('[id]')?.id"))
    assert {"desk-pages", "desk-switches", "desk-side", "desk-intake"} <= seen


@pytest.mark.errors_expected
def test_borders_of_another_edition_come_in_place_of_the_former(visit: Visit) -> None:
    page = show(visit(), "/data", "#desk-intake")
    page.evaluate(SHOW_TWO_EDITIONS)
    until(page, "window.seen.includes('ready')")


def test_from_the_map_to_the_data_and_back(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{PROVINCE}?lang=en&theme=light")
    page.click("#pages a[href^='/data']")
    page.wait_for_selector("#desk-intake", timeout=WAIT_MS)
    assert page.url.endswith("/data?lang=en&theme=light")
    until(page, "document.title === 'Data · gridboard'")
    page.wait_for_selector(".maplibregl-canvas", state="detached")
    page.click("#desk-pages a >> nth=0")
    visitor.ready()
    assert page.locator(".maplibregl-canvas").count() == 1
    page.go_back()
    page.wait_for_selector("#desk-intake", timeout=WAIT_MS)
