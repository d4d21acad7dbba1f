"""Spots and rates over HTTP: bytes in the order of the index, and one area in a sentence."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from flask.testing import FlaskClient
from scipy.stats import chi2

from tests.areas import COUNTY, PROVINCE, SPECIAL, cell_code
from tests.dashboard.world import FIRST_DAY, LAST_DAY, Cases, count_cases

Address = Callable[[str, str], str]
ALL = f"from={FIRST_DAY}&to={LAST_DAY}"


@pytest.mark.parametrize("kind", ["hot", "emerging"])
@pytest.mark.parametrize("place", [f"5/{PROVINCE}", f"5/{COUNTY}", f"3/{COUNTY}"])
def test_classes_follow_the_index(
    client: FlaskClient, address: Address, kind: str, place: str
) -> None:
    index = client.get(address("index", f"{place}.bin")).data
    answer = client.get(address("signals", f"{place}.bin") + f"?{ALL}&kind={kind}")
    (count,) = struct.unpack_from("<I", answer.data)
    assert answer.data[:4] == index[:4]
    assert len(answer.data) == 4 + 9 * count
    classes = np.frombuffer(answer.data, "i1", count, 4 + 8 * count)
    z, p = (np.frombuffer(answer.data, "<f4", count, 4 + 4 * count * at) for at in (0, 1))
    assert (np.isnan(z) == (classes == 127)).all()
    assert ((p >= 0) & (p <= 1) | np.isnan(p)).all()


@pytest.mark.parametrize("rest", ["", "&kind=rate", "&kind=hot&per=dogs", "&kind=hot&channel=none"])
def test_what_is_not_understood_is_refused(
    client: FlaskClient, address: Address, rest: str
) -> None:
    assert client.get(address("signals", f"5/{PROVINCE}.bin") + f"?{ALL}{rest}").status_code == 400


def test_an_area_in_a_sentence(
    client: FlaskClient, address: Address, ids: dict[str, int], cases: Cases
) -> None:
    at = address("signals", f"5/{ids[cell_code('S1')]}.json")
    count = count_cases(cases, cell_code("S1"), FIRST_DAY, date(2024, 3, 6))
    for kind in ("hot", "emerging"):
        answer = client.get(f"{at}?{ALL}&kind={kind}").json
        assert set(answer["sentence"]) == {"zh", "en"}
        assert "z = " in answer["sentence"]["en"]
    said = client.get(f"{at}?{ALL}&kind=rate").json["sentence"]["en"]
    # Garwood's interval, by the textbook.
    low, high = chi2.ppf(0.025, 2 * count) / 2, chi2.ppf(0.975, 2 * count + 2) / 2
    per = 1000 / 1200
    assert said == (
        f"{count * per:.2f} per 1,000 people, 95% interval {low * per:.2f} to {high * per:.2f}:"
        f" {count} incidents among 1,200 people."
    )
    smoothed = client.get(f"{at}?{ALL}&kind=rate&smooth=1&per=households").json["sentence"]
    assert smoothed["en"].startswith("Smoothed ")
    assert "户" in smoothed["zh"]


def test_rates_that_cannot_be_given_say_why(
    client: FlaskClient, address: Address, ids: dict[str, int]
) -> None:
    def said(code: str, layer: int, days: str) -> str:
        path = address("signals", f"{layer}/{ids[code]}.json")
        sentence: str = client.get(f"{path}?{days}&kind=rate").json["sentence"]["en"]
        return sentence

    assert said(SPECIAL, 1, ALL) == "No rate: population unknown."
    assert said(cell_code("S1"), 5, f"from={FIRST_DAY}&to={FIRST_DAY}").endswith(
        "Too few to judge: it takes 20 incidents."
    )
    assert said(cell_code("S1"), 5, "from=2001-01-01&to=2001-01-02") == (
        "No data for this period here."
    )


def test_an_area_of_another_layer_is_not_there(
    client: FlaskClient, address: Address, ids: dict[str, int]
) -> None:
    path = address("signals", f"3/{ids[cell_code('S1')]}.json")
    assert client.get(f"{path}?{ALL}&kind=hot").status_code == 404
