-- The hash of a password, which nobody changes or takes away until this transaction has ended.
SELECT password_hash FROM credential WHERE account_id = :account_id FOR SHARE;
