-- A new session; its clock is the database's.
INSERT INTO session (token_sha256, account_id, scope_slot, scope_code, via, address, browser,
                     idle_s, expires_at)
VALUES (:digest, :account_id, :slot, :code, :via, :address, :browser, :idle_s,
        now() + make_interval(secs => :absolute_s));
