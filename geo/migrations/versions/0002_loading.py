"""Loading that can be undone, jobs, uploads, the gazetteer and the division list.

Revision ID: 0002
"""

from alembic import op

from geo.migrations.scripts import run_script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add to the schema gridboard what loads need."""
    run_script(op.get_bind(), "0002_loading.sql")
