-- The first refused rows of a batch in scope, by their number in the file.
SELECT row, reason, raw FROM reject WHERE batch_id = :batch_id ORDER BY row LIMIT :most
