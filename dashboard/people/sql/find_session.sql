-- The session of a cookie, if it may go on: see prepare_find_session.
EXECUTE find_session (%(digest)s)
