-- A page of the accounts in scope that match, with the number of all that do.
WITH known AS (
    SELECT account.account_id, account.login, account.name, account.role, account.scope_codes,
           account.disabled_at, account.subject, account.is_demo, account.created_at,
           account.created_by, credential.changed_at AS password_at, seen.at AS seen_at,
           coalesce(seen.open, 0) AS sessions, invited.expires_at AS invited_until,
           CASE WHEN account.disabled_at IS NOT NULL THEN 'disabled'
                WHEN account.subject IS NULL AND NOT account.is_demo
                     AND credential.account_id IS NULL THEN 'invited'
                ELSE 'active' END AS state
    FROM account
    LEFT JOIN credential USING (account_id)
    LEFT JOIN LATERAL (
        SELECT max(seen_at) AS at, count(*) FILTER (WHERE
                   ended_at IS NULL AND expires_at > now()
                   AND (idle_s IS NULL OR seen_at + make_interval(secs => idle_s) > now())) AS open
        FROM session WHERE session.account_id = account.account_id
    ) AS seen ON true
    LEFT JOIN LATERAL (
        SELECT max(expires_at) AS expires_at
        FROM invitation
        WHERE invitation.account_id = account.account_id AND used_at IS NULL
    ) AS invited ON true
)
SELECT known.*, count(*) OVER () AS matching, now() AS read_at
FROM known
WHERE account_id = coalesce(CAST(:account_id AS bigint), account_id)
  AND role = coalesce(CAST(:role AS text), role)
  AND state = coalesce(CAST(:state AS text), state)
  AND (:wanted = '' OR position(:wanted IN lower(login)) > 0 OR position(:wanted IN lower(name)) > 0
       OR :wanted = ANY (scope_codes) OR EXISTS (
           SELECT FROM area
           WHERE area.code = ANY (scope_codes) AND area.valid_to IS NULL
             AND (position(:wanted IN lower(area.name)) > 0
                  OR position(:wanted IN lower(area.name_en)) > 0)))
ORDER BY CASE :sort WHEN 'name' THEN name WHEN 'role' THEN role WHEN 'state' THEN state END,
         CASE :sort WHEN 'seen' THEN seen_at END DESC NULLS LAST,
         login
LIMIT :most OFFSET :skip
