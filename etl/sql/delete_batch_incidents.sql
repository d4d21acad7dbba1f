-- What the batch wrote goes; returned is what the rollups must lose.
WITH gone AS (
    DELETE FROM incident
    WHERE batch_id = :batch_id
      AND (CAST(:first_day AS date) IS NULL OR occurred_on >= :first_day)
      AND (CAST(:last_day AS date) IS NULL OR occurred_on <= :last_day)
    RETURNING city_code, county_code, township_code, occurred_on, occurred_at, cell_id, category,
        channel, status
)
SELECT city_code, county_code, township_code, occurred_on,
    local_hour(occurred_at, clock.time_zone) AS hour, cell_id, category, channel, status,
    count(*) AS n
FROM gone
CROSS JOIN (SELECT time_zone FROM hierarchy) AS clock
GROUP BY city_code, county_code, township_code, occurred_on, 5, cell_id, category, channel, status;
