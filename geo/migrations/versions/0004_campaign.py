"""Campaigns: named periods and areas, compared with what happened outside them.

Revision ID: 0004
"""

from alembic import op

from geo.migrations.scripts import run_script

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema gridboard what campaigns need."""
    run_script(op.get_bind(), "0004_campaign.sql")
