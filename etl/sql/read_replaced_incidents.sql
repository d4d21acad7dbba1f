-- What the rollups must lose: the former keys of the incidents that are replaced.
SELECT city_code, county_code, township_code, occurred_on,
    local_hour(occurred_at, clock.time_zone) AS hour, cell_id, category, channel, status
FROM pg_temp.matched_incident
CROSS JOIN (SELECT time_zone FROM hierarchy) AS clock
WHERE NOT same AND NOT repeated AND NOT "foreign";
