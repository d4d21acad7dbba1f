-- Which staged rows are there already, and how.
SELECT row, same, repeated, "foreign" FROM pg_temp.matched_incident;
