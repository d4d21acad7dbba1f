"""The catalogues: complete, not stale, and their words come out right."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

import dashboard
from dashboard.answers import Step
from dashboard.period import Days
from dashboard.state import LANGUAGES
from dashboard.text import catalogue, text_for
from geo.errors import ConfigurationError

PACKAGE = Path(dashboard.__file__).parent
KEYWORDS = {"_": None, "n": (1, 2)}
PLACEHOLDER = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Every message id in the code and the templates."""
    sources = [("**.py", "python"), ("**.html", "jinja2")]
    found = extract_from_dir(PACKAGE, sources, keywords=KEYWORDS)
    return {entry[2] if isinstance(entry[2], str) else entry[2][0] for entry in found}


def messages(found: Catalog) -> dict[str, Message]:
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in found
        if message.id
    }


def test_the_code_has_messages(used: set[str]) -> None:
    assert {"Map", "Try again", "Resolved"} <= used


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_is_translated(lang: str, used: set[str]) -> None:
    found = messages(catalogue(lang))
    assert used - found.keys() == set()
    assert [key for key, message in found.items() if not message.string] == []
    assert [key for key, message in found.items() if message.fuzzy] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_obsolete(lang: str, used: set[str]) -> None:
    found = catalogue(lang)
    assert messages(found).keys() - used == set()
    assert not found.obsolete


@pytest.mark.parametrize("lang", LANGUAGES)
def test_translations_keep_their_placeholders(lang: str) -> None:
    for key, message in messages(catalogue(lang)).items():
        forms = [message.string] if isinstance(message.string, str) else message.string
        for form in forms:
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(key)), key


def test_chinese_is_chinese() -> None:
    latin_only = [
        key
        for key, message in messages(catalogue("zh")).items()
        if not re.search(r"[一-鿿]", str(message.string))
    ]
    assert latin_only == []


def test_words_numbers_and_days() -> None:
    zh, en = text_for("zh"), text_for("en")
    assert zh("Resolved") == "已化解"
    assert en("Resolved") == "Resolved"
    assert zh("Data to {day}", day="2026-01-31") == "数据截至 2026-01-31"
    assert zh.number(1234567) == en.number(1234567) == "1,234,567"
    assert en.number(1.239, 2) == "1.24"
    assert en.percent(0.864) == "86%"
    assert en.percent(0.0312) == "3.1%"
    assert en.percent(0.08) == "8.0%"
    assert en.percent(0.0002) == "< 0.1%"
    assert en.percent(0) == "0%"
    assert zh.day(date(2026, 1, 5)) == "2026-01-05"
    assert zh.days(Days(date(2026, 1, 1), date(2026, 2, 1))) == "2026-01-01 – 2026-01-31"
    assert zh.days(Days(date(2026, 1, 1), date(2026, 1, 2))) == "2026-01-01"
    assert zh.moment(datetime(2026, 1, 5, 10, 32, tzinfo=UTC)) == "2026-01-05 10:32"


def test_an_area_without_an_english_name_keeps_its_own() -> None:
    lanzhou = Step("620100", "兰州市", "Lanzhou", 1)
    cell = Step("620102001001001", "一号网格", None, 5)
    assert text_for("zh").name(lanzhou) == "兰州市"
    assert text_for("en").name(lanzhou) == "Lanzhou"
    assert text_for("en").name(cell) == "一号网格"


def test_a_name_does_not_repeat_the_one_above() -> None:
    village = Step("620102003008", "张苏滩村社区", "Lin", 4)
    zh, en = text_for("zh"), text_for("en")
    assert zh.within("张苏滩村社区第7网格", village) == "第7网格"
    assert zh.within("张苏滩村社区", village) == "张苏滩村社区"
    assert zh.within("雁南街道", village) == "雁南街道"
    assert en.within("Lin cell 7", village) == "cell 7"
    assert en.within("Linxia", village) == "Linxia"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="fr"):
        text_for("fr")
