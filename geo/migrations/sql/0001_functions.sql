-- The few things a loader needs the owner's rights for. Both run with a fixed search path, so
-- that no object of the caller's can take the place of one of ours.

-- Make sure that incidents of every day from first_day to last_day have a partition.
-- Created apart and attached: CREATE … PARTITION OF would lock out every reader until the
-- load commits.
CREATE FUNCTION ensure_incident_partitions(first_day date, last_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gridboard, public, pg_temp AS $$
DECLARE
    year integer;
    partition text;
BEGIN
    IF first_day < date '1900-01-01' OR last_day >= date '2200-01-01' OR first_day > last_day THEN
        RAISE EXCEPTION 'no partitions for incidents from % to %: expected first <= last within 1900-2199',
            first_day, last_day USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('gridboard.ensure_incident_partitions'));
    FOR year IN extract(year FROM first_day) .. extract(year FROM last_day) LOOP
        partition := format('incident_%s', year);
        CONTINUE WHEN to_regclass(format('gridboard.%I', partition)) IS NOT NULL;
        EXECUTE format(
            'CREATE TABLE gridboard.%I (LIKE gridboard.incident INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
            partition);
        -- Read through the parent, whose policies hold; nobody is let in by this door.
        EXECUTE format('ALTER TABLE gridboard.%I ENABLE ROW LEVEL SECURITY', partition);
        EXECUTE format(
            'ALTER TABLE gridboard.incident ATTACH PARTITION gridboard.%I FOR VALUES FROM (%L) TO (%L)',
            partition, make_date(year, 1, 1), make_date(year + 1, 1, 1));
    END LOOP;
END
$$;

-- Count again what the planner knows, because a large load outdates it at once.
CREATE FUNCTION refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gridboard, public, pg_temp AS $$
BEGIN
    ANALYZE gridboard.area, gridboard.area_shape, gridboard.incident,
        gridboard.rollup_cell, gridboard.rollup_county;
END
$$;

REVOKE ALL ON FUNCTION ensure_incident_partitions(date, date) FROM PUBLIC;
REVOKE ALL ON FUNCTION refresh_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_incident_partitions(date, date) TO gridboard_loader;
GRANT EXECUTE ON FUNCTION refresh_statistics() TO gridboard_loader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
