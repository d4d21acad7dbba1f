-- The big tables: incidents and their rollup blocks, and where incidents came from.
-- To keep a distributed PostgreSQL possible, county_code is in every key of the big tables, and
-- they have neither triggers nor foreign keys.

CREATE TABLE incident (
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    deadline timestamptz,
    resolved_at timestamptz,
    batch_id bigint NOT NULL,
    -- The day in the hierarchy's time zone.
    occurred_on date NOT NULL,
    -- area_id of the cell in force on that day, or of the finest area that is known.
    cell_id integer NOT NULL,
    people integer CHECK (people >= 0),
    category smallint NOT NULL CHECK (category BETWEEN 0 AND 255),
    channel smallint NOT NULL CHECK (channel BETWEEN 0 AND 255),
    status smallint NOT NULL CHECK (status BETWEEN 0 AND 255),
    scale smallint CHECK (scale BETWEEN 0 AND 255),
    -- How well the place is known: the slot of the finest area, 5 for a point in a cell.
    precision smallint NOT NULL CHECK (precision BETWEEN 0 AND 5),
    county_code text NOT NULL,
    source text NOT NULL,
    incident_id text NOT NULL,
    city_code text NOT NULL,
    township_code text NOT NULL,
    village_code text,
    cell_code text,
    method text,
    organisation text,
    geom geometry(Point, 4326),
    PRIMARY KEY (county_code, source, incident_id, occurred_on)
) PARTITION BY RANGE (occurred_on);
CREATE INDEX incident_in_county ON incident (county_code, occurred_on);
-- Finds an incident whose place or day was corrected by a later file.
CREATE INDEX incident_identity ON incident (source, incident_id);
CREATE INDEX incident_overdue ON incident (county_code, deadline)
    WHERE resolved_at IS NULL AND status = 1;

-- One month of a township: 12-byte entries (geo.blocks.CELL_ENTRY), sorted, with unique keys.
-- A place without townships uses its county_code as township_code.
CREATE TABLE rollup_cell (
    county_code text NOT NULL,
    township_code text NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    city_code text NOT NULL,
    entries bytea NOT NULL CHECK (length(entries) % 12 = 0),
    -- The incident revision that last touched any incident counted here.
    revision bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (county_code, township_code, month)
);
-- Blocks are read whole, and packing them again would only cost time.
ALTER TABLE rollup_cell ALTER COLUMN entries SET STORAGE EXTERNAL;
CREATE INDEX rollup_cell_in_city ON rollup_cell (city_code, month);
CREATE INDEX rollup_cell_in_township ON rollup_cell (township_code, month);

-- One month of a county: 8-byte entries (geo.blocks.DAY_ENTRY) by day, and without the day.
CREATE TABLE rollup_county (
    county_code text NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    city_code text NOT NULL,
    days bytea NOT NULL CHECK (length(days) % 8 = 0),
    totals bytea NOT NULL CHECK (length(totals) % 8 = 0),
    -- As in rollup_cell; raised also where every count stayed the same.
    revision bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (county_code, month)
);
ALTER TABLE rollup_county ALTER COLUMN days SET STORAGE EXTERNAL;
ALTER TABLE rollup_county ALTER COLUMN totals SET STORAGE EXTERNAL;
CREATE INDEX rollup_county_in_city ON rollup_county (city_code, month);

-- One row a load. scope_code is the area whose data the file was allowed to touch.
CREATE TABLE batch (
    batch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_code text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('area', 'incident')),
    source text NOT NULL,
    file_name text,
    file_sha256 text,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    rows_read bigint NOT NULL DEFAULT 0,
    rows_loaded bigint NOT NULL DEFAULT 0,
    rows_updated bigint NOT NULL DEFAULT 0,
    rows_unchanged bigint NOT NULL DEFAULT 0,
    rows_rejected bigint NOT NULL DEFAULT 0,
    report jsonb NOT NULL DEFAULT '{}'
);

-- Quarantine: what was refused, why, and the row as it came.
CREATE TABLE reject (
    batch_id bigint NOT NULL REFERENCES batch,
    row bigint NOT NULL,
    reason text NOT NULL,
    raw jsonb NOT NULL,
    PRIMARY KEY (batch_id, row)
);
