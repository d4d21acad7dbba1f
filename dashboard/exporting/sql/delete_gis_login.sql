-- Forget what a login was for: from then on it sees nothing.
DELETE FROM gis_login WHERE login = :login RETURNING scope_code
