-- An attempt counts as failed until it has succeeded; what is older than a day counts no more.
WITH old AS (DELETE FROM failed_log_in WHERE at < now() - interval '1 day')
INSERT INTO failed_log_in (login_sha256, address) VALUES (:login, :address);
