"""Options of the commands that check and load boundaries."""

from datetime import datetime
from typing import Annotated

import typer

FirstDay = Annotated[
    datetime | None,
    typer.Option(
        "--valid-from",
        formats=["%Y-%m-%d"],
        help="First day of this edition; today by default, never in the future.",
    ),
]

AreaCrs = Annotated[
    str | None,
    typer.Option(
        "--crs", help="CRS of the files, where they state none: EPSG:4547, GCJ-02, BD-09 …"
    ),
]

CleanWidth = Annotated[
    float | None,
    typer.Option(
        "--clean",
        metavar="METRES",
        help="Clean overlaps and gaps up to this width first, and say what moved.",
    ),
]

Tolerance = Annotated[
    float | None,
    typer.Option(
        "--tolerance-m2",
        min=0,
        help="Put up with overlaps, gaps and the like up to this size each; 10 by default.",
    ),
]
