-- The schema comes with the dump; one that is not empty stays and ends the restoring.
DROP SCHEMA IF EXISTS gridboard;
