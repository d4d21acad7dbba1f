-- One moment for everything that is read, however long that takes.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET LOCAL statement_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL extra_float_digits = 1;
SET LOCAL intervalstyle = 'postgres';
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL bytea_output = 'hex';
