-- Changes what an open campaign says of itself; returns what it said before.
WITH former AS (
    SELECT campaign_id, name, area_code, categories, channels, since, until
    FROM campaign
    WHERE campaign_id = :campaign_id AND closed_at IS NULL
    FOR UPDATE
)
UPDATE campaign
SET name = :name, categories = CAST(:categories AS text[]), channels = CAST(:channels AS text[]),
    since = :since, until = :until
FROM former
WHERE campaign.campaign_id = former.campaign_id
RETURNING former.name, former.area_code, former.categories, former.channels, former.since,
          former.until
