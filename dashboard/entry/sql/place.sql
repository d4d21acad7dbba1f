-- The name of a scope, read within that very scope.
SELECT name, name_en FROM current_area WHERE code = :code
