"""Defects, and what cleaning did, as tables in the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from etl.console import say
from geo.defects import Defect, count_kinds

SHOWN = 20
"""Rows of a table; all defects are in the file that ``--out`` writes."""


def show_defects(defects: Sequence[Defect], forbidding: Sequence[Defect]) -> None:
    """Print the worst defects and the totals by kind; those that forbid a load are marked."""
    if not defects:
        say("No defects")
        return
    marked = {id(defect) for defect in forbidding}
    table = Table(box=None, header_style="bold")
    table.add_column("")
    for name in ("kind", "codes"):
        table.add_column(name)
    for name in ("m²", "lon", "lat"):
        table.add_column(name, justify="right")
    table.add_column("note")
    for defect in sorted(defects, key=lambda defect: id(defect) not in marked)[:SHOWN]:
        lon, lat = (f"{value:.6f}" for value in defect.place) if defect.place else ("", "")
        table.add_row(
            "✗" if id(defect) in marked else "",
            str(defect.kind),
            escape(", ".join(defect.codes[:4])),
            f"{defect.area_m2:,.1f}" if defect.area_m2 else "",
            lon,
            lat,
            escape(defect.note),
        )
    console = Console(highlight=False)
    console.print(table)
    if len(defects) > SHOWN:
        say(f"… and {len(defects) - SHOWN:,} more")
    _show_totals(defects, forbidding)


def _show_totals(defects: Sequence[Defect], forbidding: Sequence[Defect]) -> None:
    """Print how many there are of each kind, and how many of them forbid a load."""
    forbidden = count_kinds(forbidding)
    table = Table(box=None, header_style="bold")
    for name in ("defects", "above tolerance", "m² in all"):
        table.add_column(name, justify="right")
    table.add_column("kind")
    for kind, entry in count_kinds(defects).items():
        above = forbidden.get(kind, {"count": 0})["count"]
        table.add_row(f"{entry['count']:,}", f"{above:,}", f"{entry['area_m2']:,.1f}", kind)
    Console(highlight=False).print(table)


def show_cleaning(account: Mapping[str, Any]) -> None:
    """Print what cleaning did: who lost and gained how much, and who got gaps and overlaps."""
    say(
        f"Cleaned up to {account['width_m']:g} m: {account['areas_changed']:,} areas changed,"
        f" {account['lost_m2']:,.1f} m² lost, {account['gained_m2']:,.1f} m² gained,"
        f" no vertex moved by more than {account['moved_most_m']:g} m"
    )
    table = Table(box=None, header_style="bold")
    table.add_column("code")
    for name in ("m² lost", "m² gained", "moved m"):
        table.add_column(name, justify="right")
    changes = sorted(account["changes"], key=lambda row: -row["lost_m2"] - row["gained_m2"])
    for row in changes[:SHOWN]:
        figures = (row["lost_m2"], row["gained_m2"], row["moved_m"])
        table.add_row(row["code"], *(f"{value:,.2f}" for value in figures))
    if changes:
        Console(highlight=False).print(table)
    for item in account["handovers"][:SHOWN]:
        between = ", ".join(item["codes"])
        say(f"{item['kind']} between {between}: {item['area_m2']:,.1f} m² to {item['to']}")
    for slot, why in account["left_alone"].items():
        say(f"level {slot} was left as it is: {why}")


def show_details(details: Mapping[str, Any]) -> None:
    """Print what else there is to say about a load of areas."""
    if "cleaned" in details:
        show_cleaning(details["cleaned"])
    for kind, entry in details.get("defects", {}).items():
        say(f"{entry['count']:,} × {kind}, {entry['area_m2']:,.1f} m² in all: below the tolerance")
    if "crs" in details:
        say(f"CRS: {details['crs']}")
    if rows := details.get("crosswalk", {}).get("rows"):
        areas = details["crosswalk"]["areas"]
        say(f"Crosswalk: {areas:,} former areas spread over others in {rows:,} rows")
