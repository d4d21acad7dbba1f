-- Keep nothing of what turned out to differ from the backup.
DROP SCHEMA IF EXISTS gridboard CASCADE;
