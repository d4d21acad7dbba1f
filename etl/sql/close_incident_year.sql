-- Build the indexes of a year and make it part of the incidents.
SELECT close_incident_year(:year);
