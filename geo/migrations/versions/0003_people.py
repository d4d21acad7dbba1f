"""Accounts with scopes, credentials, sessions, one-time links, and an audit log to append to.

Revision ID: 0003
"""

from alembic import op

from geo.migrations.scripts import run_script

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema gridboard what accounts need."""
    run_script(op.get_bind(), "0003_people.sql")
