"""Briefs as files: each read anew, laid out, and written into the audit log before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.addresses import SPAN
from dashboard.briefing.brief_visit import BriefVisit
from dashboard.briefing.document import Pictures, document
from dashboard.briefing.facts import gather
from dashboard.briefing.names import span_names
from dashboard.briefing.room import LEAST, MAP_WIDTH_MM, TREND_WIDTH_MM, Room
from dashboard.briefing.spans import SPANS
from dashboard.briefing.workbook import write_csv, write_xlsx
from dashboard.errors import BadRequestError
from dashboard.exporting.exports import Exports, file_name
from dashboard.misread import require_understood
from geo.errors import NotFoundError

_INSIDE = Pictures("gridboard:map.svg", "gridboard:trend.svg")


@dataclass(frozen=True)
class Briefs:
    """The briefs of one viewer, within one request.

    Attributes:
        exports: where figures come from, and who asks.
    """

    exports: Exports

    def brief(self, code: str, query: str, more: Sequence[str] = ()) -> BriefVisit:
        """Read the address of a file: an area, and the query string of the page.

        Args:
            code: the area.
            query: as it was sent.
            more: what else it may say besides what the page understands.

        Raises:
            NotFoundError: the area is not in scope, as if it did not exist.
            MisreadError: the query string holds what is not understood.
            BadRequestError: it asks for what may be published: a brief names single areas and
                dates.
        """
        found = BriefVisit.at(self.exports.source, {"pathname": f"/brief/{code}", "search": query})
        if found.visit.strayed or "area" in found.visit.notes:
            raise NotFoundError("no such area")
        require_understood(found.visit, query, (SPAN, *more), SPANS)
        if found.visit.state.publish:
            raise BadRequestError("a brief is for those who see the area, not to be published")
        return found

    def write(self, brief: BriefVisit, form: str, path: Path) -> str:
        """Write a brief, and into the audit log that it was taken.

        Args:
            brief: the area, the days, and what is counted.
            form: one of ``FORMS``.
            path: where to.

        Returns:
            The file's name as its reader sees it.
        """
        FORMS[form](brief, path)
        name = file_name(brief.visit, "brief", form)
        self.exports.note(name)
        return name


def picture(brief: BriefVisit, name: str, room: Room = LEAST) -> bytes:
    """Draw a picture of a brief as SVG, ``map`` or ``trend``, as high as there is room for."""
    # Here, and not at the start: the libraries that draw take a moment to load.
    from dashboard.briefing.map_picture import Paper, map_picture
    from dashboard.briefing.trend_picture import trend_picture

    if name == "map":
        return map_picture(brief.visit, "svg", Paper(MAP_WIDTH_MM, room.map_mm, titled=False))
    return trend_picture(brief.visit, "svg", (TREND_WIDTH_MM, room.trend_mm))


def _pdf(brief: BriefVisit, path: Path) -> None:
    from dashboard.briefing.fitting import fitted
    from dashboard.briefing.paper import to_pdf

    visit, _ = brief.visit, brief.visit.text
    name, facts = span_names(_)[brief.span], gather(brief.visit)
    room = fitted(visit, facts, name)
    body, drawn = document(visit, facts, _INSIDE, name, room), {}
    if visit.has_data:
        drawn = {
            _INSIDE.map: picture(brief, "map", room),
            _INSIDE.trend: picture(brief, "trend", room),
        }
    title = f"{_('Brief on disputes · {span}', span=name)} · {_.name(visit.area)}"
    path.write_bytes(to_pdf(body, f"{title} · {_.days(visit.days)}", _.lang, drawn))


def _png(brief: BriefVisit, path: Path) -> None:
    from dashboard.briefing.map_picture import map_picture

    path.write_bytes(map_picture(brief.visit, "png"))


FORMS: dict[str, Callable[[BriefVisit, Path], None]] = {
    "pdf": _pdf,
    "xlsx": lambda brief, path: write_xlsx(brief, path),
    "csv": lambda brief, path: write_csv(brief, path),
    "png": _png,
}
"""By the ending of the file's name; the picture is that of the map."""
