-- Campaigns: a named period and area, whose figures before, during and after are compared with
-- what happened outside the area at the same time. Small; written by people, never by a load.

CREATE TABLE campaign (
    campaign_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80 AND name !~ '[[:cntrl:]]'),
    -- The area, with its lineage, by which policies tell whose it is.
    area_code text NOT NULL,
    city_code text,
    county_code text,
    township_code text,
    -- Codes of terms; empty means all.
    categories text[] NOT NULL DEFAULT '{}' CHECK (cardinality(categories) <= 100),
    channels text[] NOT NULL DEFAULT '{}' CHECK (cardinality(channels) <= 100),
    -- Local days, half-open.
    since date NOT NULL CHECK (since >= '1990-01-01'),
    until date NOT NULL CHECK (until <= '2200-01-01'),
    author text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    closed_by text,
    CHECK (until > since),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL))
);
CREATE INDEX campaign_in_city ON campaign (city_code, since);
CREATE INDEX campaign_in_county ON campaign (county_code, since);
CREATE INDEX campaign_in_township ON campaign (township_code, since);

GRANT SELECT, INSERT (name, area_code, city_code, county_code, township_code, categories, channels,
                      since, until, author),
    UPDATE (closed_at, closed_by)
    ON campaign TO gridboard_province, gridboard_city, gridboard_county, gridboard_township;

DO $$
DECLARE
    readers text := 'gridboard_province, gridboard_city, gridboard_county, gridboard_township';
    kind text;
    -- Every condition is a sub-select: a constant of the query, evaluated once.
    may_write text := '(SELECT current_setting(''gridboard.role'', true))'
        ' IN (''leader'', ''planner'', ''operator'', ''admin'')';
    login text := '(SELECT current_setting(''gridboard.login'', true))';
    -- An area is in scope if its row is visible: row-level security of area answers. The lineage
    -- must be the area's own, or a campaign could be put before the eyes of others.
    area_in_scope text := 'EXISTS (SELECT FROM area WHERE area.code = campaign.area_code'
        ' AND area.valid_to IS NULL'
        ' AND area.city_code IS NOT DISTINCT FROM campaign.city_code'
        ' AND area.county_code IS NOT DISTINCT FROM campaign.county_code'
        ' AND area.township_code IS NOT DISTINCT FROM campaign.township_code)';
BEGIN
    ALTER TABLE campaign ENABLE ROW LEVEL SECURITY;
    EXECUTE 'CREATE POLICY province_reads ON campaign FOR SELECT TO gridboard_province USING (true)';
    FOREACH kind IN ARRAY ARRAY['city', 'county', 'township'] LOOP
        EXECUTE format('CREATE POLICY %I ON campaign FOR SELECT TO %I'
            ' USING (%I = (SELECT current_setting(''gridboard.scope'')))',
            kind || '_reads', 'gridboard_' || kind, kind || '_code');
    END LOOP;
    EXECUTE format('CREATE POLICY viewer_adds ON campaign FOR INSERT TO %s'
        ' WITH CHECK (%s AND author = %s AND %s)', readers, may_write, login, area_in_scope);
    EXECUTE format('CREATE POLICY viewer_closes ON campaign FOR UPDATE TO %1$s'
        ' USING (%2$s AND %4$s AND closed_at IS NULL)'
        ' WITH CHECK (%2$s AND closed_by = %3$s)', readers, may_write, login, area_in_scope);
END
$$;
