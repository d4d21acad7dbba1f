-- The versions of areas and incidents, when either last changed, and the days incidents lie on.
SELECT max(number) FILTER (WHERE kind = 'area') AS area,
       max(number) FILTER (WHERE kind = 'incident') AS incident,
       max(changed_at) AS changed_at,
       max(first_day) AS first_day,
       max(last_day) AS last_day
FROM revision;
