-- What our load leaves besides: the same indexes, and counts by cell and by county.
ALTER TABLE bench_assigned ADD PRIMARY KEY (incident_id);
CREATE INDEX ON bench_assigned (county_code, occurred_on);
CREATE INDEX ON bench_assigned (county_code, incident_id, occurred_on);
CREATE INDEX ON bench_assigned (county_code, deadline)
    WHERE resolved_at IS NULL AND status = 'open';
CREATE TABLE bench_by_cell AS
SELECT area_id, occurred_on, category, channel, status, count(*) AS n
FROM bench_assigned GROUP BY area_id, occurred_on, category, channel, status;
CREATE TABLE bench_by_county AS
SELECT county_code, occurred_on, category, channel, status, count(*) AS n
FROM bench_assigned GROUP BY county_code, occurred_on, category, channel, status;
