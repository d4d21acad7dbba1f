-- Incidents of a year by everything that rollups count by.
SELECT city_code, county_code, township_code, occurred_on, cell_id, category, channel, status,
    count(*) AS n
FROM incident
WHERE occurred_on >= %(first_day)s AND occurred_on < %(last_day)s
GROUP BY city_code, county_code, township_code, occurred_on, cell_id, category, channel, status;
