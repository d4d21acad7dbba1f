-- Areas in scope that can be a scope and are called like this: the most alike first, then wide ones.
SELECT code
FROM (
    SELECT code, level,
           CASE WHEN code = :wanted OR lower(name) = :wanted OR lower(name_en) = :wanted THEN 0
                WHEN starts_with(code, :wanted) OR starts_with(lower(name), :wanted)
                     OR starts_with(lower(name_en), :wanted) THEN 1
                ELSE 2 END AS unlike
    FROM area
    WHERE valid_to IS NULL AND level <= 3
      AND (starts_with(code, :wanted) OR position(:wanted IN lower(name)) > 0
           OR position(:wanted IN lower(name_en)) > 0)
) AS found
ORDER BY unlike, level, code
LIMIT :most
