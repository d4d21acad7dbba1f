-- The blocks of counties in the first and in the last month that has incidents; emptied ones stay.
SELECT month, days
FROM rollup_county
WHERE length(days) > 0
  AND month IN (
      (SELECT min(month) FROM rollup_county WHERE length(days) > 0),
      (SELECT max(month) FROM rollup_county WHERE length(days) > 0)
  );
