-- What a loader needs to be trusted: who sees the place of an incident how well, what a batch
-- replaced, all that was refused, jobs given by the data page, the gazetteer and the division list.

-- How sure the geocoder was; null where the file itself stated the coordinates.
ALTER TABLE incident ADD COLUMN score real CHECK (score BETWEEN 0 AND 1);

-- Few are known to an area only; maps ask how many.
CREATE INDEX incident_without_point ON incident (county_code) WHERE geom IS NULL;

-- What a batch put aside when it corrected an incident, so that the batch can be undone.
CREATE TABLE former_incident (
    LIKE incident INCLUDING CONSTRAINTS,
    replaced_by bigint NOT NULL,
    PRIMARY KEY (county_code, source, incident_id, occurred_on, replaced_by)
);
CREATE INDEX former_incident_replaced_by ON former_incident (replaced_by);
CREATE INDEX former_incident_batch ON former_incident (batch_id);

ALTER TABLE batch
    ADD COLUMN profile text,
    ADD COLUMN author text,
    -- The local days of the incidents it wrote: where to look for them again.
    ADD COLUMN first_day date,
    ADD COLUMN last_day date,
    ADD COLUMN undone_at timestamptz,
    ADD COLUMN undone_by text;
CREATE INDEX batch_source ON batch (source, finished_at);

-- What the data page asks a worker to do. A worker takes the oldest that waits.
CREATE TABLE job (
    job_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_code text NOT NULL,
    author text NOT NULL,
    -- A cancel names the job in its request: nobody but the worker changes a job.
    kind text NOT NULL CHECK (kind IN ('draft', 'check', 'load', 'undo', 'cancel')),
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'refused', 'failed', 'cancelled')),
    request jsonb NOT NULL,
    progress jsonb NOT NULL DEFAULT '{}',
    result jsonb,
    batch_id bigint,
    asked_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    -- A running job whose worker no longer says so is taken up again.
    seen_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX job_waiting ON job (job_id) WHERE state IN ('waiting', 'running');

-- Files that were uploaded; their content lies in the state folder under the number alone.
CREATE TABLE upload (
    upload_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_code text NOT NULL,
    author text NOT NULL,
    file_name text NOT NULL,
    bytes bigint NOT NULL CHECK (bytes >= 0),
    file_sha256 text NOT NULL,
    uploaded_at timestamptz NOT NULL DEFAULT now()
);

-- Places known by name: for addresses without coordinates. Never a dwelling, never a person.
CREATE TABLE gazetteer (
    gazetteer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    kind text,
    city_code text NOT NULL,
    county_code text NOT NULL,
    township_code text NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    batch_id bigint
);
CREATE INDEX gazetteer_name ON gazetteer USING gin (name gin_trgm_ops);
CREATE INDEX gazetteer_in_county ON gazetteer (county_code);
CREATE INDEX gazetteer_in_city ON gazetteer (city_code);
CREATE INDEX gazetteer_in_township ON gazetteer (township_code);

-- The official list of division codes; abolished codes live on in old records.
CREATE TABLE division (
    code text NOT NULL,
    name text NOT NULL,
    level smallint CHECK (level BETWEEN 0 AND 5),
    valid_from date NOT NULL DEFAULT '-infinity',
    valid_to date,
    PRIMARY KEY (code, valid_from),
    CHECK (valid_to > valid_from)
);

GRANT SELECT ON former_incident, job, upload, gazetteer, division
    TO gridboard_province, gridboard_city, gridboard_county, gridboard_township;
GRANT SELECT, INSERT, UPDATE, DELETE
    ON former_incident, job, upload, gazetteer, division, crosswalk TO gridboard_loader;

DO $$
DECLARE
    place text;
    kind text;
BEGIN
    FOREACH place IN ARRAY ARRAY['former_incident', 'gazetteer'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('CREATE POLICY province_reads ON %I FOR SELECT TO gridboard_province'
            ' USING (true)', place);
        FOREACH kind IN ARRAY ARRAY['city', 'county', 'township'] LOOP
            EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO %I'
                ' USING (%I = (SELECT current_setting(''gridboard.scope'')))',
                kind || '_reads', place, 'gridboard_' || kind, kind || '_code');
        END LOOP;
    END LOOP;

    -- Asked for by operators within their own scope; the role is set by a writing transaction.
    FOREACH place IN ARRAY ARRAY['job', 'upload'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('GRANT INSERT ON %I TO gridboard_province, gridboard_city,'
            ' gridboard_county, gridboard_township', place);
        EXECUTE format('CREATE POLICY province_reads ON %I FOR SELECT TO gridboard_province'
            ' USING (true)', place);
        EXECUTE format('CREATE POLICY scope_reads ON %I FOR SELECT'
            ' TO gridboard_city, gridboard_county, gridboard_township'
            ' USING (scope_code = (SELECT current_setting(''gridboard.scope'')))', place);
        EXECUTE format('CREATE POLICY operator_asks ON %I FOR INSERT'
            ' TO gridboard_province, gridboard_city, gridboard_county, gridboard_township'
            ' WITH CHECK (scope_code = (SELECT current_setting(''gridboard.scope''))'
            ' AND (SELECT current_setting(''gridboard.role'', true)) IN (''operator'', ''admin''))',
            place);
    END LOOP;

    FOREACH place IN ARRAY ARRAY['former_incident', 'job', 'upload', 'gazetteer', 'division',
                                 'crosswalk'] LOOP
        EXECUTE format('CREATE POLICY loader_writes ON %I FOR ALL TO gridboard_loader'
            ' USING (true) WITH CHECK (true)', place);
    END LOOP;
END
$$;

ALTER TABLE division ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_read ON division FOR SELECT
    TO gridboard_province, gridboard_city, gridboard_county, gridboard_township USING (true);

-- After a large load of incidents: what it outdated, and only the columns that are searched by.
-- The outlines of the areas alone take as long to sample as all of this.
CREATE FUNCTION refresh_incident_statistics(changed bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gridboard, public, pg_temp
SET default_statistics_target = 30 AS $$
BEGIN
    -- What changes less than a tenth changes no plan before autovacuum has come by.
    IF changed < 0.1 * (SELECT sum(greatest(reltuples, 0)) FROM pg_class
                        JOIN pg_inherits ON inhrelid = pg_class.oid
                        WHERE inhparent = 'gridboard.incident'::regclass) THEN
        RETURN;
    END IF;
    -- Never waits: whoever holds the lock attaches a year and would wait for our rollups in turn.
    ANALYZE (SKIP_LOCKED) gridboard.incident (occurred_on, county_code, source, incident_id, city_code,
            township_code, village_code, cell_code, cell_id, batch_id, category, channel, status,
            scale, deadline, resolved_at),
        gridboard.rollup_cell (county_code, township_code, month, city_code, revision),
        gridboard.rollup_county (county_code, month, city_code, revision);
END
$$;
REVOKE ALL ON FUNCTION refresh_incident_statistics(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_incident_statistics(bigint) TO gridboard_loader;
