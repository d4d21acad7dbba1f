-- Whoever undoes a batch makes others wait who want to.
SELECT batch_id FROM batch WHERE batch_id = :batch_id FOR UPDATE;
