"""Language and theme follow a person through the door; the way on stays ours."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.entry.look import Look, look_of
from dashboard.state import LANGUAGES, THEMES

LOOKS = [Look(lang, theme) for lang in LANGUAGES for theme in THEMES]


def test_what_is_usual_goes_unsaid() -> None:
    assert Look().address("/log-in") == "/log-in"
    assert Look("en", "light").address("/log-in") == "/log-in?lang=en&theme=light"


def test_the_page_a_person_was_on_the_way_to_says_the_language() -> None:
    assert look_of({}, "/map/620100?lang=en&theme=light&period=all") == Look("en", "light")


def test_what_was_chosen_at_the_door_wins() -> None:
    assert look_of({"lang": "zh"}, "/map?lang=en&theme=light") == Look("zh", "light")


@pytest.mark.parametrize("strange", ["", "fr", "EN", "<script>", "en\0"])
def test_a_strange_language_is_the_usual_one(strange: str) -> None:
    assert look_of({"lang": strange, "theme": strange}) == Look()


def test_too_many_parameters_are_none() -> None:
    assert look_of({}, "/map?" + "&".join(f"p{i}=1" for i in range(999))) == Look()


def test_the_way_on_keeps_all_but_language_and_theme() -> None:
    way = "/map/620100?lang=en&period=all&category=a,b"
    assert Look("zh", "light").dressed(way) == "/map/620100?period=all&category=a,b&theme=light"


@given(
    path=st.from_regex(r"/[a-z0-9/]{0,20}(\?[a-z0-9=&]{0,30})?", fullmatch=True),
    look=st.sampled_from(LOOKS),
)
def test_a_dressed_address_is_the_same_place(path: str, look: Look) -> None:
    dressed = urlsplit(look.dressed(path))
    assert dressed.path == urlsplit(path).path
    assert look_of({}, look.dressed(path)) == look
    asked = parse_qs(dressed.query)
    assert len(asked.get("lang", [])) <= 1


def test_two_switches_lead_back() -> None:
    for look in LOOKS:
        assert look.other_lang().other_lang() == look == look.other_theme().other_theme()
        assert look.other_lang() != look != look.other_theme()
