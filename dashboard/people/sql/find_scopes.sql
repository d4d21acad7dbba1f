-- The areas in force that codes name and that can be a scope, of those in sight.
SELECT code, level FROM area
WHERE valid_to IS NULL AND level <= 3 AND code = ANY (CAST(:codes AS text[]));
