"""Incidents by the hour of the day in the blocks of counties, and campaigns that may be corrected.

Revision ID: 0006
"""

from alembic import op

from geo.migrations.scripts import run_script

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count the incidents of each county by hour, and let open campaigns be changed."""
    connection = op.get_bind()
    run_script(connection, "0006_hours.sql")
    run_script(connection, "0006_campaign_changes.sql")
