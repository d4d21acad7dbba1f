-- What every page must say about these data.
UPDATE hierarchy SET notes = notes || CAST(:notes AS jsonb)
WHERE NOT notes @> CAST(:notes AS jsonb);
