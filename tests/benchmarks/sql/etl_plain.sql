-- The file's columns, in a table without keys, indexes or checks.
DROP TABLE IF EXISTS bench_plain;
CREATE TABLE bench_plain (
    incident_id text, occurred_at timestamptz, received_at timestamptz, category text,
    channel text, status text, scale text, deadline timestamptz, resolved_at timestamptz,
    method text, organisation text, people integer, lon double precision, lat double precision
);
