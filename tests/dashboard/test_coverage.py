"""The days that data covers are the same in every scope, also where nothing happened last."""

import pytest

from dashboard.period import Days
from dashboard.state import MapState
from geo.viewer import Viewer
from tests.areas import CITY, COUNTY, OTHER_COUNTY, PROVINCE, SPECIAL, TOWNSHIPS
from tests.dashboard.conftest import Sources
from tests.dashboard.world import FIRST_DAY, LAST_DAY, Cases

VIEWERS = [
    Viewer("leader", 0, PROVINCE),
    Viewer("leader", 1, CITY),
    Viewer("leader", 1, SPECIAL),
    Viewer("leader", 2, COUNTY),
    Viewer("leader", 2, OTHER_COUNTY),
    Viewer("leader", 3, TOWNSHIPS["E"]),
]


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.scope_key)
def test_the_last_thirty_days_are_the_same_days_for_everybody(
    sources: Sources, viewer: Viewer
) -> None:
    source, whole = sources(viewer), sources()
    assert source.coverage() == Days.between(FIRST_DAY, LAST_DAY)
    assert source.filters(MapState()).days == whole.filters(MapState()).days
    assert source.picture.as_of == whole.picture.as_of


def test_some_scopes_end_earlier(cases: Cases) -> None:
    """Or the test above would say nothing."""
    ends = {
        max(case.day for case in cases if viewer.scope_code in case.codes) for viewer in VIEWERS
    }
    assert len(ends) > 1
