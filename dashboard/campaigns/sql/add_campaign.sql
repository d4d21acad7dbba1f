-- Adds a campaign with the lineage of its area; no row where the area is not in scope.
INSERT INTO campaign (name, area_code, city_code, county_code, township_code, categories, channels,
                      since, until, author)
SELECT :name, code, city_code, county_code, township_code, CAST(:categories AS text[]),
       CAST(:channels AS text[]), :since, :until, :author
FROM current_area
WHERE code = :area_code
RETURNING campaign_id
