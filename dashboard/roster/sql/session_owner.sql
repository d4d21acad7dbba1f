-- The account of a session in scope.
SELECT account_id FROM session WHERE session_id = :session_id
