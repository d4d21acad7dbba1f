-- What one database needs from its cluster before the first revision: roles, extensions, schema.
-- Roles are cluster-wide and survive the database, so every step here may find its work done.
-- Run by the administrator before each migration; the revisions themselves run as gridboard_owner.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT *
        FROM (VALUES
            ('gridboard_owner', 'NOLOGIN'),
            ('gridboard_loader', 'LOGIN'),
            -- NOINHERIT: a connection that forgot to take a scope role can read nothing.
            ('gridboard_app', 'LOGIN NOINHERIT'),
            -- What the application is before it knows who is asking: log-ins and sessions.
            ('gridboard_gate', 'NOLOGIN'),
            ('gridboard_province', 'NOLOGIN'),
            ('gridboard_city', 'NOLOGIN'),
            ('gridboard_county', 'NOLOGIN'),
            ('gridboard_township', 'NOLOGIN'),
            -- Logins of a GIS are members of one of these, and the application of none.
            ('gridboard_gis_province', 'NOLOGIN'),
            ('gridboard_gis_city', 'NOLOGIN'),
            ('gridboard_gis_county', 'NOLOGIN'),
            ('gridboard_gis_township', 'NOLOGIN')
        ) AS roles (name, attributes)
    LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
                EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.attributes);
            END IF;
        EXCEPTION
            -- Another database of the cluster is being migrated at this moment.
            WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
END
$$;

DO $$
BEGIN
    IF (SELECT count(*) FROM pg_auth_members
        WHERE member = 'gridboard_app'::regrole
          AND roleid IN ('gridboard_province'::regrole, 'gridboard_city'::regrole,
                         'gridboard_county'::regrole, 'gridboard_township'::regrole,
                         'gridboard_gate'::regrole)) < 5 THEN
        GRANT gridboard_province, gridboard_city, gridboard_county, gridboard_township,
            gridboard_gate TO gridboard_app;
    END IF;
    -- An administrator who is no superuser (a managed server) must be able to become the owner.
    IF NOT pg_has_role(current_user, 'gridboard_owner', 'MEMBER') THEN
        EXECUTE format('GRANT gridboard_owner TO %I', current_user);
    END IF;
END
$$;

-- What one statement may cost, however it came about; the application's own limits are tighter.
-- Only where nothing is set, so that what an operator chose for a role stays.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT *
        FROM (VALUES
            ('gridboard_app', 'statement_timeout', '30s'),
            ('gridboard_app', 'lock_timeout', '10s'),
            ('gridboard_app', 'idle_in_transaction_session_timeout', '60s'),
            ('gridboard_app', 'work_mem', '32MB'),
            -- A load takes as long as its file is large, and may pause while rows are prepared.
            ('gridboard_loader', 'idle_in_transaction_session_timeout', '1h'),
            ('gridboard_loader', 'work_mem', '64MB')
        ) AS limits (role, setting, value)
        WHERE NOT EXISTS (
            SELECT FROM pg_db_role_setting, unnest(setconfig) AS already
            WHERE setdatabase = 0 AND setrole = role::regrole
              AND split_part(already, '=', 1) = setting)
    LOOP
        BEGIN
            EXECUTE format('ALTER ROLE %I SET %I = %L', wanted.role, wanted.setting, wanted.value);
        EXCEPTION
            -- Another database of the cluster is being migrated at this moment, and sets the same.
            WHEN unique_violation OR internal_error THEN NULL;
            WHEN insufficient_privilege THEN
                RAISE WARNING '% keeps no limit on %: an administrator of the server must set it',
                    wanted.role, wanted.setting;
        END;
    END LOOP;
END
$$;

CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

-- PostGIS lends everybody its owner's rights to read the extent of any table from the planner's
-- statistics, past row-level security. Nothing of ours asks for it.
DO $$
DECLARE
    lent regprocedure;
BEGIN
    FOR lent IN
        SELECT pg_proc.oid
        FROM pg_proc
        JOIN pg_depend ON classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'
        CROSS JOIN aclexplode(coalesce(proacl, acldefault('f', proowner))) AS entry
        WHERE prosecdef AND entry.grantee = 0
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', lent);
    END LOOP;
END
$$;

CREATE SCHEMA IF NOT EXISTS gridboard AUTHORIZATION gridboard_owner;
