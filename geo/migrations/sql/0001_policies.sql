-- Who reads what. A scope role reads the rows of its area, which the transaction names in
-- gridboard.scope; the province's role reads all, without a condition, so that the spatial index
-- stays usable (&& is not leakproof and would wait behind any condition of a policy).
-- The sub-select makes the scope a constant of the query, which an index can look up.

GRANT USAGE ON SCHEMA gridboard TO gridboard_app, gridboard_loader,
    gridboard_province, gridboard_city, gridboard_county, gridboard_township;
-- The application reads nothing in its own name but the version of the schema.
GRANT SELECT ON alembic_version TO gridboard_app, gridboard_loader;

GRANT SELECT ON hierarchy, term, revision, area, current_area, area_shape, incident, rollup_cell,
    rollup_county, batch, reject, plan, plan_edit, plan_cell, crosswalk, account, display, audit
    TO gridboard_province, gridboard_city, gridboard_county, gridboard_township;
GRANT SELECT, INSERT, UPDATE, DELETE ON hierarchy, term, revision, area, area_shape, incident,
    rollup_cell, rollup_county, batch, reject
    TO gridboard_loader;
GRANT SELECT ON current_area TO gridboard_loader;

DO $$
DECLARE
    place text;
    kind text;
BEGIN
    -- Tables with lineage columns: each role compares its own.
    FOREACH place IN ARRAY ARRAY['area', 'area_shape', 'incident', 'rollup_cell', 'rollup_county',
                                 'plan', 'crosswalk'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('CREATE POLICY province_reads ON %I FOR SELECT TO gridboard_province'
            ' USING (true)', place);
        FOREACH kind IN ARRAY ARRAY['city', 'county', 'township'] LOOP
            -- The block of a county cannot be cut down to a township, whose viewers read
            -- rollup_cell instead.
            CONTINUE WHEN place = 'rollup_county' AND kind = 'township';
            EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO %I'
                ' USING (%I = (SELECT current_setting(''gridboard.scope'')))',
                kind || '_reads', place, 'gridboard_' || kind, kind || '_code');
        END LOOP;
    END LOOP;

    -- Tables that name one area: whoever has exactly that scope, and the province.
    FOREACH place IN ARRAY ARRAY['batch', 'account', 'display', 'audit'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('CREATE POLICY province_reads ON %I FOR SELECT TO gridboard_province'
            ' USING (true)', place);
        EXECUTE format('CREATE POLICY scope_reads ON %I FOR SELECT'
            ' TO gridboard_city, gridboard_county, gridboard_township'
            ' USING (scope_code = (SELECT current_setting(''gridboard.scope'')))', place);
    END LOOP;

    -- Parts are seen with their whole; the sub-select is itself under row-level security.
    FOREACH place IN ARRAY ARRAY['plan_edit', 'plan_cell'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('CREATE POLICY part_reads ON %I FOR SELECT'
            ' TO gridboard_province, gridboard_city, gridboard_county, gridboard_township'
            ' USING (plan_id IN (SELECT plan_id FROM plan))', place);
    END LOOP;

    -- Shared by everybody; nothing in them belongs to a place.
    FOREACH place IN ARRAY ARRAY['hierarchy', 'term', 'revision'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
        EXECUTE format('CREATE POLICY all_read ON %I FOR SELECT'
            ' TO gridboard_province, gridboard_city, gridboard_county, gridboard_township'
            ' USING (true)', place);
    END LOOP;
END
$$;

ALTER TABLE reject ENABLE ROW LEVEL SECURITY;
CREATE POLICY part_reads ON reject FOR SELECT
    TO gridboard_province, gridboard_city, gridboard_county, gridboard_township
    USING (batch_id IN (SELECT batch_id FROM batch));

-- The loader is trusted with the whole database's data, but with nothing else.
DO $$
DECLARE
    place text;
BEGIN
    FOREACH place IN ARRAY ARRAY['hierarchy', 'term', 'revision', 'area', 'area_shape', 'incident',
                                 'rollup_cell', 'rollup_county', 'batch', 'reject'] LOOP
        EXECUTE format('CREATE POLICY loader_writes ON %I FOR ALL TO gridboard_loader'
            ' USING (true) WITH CHECK (true)', place);
    END LOOP;
END
$$;
