-- People: accounts with their scopes, what they log in with, their sessions, and the audit log.
-- The role gridboard_gate, which the application takes before it knows who is asking, reads and
-- writes what a log-in needs and not one figure; an admin sees accounts of the own scope alone.

-- Accounts: one or several scopes; a session works in one of them at a time.
DROP POLICY province_reads ON account;
DROP POLICY scope_reads ON account;
ALTER TABLE account
    ADD COLUMN scope_slots smallint[],
    ADD COLUMN scope_codes text[],
    -- Who the OpenID provider says it is (issuer and subject), where one vouches for the account.
    ADD COLUMN subject text UNIQUE,
    -- Entered by one click, on the demo's log-in page and nowhere else; never has a password.
    ADD COLUMN is_demo boolean NOT NULL DEFAULT false,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN created_by text NOT NULL DEFAULT '';
UPDATE account SET scope_slots = ARRAY[scope_slot], scope_codes = ARRAY[scope_code];
ALTER TABLE account
    DROP COLUMN scope_slot,
    DROP COLUMN scope_code,
    ALTER COLUMN scope_slots SET NOT NULL,
    ALTER COLUMN scope_codes SET NOT NULL,
    ADD CHECK (cardinality(scope_codes) BETWEEN 1 AND 100
               AND cardinality(scope_slots) = cardinality(scope_codes)),
    ADD CHECK (scope_slots <@ ARRAY[0, 1, 2, 3]::smallint[]),
    ADD CHECK (login = lower(login) AND length(login) BETWEEN 1 AND 64 AND login !~ '[\s[:cntrl:]]');

-- Argon2 hashes; an account without one cannot log in with a password.
CREATE TABLE credential (
    account_id bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    password_hash text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- One-time links to set a password; only the digest of what the link holds is kept.
CREATE TABLE invitation (
    token_sha256 bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX invitation_of_account ON invitation (account_id);

CREATE TABLE session (
    session_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The digest of what the cookie holds: who reads this table cannot take a session over.
    token_sha256 bytea NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    -- The scope it works in, one of the account's.
    scope_slot smallint NOT NULL CHECK (scope_slot BETWEEN 0 AND 3),
    scope_code text NOT NULL,
    via text NOT NULL CHECK (via IN ('password', 'invitation', 'oidc', 'demo')),
    address text,
    browser text,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When it last asked for something of itself; what a page asks for by the clock does not count.
    seen_at timestamptz NOT NULL DEFAULT now(),
    -- Null for walls, which stand for weeks without anybody touching them.
    idle_s integer CHECK (idle_s > 0),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text
);
CREATE INDEX session_of_account ON session (account_id, session_id);

-- What throttling counts. Digests, because people type their password into the wrong field.
CREATE TABLE failed_log_in (
    at timestamptz NOT NULL DEFAULT now(),
    login_sha256 bytea NOT NULL,
    address text NOT NULL
);
CREATE INDEX failed_log_in_login ON failed_log_in (login_sha256, at);
CREATE INDEX failed_log_in_address ON failed_log_in (address, at);
-- What is old is deleted at every attempt.
CREATE INDEX failed_log_in_at ON failed_log_in (at);

-- Who did what, when, from where; scope_code '' where nobody's scope was known yet.
ALTER TABLE audit
    ADD COLUMN role text,
    ADD COLUMN address text,
    ADD COLUMN request_id text;
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_in_scope ON audit (scope_code, at);

-- The first and the last day any incident lies on: the same for every viewer, so that
-- "the last seven days" are the same days in a county where nothing happened on the last.
ALTER TABLE revision
    ADD COLUMN first_day date,
    ADD COLUMN last_day date,
    ADD CHECK (first_day <= last_day);
UPDATE revision
SET (first_day, last_day) = (SELECT min(occurred_on), max(occurred_on) FROM incident)
WHERE kind = 'incident';

-- The gate.
GRANT USAGE ON SCHEMA gridboard TO gridboard_gate;
GRANT SELECT, INSERT ON account, session TO gridboard_gate;
GRANT DELETE ON session TO gridboard_gate;
GRANT UPDATE (name, role, scope_slots, scope_codes) ON account TO gridboard_gate;
GRANT UPDATE (seen_at, ended_at, ended_by, scope_slot, scope_code) ON session TO gridboard_gate;
GRANT SELECT, INSERT, UPDATE ON credential TO gridboard_gate;
GRANT SELECT, UPDATE (used_at) ON invitation TO gridboard_gate;
GRANT SELECT, INSERT, DELETE ON failed_log_in TO gridboard_gate;
-- All but the time: nobody writes a line for yesterday.
GRANT INSERT (actor, scope_code, action, role, address, request_id, detail) ON audit
    TO gridboard_gate, gridboard_loader;
GRANT SELECT ON alembic_version TO gridboard_gate;

-- Admins.
-- Neither subject nor is_demo: an admin makes accounts that log in with a password, and no others.
GRANT INSERT (login, name, role, scope_slots, scope_codes, created_by) ON account TO
    gridboard_province, gridboard_city, gridboard_county, gridboard_township;
GRANT INSERT (token_sha256, account_id, made_by, expires_at) ON invitation TO
    gridboard_province, gridboard_city, gridboard_county, gridboard_township;
GRANT UPDATE (name, role, scope_slots, scope_codes, disabled_at) ON account TO
    gridboard_province, gridboard_city, gridboard_county, gridboard_township;
GRANT SELECT (account_id, changed_at), DELETE ON credential TO
    gridboard_province, gridboard_city, gridboard_county, gridboard_township;
GRANT SELECT (account_id, made_by, made_at, expires_at, used_at), UPDATE (used_at) ON invitation TO
    gridboard_province, gridboard_city, gridboard_county, gridboard_township;
GRANT SELECT (session_id, account_id, scope_slot, scope_code, via, address, browser, created_at,
              seen_at, idle_s, expires_at, ended_at, ended_by), UPDATE (ended_at, ended_by)
    ON session TO gridboard_province, gridboard_city, gridboard_county, gridboard_township;
GRANT INSERT (actor, scope_code, action, role, address, request_id, detail) ON audit TO
    gridboard_province, gridboard_city, gridboard_county, gridboard_township;

DO $$
DECLARE
    readers text := 'gridboard_province, gridboard_city, gridboard_county, gridboard_township';
    narrower text := 'gridboard_city, gridboard_county, gridboard_township';
    -- Every condition is a sub-select: a constant of the query, evaluated once.
    is_admin text := '(SELECT current_setting(''gridboard.role'', true)) = ''admin''';
    -- An area is in scope if its row is visible: row-level security of area answers.
    code_in_scope text := '(scope_code = (SELECT current_setting(''gridboard.scope'')) OR EXISTS'
        ' (SELECT FROM area WHERE area.code = scope_code AND area.valid_to IS NULL))';
    account_in_scope text := 'NOT EXISTS (SELECT FROM unnest(scope_codes) AS wanted WHERE NOT EXISTS'
        ' (SELECT FROM area WHERE area.code = wanted AND area.valid_to IS NULL))';
    -- The province's policies ask for no code, so that slot must stand beside the root alone.
    slots_fit text := 'NOT EXISTS (SELECT FROM unnest(scope_slots, scope_codes) AS wanted (slot, code)'
        ' WHERE slot = 0 AND NOT EXISTS (SELECT FROM hierarchy WHERE root_code = code))';
    of_account text := 'account_id IN (SELECT account_id FROM account)';
    place text;
BEGIN
    FOREACH place IN ARRAY ARRAY['credential', 'invitation', 'session', 'failed_log_in'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', place);
    END LOOP;

    -- An account is an admin's if all of its scopes are.
    EXECUTE format('CREATE POLICY province_admin ON account FOR ALL TO gridboard_province'
        ' USING (%1$s) WITH CHECK (%1$s AND %2$s)', is_admin, slots_fit);
    EXECUTE format('CREATE POLICY scope_admin ON account FOR ALL TO %1$s'
        ' USING (%2$s AND %3$s) WITH CHECK (%2$s AND %3$s AND %4$s)',
        narrower, is_admin, account_in_scope, slots_fit);
    FOREACH place IN ARRAY ARRAY['credential', 'invitation', 'session'] LOOP
        EXECUTE format('CREATE POLICY admin_of_account ON %I FOR ALL TO %s'
            ' USING (%3$s AND %4$s) WITH CHECK (%3$s AND %4$s)', place, readers, is_admin, of_account);
    END LOOP;

    -- The gate may bring in and change those whom the OpenID provider vouches for, nobody else.
    EXECUTE 'CREATE POLICY gate_reads ON account FOR SELECT TO gridboard_gate USING (true)';
    EXECUTE 'CREATE POLICY gate_inserts ON account FOR INSERT TO gridboard_gate'
        ' WITH CHECK (subject IS NOT NULL AND NOT is_demo)';
    EXECUTE 'CREATE POLICY gate_updates ON account FOR UPDATE TO gridboard_gate'
        ' USING (subject IS NOT NULL) WITH CHECK (subject IS NOT NULL AND NOT is_demo)';
    FOREACH place IN ARRAY ARRAY['credential', 'invitation', 'session', 'failed_log_in'] LOOP
        EXECUTE format('CREATE POLICY gate_keeps ON %I FOR ALL TO gridboard_gate'
            ' USING (true) WITH CHECK (true)', place);
    END LOOP;

    -- Sessions are kept for as long as throttling asks where somebody came from before.
    EXECUTE 'CREATE POLICY gate_forgets ON session AS RESTRICTIVE FOR DELETE TO gridboard_gate'
        ' USING (least(ended_at, expires_at) < now() - interval ''400 days'')';

    -- Read by an admin within scope, written by whoever does something, changed by nobody.
    DROP POLICY province_reads ON audit;
    DROP POLICY scope_reads ON audit;
    EXECUTE format('CREATE POLICY province_admin_reads ON audit FOR SELECT TO gridboard_province'
        ' USING (%s)', is_admin);
    -- What happened to an account of several scopes, by nobody who works in one, stands in none: it
    -- is read by who may see the account, that is all of its scopes.
    EXECUTE format('CREATE POLICY scope_admin_reads ON audit FOR SELECT TO %s USING (%s AND (%s OR'
        ' (scope_code = '''' AND (detail ->> ''account_id'')::bigint IN'
        ' (SELECT account_id FROM account))))', narrower, is_admin, code_in_scope);
    EXECUTE format('CREATE POLICY viewer_appends ON audit FOR INSERT TO %s'
        ' WITH CHECK (scope_code = (SELECT current_setting(''gridboard.scope''))'
        ' AND actor = (SELECT current_setting(''gridboard.login'', true)))', readers);
    EXECUTE 'CREATE POLICY trusted_appends ON audit FOR INSERT TO gridboard_gate, gridboard_loader'
        ' WITH CHECK (true)';

    -- What names one area is seen by whoever sees that area, not only by who has that very scope.
    FOREACH place IN ARRAY ARRAY['batch', 'display', 'job', 'upload'] LOOP
        EXECUTE format('DROP POLICY scope_reads ON %I', place);
        EXECUTE format('CREATE POLICY scope_reads ON %I FOR SELECT TO %s USING (%s)',
            place, narrower, code_in_scope);
    END LOOP;
END
$$;
