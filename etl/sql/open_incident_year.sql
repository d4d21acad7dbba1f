-- Whether a partition for this year was created just now, apart and without indexes.
SELECT open_incident_year(:year);
