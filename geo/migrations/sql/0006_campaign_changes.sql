-- Whoever may add a campaign may correct it while it is open; who did is in the audit log.

GRANT UPDATE (name, categories, channels, since, until) ON campaign
    TO gridboard_province, gridboard_city, gridboard_county, gridboard_township;

DO $$
DECLARE
    -- Area and lineage cannot be changed, so that a campaign stays before the same eyes.
    open_in_scope text := '(SELECT current_setting(''gridboard.role'', true))'
        ' IN (''leader'', ''planner'', ''operator'', ''admin'') AND closed_at IS NULL'
        ' AND EXISTS (SELECT FROM area WHERE area.code = campaign.area_code'
        ' AND area.valid_to IS NULL)';
BEGIN
    EXECUTE format('CREATE POLICY viewer_changes ON campaign FOR UPDATE'
        ' TO gridboard_province, gridboard_city, gridboard_county, gridboard_township'
        ' USING (%1$s) WITH CHECK (%1$s)', open_in_scope);
END
$$;
