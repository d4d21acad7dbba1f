-- Each source of incidents in scope: when it was last loaded, and its last day with an incident.
SELECT source, max(finished_at) AS loaded_at, max(last_day) AS last_day, count(*) AS batches,
       sum(rows_loaded) AS rows_loaded
FROM batch
WHERE kind = 'incident' AND finished_at IS NOT NULL AND undone_at IS NULL
GROUP BY source
ORDER BY source
