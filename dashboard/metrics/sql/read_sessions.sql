-- Sessions neither ended nor past their time, by role of their account.
SELECT 'session' AS name, role AS label, count(*) AS value
FROM session
JOIN account USING (account_id)
WHERE ended_at IS NULL AND expires_at > now() AND disabled_at IS NULL
    AND (idle_s IS NULL OR seen_at + make_interval(secs => idle_s) > now())
GROUP BY role;
