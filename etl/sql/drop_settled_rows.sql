-- Staged rows that change nothing, and second rows of one incident within this load.
DELETE FROM pg_temp.staged_incident AS staged
USING pg_temp.matched_incident AS old
WHERE staged.row = old.row AND (old.same OR old.same_batch);
