-- The next version of one kind of data.
UPDATE revision SET number = number + 1, changed_at = now()
WHERE kind = :kind
RETURNING number;
