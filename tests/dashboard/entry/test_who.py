"""The menu of who is logged in, and the words of the roles."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from dashboard.components.who import session_words, who_menu
from dashboard.entry.look import Look
from dashboard.entry.places import Place
from dashboard.people.account import Scope
from dashboard.people.sessions import Session
from dashboard.roles import role_may, role_name
from dashboard.sections import MAP, SECTIONS
from dashboard.state import LANGUAGES
from dashboard.text import text_for
from geo.viewer import ROLES

NOW = datetime(2026, 1, 5, tzinfo=UTC)
PLACES = [Place(Scope(2, f"62010{n}"), f"第{n}区", f"District {n}") for n in range(9)]


def session(places: list[Place], role: str = "leader") -> Session:
    scopes = tuple(place.scope for place in places)
    return Session(1, 1, "wang", "王芳", role, scopes[0], scopes, "password", NOW, NOW)


def written(places: list[Place], offered: list[Place], look: Look) -> str:
    """What the browser is sent."""
    menu = who_menu(session(places), offered, look)
    return json.dumps(menu, ensure_ascii=False, default=lambda part: part.to_plotly_json())


def test_who_has_one_area_has_nothing_to_choose() -> None:
    menu = written(PLACES[:1], [], Look("en"))
    assert "王芳" in menu
    assert "wang · Leader" in menu
    assert "/session/scope" not in menu
    assert "/log-out?lang=en" in menu


def test_areas_are_named_in_the_language_and_the_present_one_is_marked() -> None:
    menu = written(PLACES[:2], PLACES[:2], Look("en", "light"))
    assert "District 0" in menu
    assert "第0区" not in menu
    assert menu.count('"aria-current": "true"') == 1
    assert "/session/scope?lang=en&theme=light" in menu


def test_more_areas_than_the_menu_names_are_found_on_the_account_page() -> None:
    menu = written(PLACES, PLACES[:8], Look("en"))
    assert "1 more …" in menu
    assert "District 8" not in menu


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_name_and_words_for_each_page_it_opens(role: str, lang: str) -> None:
    _ = text_for(lang)
    assert role_name(role, _)
    # What everybody may open goes without saying, beside the map.
    told = [each for each in SECTIONS if each is MAP or each.roles != ROLES]
    open_to_it = [section for section in told if role in section.roles]
    assert len(role_may(role, _)) == len(open_to_it) + (role == "wall")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_bar_of_an_ended_session_has_all_its_words(lang: str) -> None:
    words = session_words(text_for(lang))
    assert set(words) == {"ended", "changed"}
    assert all({"title", "rest", "go"} == set(each) for each in words.values())
