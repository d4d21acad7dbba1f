"""Which CRS fits, where the file says in which areas its incidents lie and those are loaded."""

import numpy as np
import pandas as pd

from etl.fitting import fit_points
from etl.places import Places
from etl.profiles import Incidents
from etl.texts import as_number, as_text
from geo.crs import STORED_CRS

_FEWEST = 20


def describe_fit(frame: pd.DataFrame, rules: Incidents, places: Places) -> str | None:
    """Say in which CRS the points lie in the areas recorded for them.

    It is said, not decided: which system a file is in is stated by whoever knows it.

    Args:
        frame: the first rows of the file.
        rules: which columns are coordinates and recorded codes.
        places: the areas that are loaded.

    Returns:
        A sentence with figures; None where there are no such codes or no degrees.
    """
    if rules.recorded is None or rules.lon is None or rules.lat is None:
        return None
    rows = pd.Series(np.arange(len(places.frame)), index=places.frame["code"])
    at = as_text(frame[rules.recorded.column]).map(rows)
    lon = as_number(frame[rules.lon], rules.decimal)
    lat = as_number(frame[rules.lat], rules.decimal)
    good = (at.notna() & lon.abs().le(180) & lat.abs().le(180)).to_numpy(bool)
    if good.sum() < _FEWEST:
        return None
    shapes = places.shapes[at[good].to_numpy(np.int64)]
    found = fit_points(lon[good].to_numpy(), lat[good].to_numpy(), shapes, STORED_CRS)
    return None if found is None else f"{found.describe()} (read as WGS 84: as is)"
