-- Links made before open nothing any more.
UPDATE invitation SET used_at = now() WHERE account_id = :account_id AND used_at IS NULL;
