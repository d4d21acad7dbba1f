-- The first and the last day that any incident lies on; null while there is none.
UPDATE revision SET first_day = :first_day, last_day = :last_day WHERE kind = 'incident';
