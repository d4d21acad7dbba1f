"""How the incidents of an area went on, from one picture of the data."""

from __future__ import annotations

from dashboard.album import Album
from dashboard.areas import Areas
from dashboard.filters import Filters
from dashboard.handling.answers import Handling
from dashboard.handling.groups import Asked
from dashboard.handling.summing import handled
from dashboard.tally import Tally
from geo.hierarchy import COUNTY


def read_handling(album: Album, tally: Tally, query: str, filters: Filters) -> Handling:
    """Read and sum what became of an area's incidents.

    Args:
        album: where groups are read, unless they are in memory.
        tally: the area, in its picture.
        query: see ``Asked``.
        filters: which incidents, over days that have data.
    """
    picture, areas = tally.picture, Areas(tally.picture)
    slot = areas.child_slot(tally.row)
    # As a tally counts: above the county by county, and by the finest area known below it.
    wide = int(picture.lineage.slots[tally.row]) < COUNTY
    asked = Asked(
        query,
        filters,
        as_of=picture.as_of or picture.revisions.changed_at,
        zone=picture.basics.hierarchy.time_zone,
        by_area=not wide or slot is None or slot > COUNTY,
    )
    return handled(album.handled(picture, tally.counties, asked), tally.row, slot, areas)
