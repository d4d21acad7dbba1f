-- What belongs to the owner and not to the schema, and is in no dump of the schema.
ALTER DEFAULT PRIVILEGES FOR ROLE gridboard_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
