-- Where refused rows are copied to: COPY does not write into tables under row-level security.
DROP TABLE IF EXISTS pg_temp.staged_reject;
CREATE TEMPORARY TABLE staged_reject (LIKE reject) ON COMMIT DROP;
