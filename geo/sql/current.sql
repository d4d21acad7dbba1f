-- The versions of areas and incidents, and when either last changed.
SELECT max(number) FILTER (WHERE kind = 'area') AS area,
       max(number) FILTER (WHERE kind = 'incident') AS incident,
       max(changed_at) AS changed_at
FROM revision;
