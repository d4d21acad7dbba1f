-- The revision the schema is at.
SELECT version_num FROM gridboard.alembic_version;
