-- Former versions go; the new ones may belong to another county or year. Staged rows that change
-- nothing, second rows of one incident within this load and rows of others' incidents go as well.
DELETE FROM incident
USING pg_temp.matched_incident AS old
WHERE incident.county_code = old.county_code AND incident.source = old.source
  AND incident.incident_id = old.incident_id AND incident.occurred_on = old.occurred_on
  AND NOT old.same AND NOT old.repeated AND NOT old."foreign";
DELETE FROM pg_temp.staged_incident AS staged
USING pg_temp.matched_incident AS old
WHERE staged.row = old.row AND (old.same OR old.repeated OR old."foreign");
