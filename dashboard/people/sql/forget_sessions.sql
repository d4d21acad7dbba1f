-- Sessions of an account that ended so long ago that throttling no longer asks where they came from.
DELETE FROM session
WHERE account_id = :account_id AND least(ended_at, expires_at) < now() - interval '400 days';
