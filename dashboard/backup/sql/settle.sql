-- What must not come back with a backup: sessions and one-time links, some of which were ended
-- after it was made; jobs, which somebody may have called off since, or whose files are gone; and
-- numbers of versions that browsers may since have seen for other data.
UPDATE gridboard.session SET ended_at = now(), ended_by = 'restore' WHERE ended_at IS NULL;
UPDATE gridboard.invitation SET expires_at = now() WHERE used_at IS NULL AND expires_at > now();
UPDATE gridboard.job SET state = 'cancelled', finished_at = now()
WHERE state IN ('waiting', 'running');
UPDATE gridboard.revision
SET number = greatest(number + 1, extract(epoch FROM now())::bigint), changed_at = now();
