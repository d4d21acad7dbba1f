-- An attempt that was never looked at does not count.
DELETE FROM failed_log_in
WHERE ctid = (SELECT ctid FROM failed_log_in WHERE login_sha256 = :login AND address = :address
              ORDER BY at DESC LIMIT 1);
