-- Which staged rows are there already, and how.
SELECT row, same, repeated FROM pg_temp.matched_incident;
