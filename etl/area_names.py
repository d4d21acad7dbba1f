"""Characters no name of an area may have: those that hide, or turn the text around them."""

import re
import unicodedata

import geopandas as gpd

from geo.defects import Defect, Kind

NAMES = ("name", "name_en", "kind")
"""The columns whose text is shown."""

_SHOWN = 20
"""Letters before the character that a note quotes."""

# Control characters, line and paragraph separators, halves of pairs, and the signs that embed,
# override or isolate a direction of writing. Joiners, marks and private letters stay: names of
# places in Mongolian, Uyghur and rare Chinese characters have them.
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def find_unfit_names(areas: gpd.GeoDataFrame, slot: int) -> list[Defect]:
    """Find names that would garble whatever shows them.

    Args:
        areas: one row a feature of the file, in its order: code, the columns ``NAMES``,
            geometry, EPSG:4326.
        slot: their level.

    Returns:
        One defect a text: its row, the character, where it stands, and what to do.
    """
    found: list[Defect] = []
    for column in NAMES:
        texts = areas[column]
        unfit = texts.str.contains(_UNFIT, na=False) if texts.notna().any() else texts.notna()
        for row in unfit.to_numpy(bool).nonzero()[0].tolist():
            code = areas["code"].iloc[row]
            codes = (code,) if isinstance(code, str) else ()
            note = f"row {row + 1}: {column} {_first_unfit(str(texts.iloc[row]))}"
            shape = areas.geometry.iloc[row]
            found.append(Defect(Kind.CHARACTER, codes, 0.0, shape, note, slot))
    return found


def _first_unfit(text: str) -> str:
    """Name the first unfit character of a text, where it stands, and the way out."""
    before = _UNFIT.split(text, maxsplit=1)[0]
    letter = text[len(before)]
    name = unicodedata.name(letter, "a control character")
    where = f"after {before[-_SHOWN:]!r}" if before else "at the beginning"
    return f"has U+{ord(letter):04X} ({name}) {where}: take it out of the file"
