"""The schema's history: Alembic revisions that run SQL files, applied by geo.database.migrate."""
