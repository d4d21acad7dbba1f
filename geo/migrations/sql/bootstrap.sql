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
            ('gridboard_township', 'NOLOGIN')
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

CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

CREATE SCHEMA IF NOT EXISTS gridboard AUTHORIZATION gridboard_owner;
