-- End what a login has open, of this database and of others.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :login
