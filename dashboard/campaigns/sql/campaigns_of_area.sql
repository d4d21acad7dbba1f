-- Open campaigns of the viewer's scope that touch [since, until) and an area: its own, those of
-- areas around it, and those of areas inside it; the first two first, then the latest first.
SELECT campaign_id, name, area_code, categories, channels, since, until, author, created_at,
       closed_at
FROM campaign
WHERE closed_at IS NULL AND since < :until AND until > :since
  AND (area_code = ANY (:around) OR :is_top
       OR :area_code IN (city_code, county_code, township_code)
       -- Campaigns do not say their village: the area does.
       OR EXISTS (SELECT FROM current_area
                  WHERE code = campaign.area_code AND village_code = :area_code))
ORDER BY area_code = ANY (:around) DESC, since DESC, campaign_id DESC
LIMIT :most
