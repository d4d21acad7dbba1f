-- The account the OpenID provider's subject has here; locked, so that two log-ins at once agree.
SELECT account_id FROM account WHERE subject = :subject FOR UPDATE;
