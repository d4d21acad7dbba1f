-- Which staged rows are there already, and how.
SELECT row, same, same_batch FROM pg_temp.matched_incident;
