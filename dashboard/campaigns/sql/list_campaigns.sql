-- The campaigns of the viewer's scope, open ones first, the latest first.
SELECT campaign_id, name, area_code, categories, channels, since, until, author, created_at,
       closed_at
FROM campaign
ORDER BY closed_at IS NOT NULL, since DESC, campaign_id DESC
LIMIT :most
