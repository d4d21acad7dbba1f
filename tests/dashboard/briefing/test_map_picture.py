"""The picture of a map: the classes of the screen, and everything a map must say."""

from __future__ import annotations

import math
import re
import struct

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib import font_manager

from dashboard.briefing import face
from dashboard.briefing.canvas import Canvas, folded, hatch, outline, width_mm
from dashboard.briefing.classes import FEW, UNKNOWN, ZERO
from dashboard.briefing.colouring import class_words, classed, colouring, ramp_step
from dashboard.briefing.errors import FaceMissingError
from dashboard.briefing.map_picture import Paper, map_picture, notes, title
from dashboard.briefing.marks import round_length_m
from dashboard.briefing.shapes import band_for
from dashboard.scales import class_breaks
from dashboard.source import Source
from dashboard.text import text_for
from dashboard.theme import tokens
from geo.rates import TOO_FEW
from tests.areas import CITY, COUNTY, PROVINCE, SPECIAL, TOWNSHIPS
from tests.dashboard.test_scene import visit


@given(
    values=st.lists(st.one_of(st.just(math.nan), st.floats(0, 1e6)), min_size=1),
    limits=st.lists(st.floats(0.01, 1e6), max_size=6, unique=True).map(sorted),
)
def test_classes_are_those_of_the_browser(values: list[float], limits: list[float]) -> None:
    """As ``classOf`` of assets/gridmap/numbers.js finds them, one after the other."""

    def class_of(value: float) -> int:
        if math.isnan(value):
            return UNKNOWN
        return ZERO if value == 0 else 1 + sum(value >= limit for limit in limits)

    assert classed(np.array(values), tuple(limits)).tolist() == [class_of(v) for v in values]


def span(words: str) -> tuple[float, float]:
    """From where to below where the words of a class reach, whole numbers to the last one."""
    numbers = [float(number.replace(",", "")) for number in re.findall(r"[0-9.,]+", words)]
    if words.startswith("<"):
        return 0.0, numbers[0]
    return numbers[0], math.inf if words.startswith("≥") else numbers[-1]


@settings(max_examples=60)
@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=80))
def test_the_words_of_a_class_of_numbers_hold_its_areas_and_no_other(counts: list[int]) -> None:
    values = np.array(counts, float)
    scale = class_breaks(values, whole=True)
    classes = classed(values, scale.limits)
    for number in range(1, len(scale.limits) + 2):
        first, last = span(class_words("count", scale, number, text_for("en")))
        inside = (values >= first) & (values <= last)
        assert np.array_equal(inside, classes == number)


@settings(max_examples=60)
# Five counties of nearly the same rate: to three digits, two of the limits would be the same.
@example([12.1, 12.2, 12.3, 12.4, 12.5])
@example([0.000_012, 0.000_013, 0.000_014])
@given(st.lists(st.floats(0.001, 1e6, allow_subnormal=False), min_size=2, max_size=80, unique=True))
def test_the_words_of_a_class_of_rates_hold_its_areas_and_no_other(rates: list[float]) -> None:
    values = np.array(rates)
    scale = class_breaks(values, whole=False)
    classes = classed(values, scale.limits)
    if not scale.limits:
        return
    for number in range(1, len(scale.limits) + 2):
        first, end = span(class_words("rate", scale, number, text_for("en")))
        inside = (values >= first) & (values < end)
        assert np.array_equal(inside, classes == number)


@given(steps=st.integers(1, 7))
def test_the_ramp_is_spread_as_in_the_browser(steps: int) -> None:
    found = [ramp_step(number, steps) for number in range(1, steps + 1)]
    wanted = [
        4 if steps == 1 else 1 + math.floor((k - 1) * 6 / (steps - 1) + 0.5)
        for k in range(1, steps + 1)
    ]
    assert found == wanted
    assert found == sorted(set(found))


@pytest.mark.parametrize("metric", ["count", "density", "rate"])
@pytest.mark.parametrize(("code", "layer"), [(PROVINCE, "city"), (PROVINCE, "cell"), (COUNTY, "")])
def test_colours_and_counts_of_the_legend(
    source: Source, code: str, layer: str, metric: str
) -> None:
    at = visit(source, f"/map/{code}", f"?period=all&metric={metric}&layer={layer}")
    found = colouring(at, "light")
    token = tokens("light")
    assert sum(entry.areas for entry in found.entries) == len(found.rows) == len(found.classes)
    scale = source.breaks(at.layer.key, metric, at.filters, at.rate)
    ramp = [entry for entry in found.entries if entry.number > ZERO]
    assert len(ramp) == (0 if scale.lowest is None else len(scale.limits) + 1)
    assert {entry.colour for entry in ramp} <= {token[f"ramp-{step}"] for step in range(1, 8)}
    words = [entry.words for entry in found.entries]
    assert len(set(words)) == len(words)


def test_nothing_unknown_and_too_few_never_look_alike(source: Source) -> None:
    at = visit(source, f"/map/{PROVINCE}", "?from=2024-01-01&to=2024-01-12&metric=rate&layer=city")
    found = colouring(at, "light")
    rows, counts = source.counts(PROVINCE, at.layer.slot, at.filters)
    assert counts is not None
    people = source.picture.lineage.numbers("population")[rows]
    few = (people > 0) & (counts > 0) & (counts < TOO_FEW)
    assert (found.classes == FEW).tolist() == few.tolist()
    assert (found.classes == UNKNOWN).tolist() == np.isnan(people).tolist()
    assert few.any()
    assert np.isnan(people).any()
    looks = {(entry.colour, entry.is_hatched, entry.number == FEW) for entry in found.entries}
    assert len(looks) == len(found.entries)
    none = colouring(visit(source, f"/map/{COUNTY}", "?from=2010-01-01&to=2010-02-01"), "light")
    assert set(none.classes.tolist()) == {UNKNOWN}


@pytest.mark.parametrize("view", ["hot", "emerging"])
def test_spots_have_the_swatches_of_the_screen(source: Source, view: str) -> None:
    at = visit(source, f"/map/{PROVINCE}", f"?period=all&view={view}&layer=cell")
    found = colouring(at, "light")
    assert sum(entry.areas for entry in found.entries) == len(found.rows) == 9
    spots = (source.hot if view == "hot" else source.emerging)(at.layer.slot, at.filters)
    hot = (spots.classes > 0) & (spots.classes < 100)
    assert sum(entry.areas for entry in found.entries if 0 < entry.number <= 20) == hot.sum()


def test_the_picture_is_the_same_for_the_same_data(source: Source) -> None:
    at = visit(source, f"/map/{PROVINCE}", "?period=all&metric=density&layer=cell&lang=en")
    drawing, picture = map_picture(at, "svg"), map_picture(at, "png", Paper(120, 90))
    assert drawing == map_picture(at, "svg")
    assert picture == map_picture(at, "png", Paper(120, 90))
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert (width, height) == pytest.approx((120 / 25.4 * 200, 90 / 25.4 * 200), abs=1)
    # Eight cells, each a path filled with a colour of the legend.
    colours = {entry.colour for entry in colouring(at, "light").entries if entry.areas}
    filled = re.findall(rb"fill: (#[0-9a-f]{6})", drawing)
    assert colours <= {colour.decode() for colour in filled}
    assert b"http://" not in drawing.replace(b"http://www.w3.org", b"").replace(
        b"http://purl.org", b""
    ).replace(b"http://creativecommons.org", b"")


def test_what_a_picture_says(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?from=2024-01-01&to=2024-01-31&category=land&lang=en")
    assert title(at, colouring(at, "light")) == (
        "Jia City · Incidents · county · 2024-01-01 – 2024-01-31"
    )
    said = notes(at, sources=True)
    assert any(line.startswith("Incidents located") for line in said)
    assert "Only: land" in said
    quiet = visit(source, f"/map/{SPECIAL}", "?from=2023-02-11&to=2023-02-11&lang=en")
    assert quiet.source.summary(SPECIAL, quiet.filters).total == 0
    assert notes(quiet, sources=False) == []
    empty = visit(source, f"/map/{CITY}", "?from=2010-01-01&to=2010-01-31&lang=en")
    assert "No data for this period here." in notes(empty, sources=False)
    for search in ("?layer=city", "?from=2010-01-01&to=2010-01-31"):
        assert map_picture(visit(source, f"/map/{SPECIAL}", search), "png", Paper(60, 40))


def test_only_areas_in_scope_are_drawn(source: Source) -> None:
    lineage = source.picture.lineage
    rows = lineage.features(5, lineage.row(TOWNSHIPS["S"]))
    shapes = source.shapes(5, rows, 2)
    assert [shape.geom_type for shape in shapes] == ["MultiPolygon"] * len(rows)
    own = source.shapes(3, lineage.features(3, lineage.row(TOWNSHIPS["S"])), 2)
    assert shapely.union_all(shapes).symmetric_difference(own[0]).area < 1.0


def test_a_name_is_no_formula() -> None:
    sheet = Canvas(40, 10, "#ffffff")
    sheet.text(1, 1, "$\\frac{1}{$ $x_2$", 8)
    assert sheet.written("svg", "x").startswith(b"<?xml")


def test_holes_stay_open_and_strokes_stay_inside() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    outer, inner = map(shapely.LinearRing, outline(ring).to_polygons())
    assert outer.is_ccw != inner.is_ccw
    strokes = hatch(ring, "black", step=1.0)
    lines = shapely.union_all([shapely.linestrings(segment) for segment in strokes.get_segments()])
    assert lines.difference(ring.buffer(1e-6)).is_empty
    # Strokes one metre apart along x are √2 / 2 apart from each other.
    assert lines.length == pytest.approx(ring.area * math.sqrt(2), rel=0.1)
    dots = hatch(ring, "black", step=1.0, dotted=True)
    assert dots.get_linestyle() != strokes.get_linestyle()


@given(longest=st.floats(0.5, 1e7))
def test_scale_bars_are_round_and_fit(longest: float) -> None:
    found = round_length_m(longest)
    assert longest / 2.5 <= found * 1.000001 <= longest * 1.00001
    assert f"{found:.0e}"[0] in "125"


@given(words=st.text("ab 甲乙 ,", max_size=60), width=st.floats(8, 60))
def test_folding_loses_nothing(words: str, width: float) -> None:
    lines = folded(words, width, 6.5)
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert all(width_mm(line, 6.5) <= width or " " not in line for line in lines)


def test_bands_are_coarse_only_where_nobody_sees_it() -> None:
    assert [band_for(metres) for metres in (5, 99, 100, 399, 400, 5000)] == [2, 2, 1, 1, 0, 0]


def test_without_a_chinese_face_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face, "FAMILIES", ("No Such Face",))
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    face.family.cache_clear()
    try:
        with pytest.raises(FaceMissingError, match="fonts-noto-cjk"):
            face.face(8)
    finally:
        face.family.cache_clear()
