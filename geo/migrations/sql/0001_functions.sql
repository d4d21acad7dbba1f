-- The few things a loader needs the owner's rights for. All run with a fixed search path, so
-- that no object of the caller's can take the place of one of ours.

-- Create the partition of a year apart from its table, without indexes, for a loader to copy
-- into; false if that year has one. Indexes built over a filled table take half the time, and
-- CREATE … PARTITION OF would lock out every reader until the load commits.
CREATE FUNCTION open_incident_year(year integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gridboard, public, pg_temp AS $$
DECLARE
    partition text := format('incident_%s', year);
BEGIN
    IF year NOT BETWEEN 1900 AND 2199 THEN
        RAISE EXCEPTION 'no partition for incidents of %: expected a year within 1900-2199', year
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Only who must create one waits for others who do.
    IF to_regclass(format('gridboard.%I', partition)) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('gridboard.open_incident_year'));
    END IF;
    -- Not to_regclass: what it has cached is not brought up to date by waiting for that lock.
    IF EXISTS (SELECT FROM pg_catalog.pg_class
               WHERE relname = partition AND relnamespace = 'gridboard'::regnamespace) THEN
        RETURN false;
    END IF;
    EXECUTE format(
        'CREATE TABLE gridboard.%I (LIKE gridboard.incident INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
        partition);
    EXECUTE format('GRANT INSERT ON gridboard.%I TO gridboard_loader', partition);
    RETURN true;
END
$$;

-- Make an opened year part of the incidents: this builds its indexes.
CREATE FUNCTION close_incident_year(year integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gridboard, public, pg_temp AS $$
DECLARE
    partition text := format('incident_%s', year);
BEGIN
    -- Read and written through the parent, whose policies hold; nobody is let in by this door.
    EXECUTE format('REVOKE ALL ON gridboard.%I FROM gridboard_loader', partition);
    EXECUTE format('ALTER TABLE gridboard.%I ENABLE ROW LEVEL SECURITY', partition);
    EXECUTE format(
        'ALTER TABLE gridboard.incident ATTACH PARTITION gridboard.%I FOR VALUES FROM (%L) TO (%L)',
        partition, make_date(year, 1, 1), make_date(year + 1, 1, 1));
END
$$;

-- Make sure that incidents of every day from first_day to last_day have a partition.
CREATE FUNCTION ensure_incident_partitions(first_day date, last_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gridboard, public, pg_temp AS $$
DECLARE
    year integer;
BEGIN
    IF first_day < date '1900-01-01' OR last_day >= date '2200-01-01' OR first_day > last_day THEN
        RAISE EXCEPTION 'no partitions for incidents from % to %: expected first <= last within 1900-2199',
            first_day, last_day USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR year IN extract(year FROM first_day) .. extract(year FROM last_day) LOOP
        IF open_incident_year(year) THEN
            PERFORM close_incident_year(year);
        END IF;
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

REVOKE ALL ON FUNCTION open_incident_year(integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION close_incident_year(integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION ensure_incident_partitions(date, date) FROM PUBLIC;
REVOKE ALL ON FUNCTION refresh_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_incident_year(integer) TO gridboard_loader;
GRANT EXECUTE ON FUNCTION close_incident_year(integer) TO gridboard_loader;
GRANT EXECUTE ON FUNCTION ensure_incident_partitions(date, date) TO gridboard_loader;
GRANT EXECUTE ON FUNCTION refresh_statistics() TO gridboard_loader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
