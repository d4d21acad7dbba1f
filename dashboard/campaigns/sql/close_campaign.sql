-- Puts a campaign aside that is still open.
UPDATE campaign
SET closed_at = now(), closed_by = :login
WHERE campaign_id = :campaign_id AND closed_at IS NULL
RETURNING name, area_code, categories, channels, since, until
