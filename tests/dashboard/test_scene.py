"""What the map is told to show."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.components.ranking import ranked
from dashboard.naming import WORST_NAMED
from dashboard.pages.scene import scene
from dashboard.source import Source
from dashboard.state import METRICS
from dashboard.visit import Visit
from tests.areas import CITY, CITY_WITHOUT_COUNTIES, COUNTY, PROVINCE, SPECIAL, TOWNSHIPS, cell_code


def visit(source: Source, path: str, search: str = "") -> Visit:
    return Visit.at(source, {"pathname": path, "search": search})


@pytest.mark.parametrize(
    ("code", "search", "slot", "outlines"),
    [
        (PROVINCE, "", 1, []),
        (PROVINCE, "?layer=county", 2, [1]),
        (PROVINCE, "?layer=cell", 5, [1, 2]),
        (CITY, "", 2, []),
        (CITY, "?layer=city", 2, []),
        (CITY_WITHOUT_COUNTIES, "", 3, [2]),
        (COUNTY, "", 3, []),
        (TOWNSHIPS["S"], "", 5, [4]),
        (cell_code("S1"), "", 5, []),
        (SPECIAL, "", 1, []),
    ],
    ids=[
        "children",
        "a level below",
        "all cells",
        "a step down",
        "a level that is not below",
        "no counties",
        "townships",
        "no villages",
        "the last level shows itself",
        "nothing below",
    ],
)
def test_layer_and_borders(
    source: Source, code: str, search: str, slot: int, outlines: list[int]
) -> None:
    found = scene(visit(source, f"/map/{code}", search))
    assert found["layer"]["slot"] == slot
    assert found["outlines"] == outlines


def test_addresses_carry_scope_versions_and_filters(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?from=2024-01-01&to=2024-01-31&category=land,family")
    urls = scene(at)["urls"]
    versions = source.revisions
    assert urls["index"] == f"/index/province-{PROVINCE}/{versions.area}/2/{CITY}.bin"
    assert urls["heat"].startswith(f"/heat/province-{PROVINCE}/{versions.area}/{CITY}.bin?")
    assert (
        urls["tiles"]
        == f"/tiles/province-{PROVINCE}/{versions.area}/{{slot}}/{{z}}/{{x}}/{{y}}.mvt"
    )
    for name in ("values", "heat"):
        query = parse_qs(urlsplit(urls[name]).query)
        assert query == {
            "from": ["2024-01-01"],
            "to": ["2024-01-31"],
            "category": ["family,land"],
            "rev": [str(versions.incident)],
        }


def test_metric_view_theme_and_sort_ask_for_nothing_new(source: Source) -> None:
    plain = scene(visit(source, f"/map/{CITY}"))
    searches = ("?metric=rate", "?view=heat", "?view=hot", "?view=emerging", "?theme=light")
    for search in (*searches, "?sort=name"):
        other = scene(visit(source, f"/map/{CITY}", search))
        assert other == plain


def test_classes_are_there_for_every_metric_and_stay_while_drilling(source: Source) -> None:
    wide = scene(visit(source, f"/map/{PROVINCE}", "?layer=township&period=all"))
    narrow = scene(visit(source, f"/map/{COUNTY}", "?layer=township&period=all"))
    assert set(wide["scales"]) == set(METRICS)
    assert wide["scales"] == narrow["scales"]


def test_classes_stay_while_paging_until_asked(source: Source) -> None:
    now = "?from=2023-06-01&to=2023-06-30"
    paged = "?from=2023-05-01&to=2023-05-31&scale_from=2023-06-01&scale_to=2023-06-30&lang=en"
    first, second = (scene(visit(source, f"/map/{CITY}", each)) for each in (now, paged))
    assert first["scales"] == second["scales"]
    assert first["legend"]["scale"] is first["legend"]["rescale"] is None
    assert second["legend"]["scale"] == "Classes of 2023-06-01 – 2023-06-30"
    assert second["legend"]["rescale"] == f"/map/{CITY}?lang=en&from=2023-05-01&to=2023-05-31"


def test_labels_in_the_language_asked_for(source: Source) -> None:
    chinese = scene(visit(source, f"/map/{CITY}"))["labels"]
    english = scene(visit(source, f"/map/{CITY}", "?lang=en"))["labels"]
    assert {label[2] for label in chinese} == {"南县", "东县"}
    assert {label[2] for label in english} == {"Nan County", "Dong County"}
    for lon, lat, _name in chinese:
        assert 100 < lon < 100.04
        assert 36 < lat < 36.02


@pytest.mark.parametrize("metric", METRICS)
def test_labels_of_the_worst_come_first(source: Source, metric: str) -> None:
    seen = visit(source, f"/map/{PROVINCE}", f"?period=all&metric={metric}")
    names = [label[2] for label in scene(seen)["labels"]]
    children = ranked(source.children(PROVINCE, seen.filters), None, metric)
    known = children.dropna(subset=[metric])["name"]
    worst = set(known.head(WORST_NAMED))
    assert 0 < len(worst) <= WORST_NAMED
    assert set(names[: len(worst)]) == worst
    assert set(names) == set(children["name"])


def test_the_way_down_includes_the_area(source: Source) -> None:
    area = scene(visit(source, f"/map/{COUNTY}"))["area"]
    assert area["path"] == [PROVINCE, CITY, COUNTY]
    assert area["bounds"] == pytest.approx([100.0, 36.0, 100.02, 36.02])


def test_rates_are_per_whom_the_address_says(source: Source) -> None:
    search = "?period=all&layer=cell&lang=en"
    people, households, smooth = (
        scene(visit(source, f"/map/{PROVINCE}", f"{search}{more}"))
        for more in ("", "&per=households", "&smooth=1")
    )
    assert people["rate"]["unit"] == "per 1,000 people"
    assert people["rate"]["smooth"] is people["rate"]["note"] is None
    assert (people["rate"]["few"], people["rate"]["base"]) == (20, "population")
    assert (households["rate"]["unit"], households["rate"]["base"]) == (
        "per 1,000 households",
        "households",
    )
    # Three times as many people as households: classes lie three times as high.
    highest = [each["scales"]["rate"]["highest"] for each in (people, households, smooth)]
    assert highest[1] == pytest.approx(3 * highest[0])
    assert highest[2] < highest[0]
    prior = smooth["rate"]["smooth"]
    assert f"{1000 * prior['overall']:.2f}" in smooth["rate"]["note"]
    assert "smooth=1" in smooth["urls"]["said"]


def test_rates_of_too_few_incidents_have_no_part_in_the_classes(source: Source) -> None:
    few = scene(visit(source, f"/map/{PROVINCE}", "?from=2023-06-01&to=2023-06-02&layer=cell"))
    assert few["scales"]["rate"]["highest"] is None
    assert few["scales"]["count"]["highest"] >= 1


def test_spots_come_with_their_legend_and_where_they_are(source: Source) -> None:
    found = scene(visit(source, f"/map/{COUNTY}", "?layer=cell&period=all&per=households&lang=en"))
    for kind, classes in (("hot", 3), ("emerging", 8)):
        assert found["urls"][kind].endswith(f"&per=households&kind={kind}")
        assert len(found["spots"][kind]["classes"]) == classes
        assert found["spots"][kind]["why"] is None
        assert found["spots"][kind]["notes"][-1] == "Compared with all 9 areas of Test Province."
        assert "households" in found["spots"][kind]["method"]["notes"][0]
    assert found["spots"]["hot"]["classes"] == ["FDR ≤ 10%", "FDR ≤ 5%", "FDR ≤ 1%"]
    assert found["spots"]["emerging"]["period"].startswith("12 months, 2023-03-06 – 2024-03-05")
    early = scene(visit(source, f"/map/{COUNTY}", "?from=2023-02-10&to=2023-05-01&lang=en"))
    assert early["spots"]["emerging"]["why"].startswith("No data: it takes 10 whole months")
