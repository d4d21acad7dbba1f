"""Ready accounts of the demo: some of every role, in an area of every level."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from dashboard.people.statements import run

PREFERRED = ("620000", "620100", "620102", "620102001")
"""Where they work if the demo has it: the capital, and the district in its middle."""

_TITLES = {
    "wall": "大屏",
    "leader": "负责人",
    "planner": "规划员",
    "approver": "审批人",
    "operator": "数据员",
    "admin": "管理员",
}


class Ready(NamedTuple):
    """An account of the demo: its login, its role, and the levels of its areas."""

    login: str
    role: str
    slots: tuple[int, ...]


READY = (
    Ready("demo-wall", "wall", (0,)),
    Ready("demo-leader", "leader", (0,)),
    Ready("demo-city-leader", "leader", (1, 2)),
    Ready("demo-county-leader", "leader", (2,)),
    Ready("demo-township-leader", "leader", (3,)),
    Ready("demo-planner", "planner", (2,)),
    Ready("demo-approver", "approver", (0,)),
    Ready("demo-operator", "operator", (0,)),
    Ready("demo-county-operator", "operator", (2,)),
    Ready("demo-admin", "admin", (0,)),
    Ready("demo-county-admin", "admin", (2,)),
)


def ensure_demo_accounts(connection: Connection) -> int:
    """Make the ready accounts that are not there, of the areas that are.

    Args:
        connection: as the owner (``geo.database.administering``); nobody else may.

    Returns:
        How many were made.
    """
    areas = {row.level: row for row in run(connection, "demo_areas", {"preferred": [*PREFERRED]})}
    made = 0
    for ready in READY:
        slots = [slot for slot in ready.slots if slot in areas]
        if not slots:
            continue
        values = {
            "login": ready.login,
            "name": f"{areas[slots[0]].name} {_TITLES[ready.role]}",
            "role": ready.role,
            "slots": slots,
            "codes": [areas[slot].code for slot in slots],
        }
        made += run(connection, "insert_demo_account", values).rowcount
    return made
