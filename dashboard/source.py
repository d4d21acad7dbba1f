"""The one place pages ask for figures; each answer is seen through the viewer's scope."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine

from dashboard.answers import AreaSummary, Breaks, Found, Summary, Term, Trend
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.state import MapState
from geo.revisions import Revisions
from geo.viewer import Viewer


class Source:
    """Answers about areas and counts for one viewer, within one request.

    All answers of one source come from the same version of the data.
    """

    def __init__(self, engine: Engine, viewer: Viewer) -> None:
        self.engine = engine
        self.viewer = viewer

    @property
    def revisions(self) -> Revisions:
        """The versions of areas and incidents this source answers from."""
        raise NotImplementedError

    @property
    def home(self) -> str:
        """Code of the viewer's own area, the top of everything they see."""
        raise NotImplementedError

    def coverage(self) -> Days | None:
        """Return the days from the first to the last incident in scope; ``None`` if there is none."""
        raise NotImplementedError

    def terms(self, kind: str) -> list[Term]:
        """Return the terms of a kind: category, channel, status or scale."""
        raise NotImplementedError

    def filters(self, state: MapState) -> Filters:
        """Turn a page's state into filters; codes that name no term are left out."""
        raise NotImplementedError

    def scale_filters(self, state: MapState) -> Filters:
        """Return the same over the days that class breaks are computed over."""
        raise NotImplementedError

    def area(self, code: str) -> AreaSummary:
        """Introduce an area.

        Raises:
            NotFoundError: there is no such area in the viewer's scope.
        """
        raise NotImplementedError

    def summary(self, code: str, filters: Filters) -> Summary:
        """Return an area's figures over the period and the two it is compared with."""
        raise NotImplementedError

    def children(self, code: str, filters: Filters, layer: str | None = None) -> pd.DataFrame:
        """Count the areas of a layer inside an area.

        Args:
            code: the area.
            filters: what is counted.
            layer: key of a level; by default the area's ``child_level``.

        Returns:
            A row per area, in order of code: area_id, code, name, name_en, count,
            population and area_km2 (``NaN`` where unknown). ``count`` is ``NaN`` in
            every row when no day of the period has data.
        """
        raise NotImplementedError

    def trend(self, code: str, filters: Filters) -> Trend:
        """Return the counts day by day, or month by month over long periods."""
        raise NotImplementedError

    def composition(self, code: str, filters: Filters) -> pd.DataFrame:
        """Count by category, most frequent first: category, code, name_zh, name_en, count.

        Categories that the filter leaves out are not listed; those without an incident
        count zero.
        """
        raise NotImplementedError

    def breaks(self, layer: str, metric: str, filters: Filters) -> Breaks:
        """Return class limits over all areas of a layer in the viewer's scope.

        They depend on nothing else, and so stay put while the user drills down.
        """
        raise NotImplementedError

    def search(self, text: str, limit: int = 20) -> list[Found]:
        """Find areas by a part of their name or by the beginning of their code."""
        raise NotImplementedError
