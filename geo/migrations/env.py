"""Alembic's entry point: runs the revisions on the connection that geo.database.migrate opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema="gridboard",
    target_metadata=None,
)
with context.begin_transaction():
    context.run_migrations()
