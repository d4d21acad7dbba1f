-- Refused rows of a batch, in the order of the file.
SELECT row, reason, raw FROM reject WHERE batch_id = :batch_id ORDER BY row;
