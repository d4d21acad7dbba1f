-- End the sessions in scopes that their account has no more: they must not come back with the scope.
UPDATE session SET ended_at = now(), ended_by = :ended_by
FROM account
WHERE account.account_id = :account_id AND session.account_id = account.account_id
  AND ended_at IS NULL
  AND NOT EXISTS (SELECT FROM unnest(scope_slots, scope_codes) AS own (slot, code)
                  WHERE own.slot = session.scope_slot AND own.code = session.scope_code);
