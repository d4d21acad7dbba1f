-- Whether the server knows a role, whoever made it.
SELECT FROM pg_roles WHERE rolname = :login
