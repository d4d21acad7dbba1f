-- Incidents of a year by everything that rollups count by.
SELECT city_code, county_code, township_code, occurred_on,
    local_hour(occurred_at, clock.time_zone) AS hour, cell_id, category, channel, status,
    count(*) AS n
FROM incident
CROSS JOIN (SELECT time_zone FROM hierarchy) AS clock
WHERE occurred_on >= %(first_day)s AND occurred_on < %(last_day)s
GROUP BY city_code, county_code, township_code, occurred_on, 5, cell_id, category, channel, status;
