-- What the whole database shares: its hierarchy, its dictionaries, the versions of its data.

CREATE TABLE hierarchy (
    root_code text PRIMARY KEY,
    profile jsonb NOT NULL,
    time_zone text NOT NULL,
    measuring_crs text NOT NULL,
    -- What the page must say about the data: {"credits": [{"zh": …, "en": …}],
    -- "synthetic_from": "township"} (the slot from which outlines are generated, not surveyed).
    notes jsonb NOT NULL DEFAULT '{}'
);
-- One database holds one hierarchy.
CREATE UNIQUE INDEX hierarchy_single ON hierarchy ((true));

CREATE TABLE term (
    kind text NOT NULL CHECK (kind IN ('category', 'channel', 'status', 'scale')),
    -- One byte, because rollup blocks store it in one.
    id smallint NOT NULL CHECK (id BETWEEN 0 AND 255),
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    PRIMARY KEY (kind, id),
    UNIQUE (kind, code)
);
INSERT INTO term (kind, id, code, name_zh, name_en) VALUES
    ('status', 1, 'open', '办理中', 'open'),
    ('status', 2, 'resolved', '已化解', 'resolved'),
    ('status', 3, 'failed', '未化解', 'failed');

-- Loads raise the number; tiles, values and caches carry it. It begins with the seconds since
-- 1970, so that browsers and disks never take what they kept of a former database of the same
-- scope (another demo, say) for this one's.
CREATE TABLE revision (
    kind text PRIMARY KEY CHECK (kind IN ('area', 'incident')),
    number bigint NOT NULL DEFAULT extract(epoch FROM now()),
    changed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO revision (kind) VALUES ('area'), ('incident');
