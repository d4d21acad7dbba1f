"""Who may write campaigns: in the own name, about areas of the own scope, with their lineage."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from geo.database import writing
from geo.viewer import ROLES, Viewer

ADD = text(
    "INSERT INTO campaign (name, area_code, city_code, county_code, township_code, since, until,"
    " author) SELECT :name, code, city_code,"
    " CASE WHEN :straight THEN county_code ELSE '990102' END,"
    " township_code, '2025-03-01', '2025-04-01', :author FROM area WHERE code = :area"
)
CLOSE = text(
    "UPDATE campaign SET closed_at = now(), closed_by = :login WHERE area_code = :area"
    " AND closed_at IS NULL"
)
CHANGE = text(
    "UPDATE campaign SET name = 'y', categories = '{land}', since = '2025-03-02'"
    " WHERE area_code = :area"
)
REOPEN = text("UPDATE campaign SET closed_at = NULL, closed_by = NULL WHERE area_code = :area")
COUNTY = Viewer("leader", 2, "990101", "wang")


def try_to_add(engine: Engine, viewer: Viewer, **values: object) -> int:
    """Add a campaign and take it back: the database is shared by tests that only read."""
    given = {"name": "x", "straight": True, "author": viewer.login, "area": viewer.scope_code}
    with writing(engine, viewer) as connection:
        added = connection.execute(ADD, given | values).rowcount
        connection.rollback()
    return added


@pytest.mark.parametrize("role", ROLES)
def test_those_who_act_in_an_area_may_add(filled_app: Engine, viewer: Viewer, role: str) -> None:
    asking = replace(viewer, role=role, login="wang")
    if role in ("leader", "planner", "operator", "admin"):
        assert try_to_add(filled_app, asking) == 1
    else:
        with pytest.raises(ProgrammingError, match="row-level security"):
            try_to_add(filled_app, asking)


def test_nobody_adds_outside_in_another_name_or_before_the_eyes_of_others(
    filled_app: Engine,
) -> None:
    assert try_to_add(filled_app, COUNTY, area="990102") == 0, "the area is not even seen"
    with pytest.raises(ProgrammingError, match="row-level security"):
        try_to_add(filled_app, COUNTY, author="li")
    with pytest.raises(ProgrammingError, match="row-level security"):
        try_to_add(filled_app, COUNTY, straight=False)
    with pytest.raises(IntegrityError, match="name"):
        try_to_add(filled_app, COUNTY, name="two\nlines")


def test_closing_says_who_and_happens_once_within_the_scope(filled_app: Engine) -> None:
    with writing(filled_app, COUNTY) as connection:
        first, again, outside = (
            connection.execute(CLOSE, {"login": "wang", "area": area}).rowcount
            for area in ("990101", "990101", "990102")
        )
        connection.rollback()
    assert (first, again, outside) == (1, 0, 0)
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        writing(filled_app, COUNTY) as connection,
    ):
        connection.execute(CLOSE, {"login": "li", "area": "990101"})
    with writing(filled_app, replace(COUNTY, role="wall")) as connection:
        assert connection.execute(CLOSE, {"login": "wang", "area": "990101"}).rowcount == 0
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        writing(filled_app, COUNTY) as connection,
    ):
        connection.execute(text("UPDATE campaign SET author = 'y'"))


def test_an_open_campaign_is_corrected_within_the_scope_and_a_closed_one_stays(
    filled_app: Engine,
) -> None:
    with writing(filled_app, COUNTY) as connection:
        own, outside = (
            connection.execute(CHANGE, {"area": area}).rowcount for area in ("990101", "990102")
        )
        connection.execute(CLOSE, {"login": "wang", "area": "990101"})
        closed = connection.execute(CHANGE, {"area": "990101"}).rowcount
        reopened = connection.execute(REOPEN, {"area": "990101"}).rowcount
        connection.rollback()
    assert (own, outside, closed, reopened) == (1, 0, 0, 0)
    with writing(filled_app, replace(COUNTY, role="wall")) as connection:
        assert connection.execute(CHANGE, {"area": "990101"}).rowcount == 0
