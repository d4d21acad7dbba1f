-- Incidents of an area in [since, until), by status.
SELECT status, count(*)
FROM incident
WHERE <place> AND occurred_on >= :since AND occurred_on < :until
    AND (CAST(:categories AS smallint[]) IS NULL OR category = ANY (:categories))
    AND (CAST(:channels AS smallint[]) IS NULL OR channel = ANY (:channels))
    AND (CAST(:statuses AS smallint[]) IS NULL OR status = ANY (:statuses))
GROUP BY status
