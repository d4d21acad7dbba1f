-- A session did something of itself; written once a minute at most, whoever asks at the same time.
UPDATE session SET seen_at = now()
WHERE session_id = %(session_id)s AND ended_at IS NULL AND seen_at < now() - interval '1 minute'
