"""The top line and the controls: every choice is an address."""

from __future__ import annotations

import pytest

from dashboard import ids
from dashboard.components import footer, header
from dashboard.components.control import control
from dashboard.components.gridmap import map_words, metrics, units
from dashboard.components.search import search_results
from dashboard.source import Source
from dashboard.state import METRICS, parse
from dashboard.text import text_for
from dashboard.visit import Visit
from tests.areas import CITY, COUNTY, PROVINCE
from tests.dashboard.markup import having, links, walk, words


def visit(source: Source, path: str, search: str = "") -> Visit:
    return Visit.at(source, {"pathname": path, "search": search})


def test_the_breadcrumb_leads_up(source: Source) -> None:
    trail = header.breadcrumb(visit(source, f"/map/{COUNTY}", "?metric=rate&at=100,36,9"))
    assert links(trail) == {
        "↑": f"/map/{CITY}?metric=rate",
        "试省": f"/map/{PROVINCE}?metric=rate",
        "甲市": f"/map/{CITY}?metric=rate",
    }
    assert words(having(trail, aria_current="page")) == "南县"


def test_there_is_nothing_above_the_top(source: Source) -> None:
    up = next(walk(header.breadcrumb(visit(source, f"/map/{PROVINCE}"))))
    assert getattr(up, "aria-disabled") == "true"
    assert not hasattr(up, "href")


def test_presets_and_paging(source: Source) -> None:
    bar = header.filter_bar(visit(source, f"/map/{CITY}", "?period=7d&lang=en"))
    found = links(bar)
    assert found["Last 30 days"] == f"/map/{CITY}?lang=en"
    assert found["This year"] == f"/map/{CITY}?lang=en&period=ytd"
    assert found["◀"] == (
        f"/map/{CITY}?lang=en&from=2024-02-21&to=2024-02-27"
        "&scale_from=2024-02-28&scale_to=2024-03-05"
    )
    later = having(bar, aria_label="Period after")[0]
    assert getattr(later, "aria-disabled") == "true"
    assert words(having(bar, aria_current="true")) == "Last 7 days All All All"


def test_a_range_is_named_by_its_days(source: Source) -> None:
    bar = header.filter_bar(visit(source, f"/map/{CITY}", "?from=2024-01-01&to=2024-01-31"))
    menu = having(bar, id=ids.MENU_PERIOD)[0]
    days = having(bar, id=ids.DATE_RANGE)[0]
    assert menu.value == "2024-01-01 – 2024-01-31"
    assert (days.first, days.last) == ("2024-01-01", "2024-01-31")
    assert (days.min, days.max) == ("2023-02-10", "2024-03-05")


def test_terms_toggle(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?category=family,land&lang=en")
    bar = header.filter_bar(at)
    menu = having(bar, id=ids.MENU_CATEGORY)[0]
    assert (menu.value, menu.chosen) == ("2", 2)
    checked = [words(part) for part in having(menu, aria_checked="true")]
    assert checked == ["family", "land"]
    found = links(menu)
    assert parse(None, found["family"].split("?")[1])[0].categories == ("land",)
    assert parse(None, found["neighbour"].split("?")[1])[0].categories == (
        "family",
        "land",
        "neighbour",
    )
    assert "category" not in found["All"]


def test_switches_keep_everything_else(source: Source) -> None:
    found = links(header.switches(visit(source, f"/map/{CITY}", "?metric=rate&theme=light")))
    assert found == {
        "☾": f"/map/{CITY}?metric=rate",
        "EN": f"/map/{CITY}?metric=rate&lang=en&theme=light",
    }


def test_controls(source: Source) -> None:
    floating = control(visit(source, f"/map/{CITY}", "?lang=en&layer=cell"))
    found = links(floating)
    assert found["Rate"] == f"/map/{CITY}?metric=rate&layer=cell&lang=en"
    assert found["Heat"] == f"/map/{CITY}?view=heat&layer=cell&lang=en"
    assert found["county 2"] == f"/map/{CITY}?lang=en"
    current = [words(part) for part in having(floating, aria_current="true")]
    assert current == ["Areas", "Incidents", "grid cell 6"]


def test_a_surface_has_no_choice_of_metric(source: Source) -> None:
    found = links(control(visit(source, f"/map/{CITY}", "?view=heat&lang=en")))
    assert "Rate" not in found
    assert found["Areas"] == f"/map/{CITY}?lang=en"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_metric_has_a_name_and_a_unit(lang: str) -> None:
    _ = text_for(lang)
    assert set(metrics(_)) == set(units(_)) == set(map_words(_)["unknown"]) == set(METRICS)


def test_the_footer_says_how_far_the_data_goes(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    assert footer.as_of(at) == "Data to 2024-03-05"
    assert footer.credits_line(at) == ""


def test_search_results_name_level_and_way(source: Source) -> None:
    found = search_results(source.search("南县"), source.hierarchy, text_for("zh"))
    assert found == [
        {"code": COUNTY, "name": "南县", "path": "试省 › 甲市", "level": "县区"},
    ]


def test_ids_are_unique() -> None:
    values = [value for name, value in vars(ids).items() if name.isupper()]
    assert len(set(values)) == len(values)


def test_icons_have_names(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    parts = [*header.breadcrumb(at), *header.filter_bar(at), *header.switches(at)]
    for part in walk(parts):
        if getattr(part, "className", "") == "button":
            assert getattr(part, "aria-label", "")
