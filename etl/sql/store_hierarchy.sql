-- The database's hierarchy; if it is there already, its wording is brought up to date.
INSERT INTO hierarchy (root_code, profile, time_zone, measuring_crs)
SELECT :root_code, CAST(:profile AS jsonb), :time_zone, :measuring_crs
WHERE NOT EXISTS (SELECT FROM hierarchy);
UPDATE hierarchy
SET profile = CAST(:profile AS jsonb)
WHERE root_code = :root_code AND profile ->> 'key' = CAST(:profile AS jsonb) ->> 'key'
  AND time_zone = :time_zone AND measuring_crs = :measuring_crs
  AND profile <> CAST(:profile AS jsonb);
