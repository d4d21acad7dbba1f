"""The fields of the profile's form, in groups, with their choices."""

from __future__ import annotations

from typing import Any

from dashboard.components.data.words import field_name
from dashboard.text import Text

_ZONES = ("Asia/Shanghai", "Asia/Urumqi", "UTC", "America/Chicago")


def groups(_: Text) -> list[dict[str, Any]]:
    """Describe the form: groups of fields, each with name, label and kind of control."""
    return [
        {
            "label": _("Where"),
            "fields": [
                _choice("crs", _systems(_), _),
                _column("lon", _),
                _column("lat", _),
                _column("address", _),
            ],
        },
        {
            "label": _("When"),
            "fields": [
                _column("occurred_at", _),
                _format("occurred_at", _),
                _choice("time_zone", {zone: zone for zone in _ZONES}, _),
                _column("received_at", _),
                _column("deadline", _),
                _column("resolved_at", _),
            ],
        },
        {
            "label": _("What"),
            "fields": [_column(name, _) for name in ("category", "channel", "status", "scale")],
        },
        {
            "label": _("Which"),
            "fields": [
                {
                    "name": "source",
                    "label": field_name("source", _),
                    "kind": "text",
                    "hint": _("such as hotline-12345"),
                    "note": _(
                        "The same for every file of this sender: an incident is known by source and"
                        " identifier, so under another source it would come twice."
                    ),
                },
                {"name": "incident_id", "label": field_name("incident_id", _), "kind": "columns"},
                {"name": "leave_out", "label": field_name("leave_out", _), "kind": "columns"},
            ],
        },
    ]


def _column(name: str, _: Text) -> dict[str, Any]:
    return {"name": name, "label": field_name(name, _), "kind": "column"}


def _choice(name: str, options: dict[str, str], _: Text) -> dict[str, Any]:
    listed = [{"value": value, "label": label} for value, label in options.items()]
    return {"name": name, "label": field_name(name, _), "kind": "choice", "options": listed}


def _format(name: str, _: Text) -> dict[str, Any]:
    hint = _("empty: ISO 8601; else such as %Y/%m/%d %H:%M")
    return {"name": f"{name}.format", "label": _("Form of the time"), "kind": "text", "hint": hint}


def _systems(_: Text) -> dict[str, str]:
    return {
        "EPSG:4490": _("CGCS2000 (official data)"),
        "EPSG:4326": _("WGS 84 (GPS)"),
        "GCJ-02": _("GCJ-02 (Amap, Tencent)"),
        "BD-09": _("BD-09 (Baidu)"),
        "EPSG:4534": _("CGCS2000 Gauss-Krüger, 102° E"),
        "EPSG:4535": _("CGCS2000 Gauss-Krüger, 105° E"),
    }
