"""Reference tables, areas, incidents with rollups, planning, functions and policies.

Revision ID: 0001
"""

from alembic import op

from geo.migrations.scripts import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything in the schema gridboard, owned by gridboard_owner."""
    for part in ("reference", "area", "incident", "planning", "functions", "policies"):
        run_script(op.get_bind(), f"0001_{part}.sql")
