-- A restored table has no statistics until somebody counts.
SELECT gridboard.refresh_statistics();
