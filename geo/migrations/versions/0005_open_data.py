"""Views that a GIS opens, and logins for one whose scope no setting changes.

Revision ID: 0005
"""

from alembic import op

from geo.migrations.scripts import run_script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema gridboard what a GIS reads."""
    run_script(op.get_bind(), "0005_open_data.sql")
