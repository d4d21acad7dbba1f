-- Into quarantine.
INSERT INTO reject (batch_id, row, reason, raw)
SELECT batch_id, row, reason, raw FROM pg_temp.staged_reject;
