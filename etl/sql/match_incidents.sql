-- Staged rows whose incident is there already, wherever it was: with its former keys, whether it
-- is the same in every respect, whether this very load has met it before, and whether it lies
-- outside the area that this load may write.
-- The planner must know first whether a chunk has ten rows or all of them.
ANALYZE pg_temp.staged_incident (row, incident_id);
DROP TABLE IF EXISTS pg_temp.matched_incident;
CREATE TEMPORARY TABLE matched_incident ON COMMIT DROP AS
SELECT staged.row, old.county_code, old.source, old.incident_id, old.occurred_on,
    old.occurred_at, old.city_code, old.township_code, old.cell_id, old.category, old.channel, old.status,
    staged.again OR old.batch_id = :batch_id AS repeated,
    CAST(:scope_code AS text) IS NOT NULL
    AND (:scope_code = ANY (ARRAY[old.city_code, old.county_code, old.township_code,
                                  old.village_code, old.cell_code])) IS NOT TRUE AS "foreign",
    (staged.occurred_at, staged.received_at, staged.deadline, staged.resolved_at,
     staged.occurred_on, staged.cell_id, staged.people, staged.category, staged.channel,
     staged.status, staged.scale, staged.precision, staged.county_code, staged.city_code,
     staged.township_code, staged.village_code, staged.cell_code, staged.method,
     staged.organisation, staged.geom, staged.score)
    IS NOT DISTINCT FROM
    (old.occurred_at, old.received_at, old.deadline, old.resolved_at,
     old.occurred_on, old.cell_id, old.people, old.category, old.channel,
     old.status, old.scale, old.precision, old.county_code, old.city_code,
     old.township_code, old.village_code, old.cell_code, old.method,
     old.organisation, old.geom, old.score) AS same
FROM pg_temp.staged_incident AS staged
JOIN incident AS old ON old.source = :source AND old.incident_id = staged.incident_id;
