-- Incidents of a year that a new edition of areas may have moved: those keyed to an area that is
-- no longer current or belongs to other areas than before; and of those that know their place,
-- also where that area has areas below it or other borders.
SELECT incident.county_code, incident.source, incident.incident_id, incident.occurred_on,
    incident.city_code, incident.township_code, incident.village_code, incident.cell_code,
    incident.cell_id, incident.category, incident.channel, incident.status,
    ST_X(incident.geom) AS lon, ST_Y(incident.geom) AS lat,
    local_hour(incident.occurred_at, clock.time_zone) AS hour
FROM incident
CROSS JOIN (SELECT time_zone FROM hierarchy) AS clock
LEFT JOIN area ON area.area_id = incident.cell_id AND area.valid_to IS NULL
WHERE incident.occurred_on >= :first_day AND incident.occurred_on < :last_day
  AND (area.area_id IS NULL
       OR (incident.geom IS NOT NULL
           AND (area.area_id IN (SELECT area_id FROM pg_temp.redrawn_area)
                OR area.code IN (SELECT parent_code FROM area WHERE valid_to IS NULL)))
       OR (coalesce(area.city_code, area.code),
           coalesce(area.county_code, area.code),
           coalesce(area.township_code, area.county_code, area.code),
           area.village_code)
          IS DISTINCT FROM
          (incident.city_code, incident.county_code, incident.township_code,
           incident.village_code));
