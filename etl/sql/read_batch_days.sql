-- The local days of the incidents a batch wrote; null for batches that did not note them.
SELECT first_day, last_day FROM batch WHERE batch_id = :batch_id;
