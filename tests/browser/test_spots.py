"""Hot spots and rates as the browser draws them."""

from __future__ import annotations

import numpy as np
import pytest

from geo.rates import Prior, rates
from tests.areas import COUNTY, PROVINCE
from tests.browser.conftest import Visit
from tests.browser.looking import find_on_map, once, until

pytestmark = pytest.mark.browser

_MEASURE = """async ([counts, people, smooth]) => {
  const { measure } = await import("/assets/gridmap/numbers.js");
  return counts.map((count, i) => measure("rate", count, people[i], 1, smooth));
}"""


def test_spots_have_a_legend_with_counts_and_a_sentence(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{PROVINCE}?layer=county&period=all&view=hot&lang=en")
    legend = page.inner_text(".legend")
    assert "Hot and cold spots" in legend
    assert "FDR ≤ 1%" in legend
    assert "Compared with all" in legend
    find_on_map(page, "Nan County")
    page.wait_for_selector(".card-said")
    once(page, lambda: "areas around" in page.inner_text(".card-said"))
    page.click(".control >> text=Emerging")
    until(page, "document.querySelector('.legend-title').textContent.startsWith('Emerging')")
    until(page, "document.querySelectorAll('.legend-row.spots').length === 8")
    assert len(visitor.asked("/signals/")) >= 3


def test_few_incidents_are_no_rate_until_they_are_smoothed(visit: Visit) -> None:
    visitor = visit()
    days = "from=2023-06-01&to=2023-06-20"
    page = visitor.go(f"/map/{COUNTY}?layer=cell&metric=rate&{days}&lang=en")
    assert page.inner_text(".legend-row:has(.dots)").startswith("too few to judge")
    page.click(".control >> text=smoothed")
    until(page, "document.querySelector('.legend-title').textContent === 'Rate, smoothed'")
    until(page, "!document.querySelector('.legend-row .dots')")
    prior = Prior(0.004, 0.0002)
    counts, people = [0, 3, 40], [900.0, 120.0, 5000.0]
    smooth = {"overall": prior.overall, "variance": prior.variance}
    drawn = page.evaluate(_MEASURE, [counts, people, smooth])
    assert drawn == pytest.approx(prior.drawn(np.array(counts), np.array(people)))
    plain = page.evaluate(_MEASURE, [counts, people, None])
    assert plain == pytest.approx(rates(np.array(counts), np.array(people)))
