-- What the rollups must lose: the former keys of the incidents that are replaced.
SELECT city_code, county_code, township_code, occurred_on, cell_id, category, channel, status
FROM pg_temp.matched_incident
WHERE NOT same AND NOT repeated AND NOT "foreign";
