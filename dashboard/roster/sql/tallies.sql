-- How many accounts in scope there are of each role and state.
SELECT role,
       CASE WHEN disabled_at IS NOT NULL THEN 'disabled'
            WHEN subject IS NULL AND NOT is_demo AND credential.account_id IS NULL THEN 'invited'
            ELSE 'active' END AS state,
       count(*) AS accounts
FROM account
LEFT JOIN credential USING (account_id)
GROUP BY 1, 2
