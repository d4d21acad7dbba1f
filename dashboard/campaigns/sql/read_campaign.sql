-- One campaign of the viewer's scope.
SELECT campaign_id, name, area_code, categories, channels, since, until, author, created_at,
       closed_at
FROM campaign
WHERE campaign_id = :campaign_id
