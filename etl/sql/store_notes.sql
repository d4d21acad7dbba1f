-- What every page must say about these data.
UPDATE hierarchy SET notes = CAST(:notes AS jsonb) WHERE notes <> CAST(:notes AS jsonb);
