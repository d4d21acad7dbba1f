-- Views for a GIS, and whose login sees what of them.
--
-- A person at a GIS talks to the database directly and may send it anything, so the scope must not
-- hang on a setting, which anybody can change. It hangs on the login itself: gis_login says which
-- area a login is for, and policies look there by session_user, which nothing short of a superuser
-- changes. Logins are members of one of four roles, so that each policy is one comparison with a
-- constant, as for the application's viewers, and an index can be used.

CREATE TABLE gis_login (
    login text PRIMARY KEY CHECK (login ~ '^gis_[a-z0-9_]{1,40}$'),
    scope_slot smallint NOT NULL CHECK (scope_slot BETWEEN 0 AND 3),
    scope_code text NOT NULL,
    -- Whose it is, or what for.
    note text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL
);

CREATE VIEW open_area WITH (security_invoker = true) AS
SELECT area_id, code, level,
       (ARRAY['province', 'city', 'county', 'township', 'village', 'cell'])[level + 1] AS level_name,
       name, name_en, kind, parent_code, province_code, city_code, county_code, township_code,
       village_code, population, households, area_km2, valid_from, geom
FROM area
WHERE valid_to IS NULL;

CREATE VIEW open_area_figures WITH (security_invoker = true) AS
WITH span AS (
    SELECT max(last_day) AS last_day,
           -- The moment the data speaks of: when it last changed, but not after its last day.
           least(max(changed_at), (max(last_day) + 1) AT TIME ZONE max(time_zone)) AS as_of
    FROM revision CROSS JOIN hierarchy
),
counted AS (
    SELECT cell_id,
           count(*) FILTER (WHERE occurred_on > last_day - 30) AS incidents_30d,
           count(*) AS incidents_365d,
           count(*) FILTER (WHERE status = 2) AS resolved_365d,
           count(*) FILTER (WHERE status = 1) AS open_365d,
           count(*) FILTER (WHERE status = 1 AND resolved_at IS NULL AND deadline < as_of)
               AS overdue_365d
    FROM incident CROSS JOIN span
    WHERE occurred_on > (SELECT last_day - 365 FROM span)
      AND occurred_on <= (SELECT last_day FROM span)
    GROUP BY cell_id
),
-- Every area that an incident counts for, by the lineage of the place it is known to lie in.
summed AS (
    SELECT above.level, above.code,
           sum(incidents_30d)::integer AS incidents_30d,
           sum(incidents_365d)::integer AS incidents_365d,
           sum(resolved_365d)::integer AS resolved_365d,
           sum(open_365d)::integer AS open_365d,
           sum(overdue_365d)::integer AS overdue_365d
    FROM counted
    JOIN area AS place ON place.area_id = counted.cell_id
    CROSS JOIN LATERAL (VALUES
        (0, place.province_code), (1, place.city_code), (2, place.county_code),
        (3, place.township_code), (4, place.village_code),
        (5, CASE WHEN place.level = 5 THEN place.code END)
    ) AS above (level, code)
    WHERE above.code IS NOT NULL
    GROUP BY above.level, above.code
)
SELECT area_id, area.code, area.level,
       (ARRAY['province', 'city', 'county', 'township', 'village', 'cell'])[area.level + 1]
           AS level_name,
       name, name_en, parent_code, county_code, township_code, population, households, area_km2,
       last_day - 364 AS first_day_365d, last_day - 29 AS first_day_30d, last_day, as_of,
       -- No data is not none: without a last day nothing was ever counted.
       CASE WHEN last_day IS NOT NULL THEN coalesce(incidents_30d, 0) END AS incidents_30d,
       CASE WHEN last_day IS NOT NULL THEN coalesce(incidents_365d, 0) END AS incidents_365d,
       CASE WHEN last_day IS NOT NULL THEN coalesce(resolved_365d, 0) END AS resolved_365d,
       CASE WHEN last_day IS NOT NULL THEN coalesce(open_365d, 0) END AS open_365d,
       CASE WHEN last_day IS NOT NULL THEN coalesce(overdue_365d, 0) END AS overdue_365d,
       CASE WHEN last_day IS NOT NULL
            THEN coalesce(incidents_365d, 0) * 1000.0::double precision / nullif(population, 0) END
           AS incidents_365d_per_1000_people,
       CASE WHEN last_day IS NOT NULL THEN coalesce(incidents_365d, 0) / area_km2 END
           AS incidents_365d_per_km2,
       geom
FROM area
CROSS JOIN span
LEFT JOIN summed ON summed.level = area.level AND summed.code = area.code
WHERE valid_to IS NULL;

CREATE VIEW open_incident WITH (security_invoker = true) AS
SELECT hashtextextended(concat_ws(chr(31), county_code, source, incident_id, occurred_on), 0)
           AS incident_key,
       source, incident_id, occurred_on, occurred_at, received_at, deadline, resolved_at,
       category.code AS category, category.name_zh AS category_zh, category.name_en AS category_en,
       channel.code AS channel, channel.name_zh AS channel_zh, channel.name_en AS channel_en,
       status.code AS status, status.name_zh AS status_zh, status.name_en AS status_en,
       scale.code AS scale, method, organisation, people AS people_involved,
       (ARRAY['province', 'city', 'county', 'township', 'village', 'point'])[precision + 1]
           AS located_to,
       city_code, county_code, township_code, village_code, cell_code, geom
FROM incident
LEFT JOIN term AS category ON category.kind = 'category' AND category.id = incident.category
LEFT JOIN term AS channel ON channel.kind = 'channel' AND channel.id = incident.channel
LEFT JOIN term AS status ON status.kind = 'status' AND status.id = incident.status
LEFT JOIN term AS scale ON scale.kind = 'scale' AND scale.id = incident.scale;

COMMENT ON VIEW open_area IS
    'Areas of every level in force today. 现行各级区域。';
COMMENT ON COLUMN open_area.area_id IS 'Unique number of this version of the area: the key. 区域版本的唯一编号（主键）';
COMMENT ON COLUMN open_area.code IS 'Code of the area. 区域编码';
COMMENT ON COLUMN open_area.level IS '0 province, 1 city, 2 county, 3 township, 4 village, 5 cell. 层级';
COMMENT ON COLUMN open_area.level_name IS 'The same in a word. 层级名称';
COMMENT ON COLUMN open_area.name IS 'Name. 名称';
COMMENT ON COLUMN open_area.name_en IS 'English name, where there is one. 英文名称';
COMMENT ON COLUMN open_area.kind IS 'What kind of area it is, where that is known. 类型';
COMMENT ON COLUMN open_area.parent_code IS 'Code of the area it is a part of. 上级编码';
COMMENT ON COLUMN open_area.province_code IS 'Code of its province. 所属省编码';
COMMENT ON COLUMN open_area.city_code IS 'Code of its city. 所属市编码';
COMMENT ON COLUMN open_area.county_code IS 'Code of its county, or of what stands in for it. 所属县编码';
COMMENT ON COLUMN open_area.township_code IS 'Code of its township, or of what stands in for it. 所属乡镇编码';
COMMENT ON COLUMN open_area.village_code IS 'Code of its village. 所属村编码';
COMMENT ON COLUMN open_area.population IS 'People; null where nobody counted. 人口（人）';
COMMENT ON COLUMN open_area.households IS 'Households; null where nobody counted. 户数（户）';
COMMENT ON COLUMN open_area.area_km2 IS 'Size in km², measured in an equal-area projection. 面积（平方公里）';
COMMENT ON COLUMN open_area.valid_from IS 'First day this outline was in force. 启用日期';
COMMENT ON COLUMN open_area.geom IS 'Outline, MultiPolygon, EPSG:4326. 边界';

COMMENT ON VIEW open_area_figures IS
    'Areas of every level in force today with their incidents of the last 30 and 365 days of data. 现行各级区域及最近 30 天、365 天的事件数。';
COMMENT ON COLUMN open_area_figures.area_id IS 'Unique number of this version of the area: the key. 区域版本的唯一编号（主键）';
COMMENT ON COLUMN open_area_figures.code IS 'Code of the area. 区域编码';
COMMENT ON COLUMN open_area_figures.level IS '0 province, 1 city, 2 county, 3 township, 4 village, 5 cell. 层级';
COMMENT ON COLUMN open_area_figures.level_name IS 'The same in a word. 层级名称';
COMMENT ON COLUMN open_area_figures.name IS 'Name. 名称';
COMMENT ON COLUMN open_area_figures.name_en IS 'English name, where there is one. 英文名称';
COMMENT ON COLUMN open_area_figures.parent_code IS 'Code of the area it is a part of. 上级编码';
COMMENT ON COLUMN open_area_figures.county_code IS 'Code of its county, or of what stands in for it. 所属县编码';
COMMENT ON COLUMN open_area_figures.township_code IS 'Code of its township, or of what stands in for it. 所属乡镇编码';
COMMENT ON COLUMN open_area_figures.population IS 'People; null where nobody counted. 人口（人）';
COMMENT ON COLUMN open_area_figures.households IS 'Households; null where nobody counted. 户数（户）';
COMMENT ON COLUMN open_area_figures.area_km2 IS 'Size in km². 面积（平方公里）';
COMMENT ON COLUMN open_area_figures.first_day_365d IS 'First of the 365 days. 365 天的首日';
COMMENT ON COLUMN open_area_figures.first_day_30d IS 'First of the 30 days. 30 天的首日';
COMMENT ON COLUMN open_area_figures.last_day IS 'Last day of all data, the last of both periods. 数据末日';
COMMENT ON COLUMN open_area_figures.as_of IS 'The moment by which deadlines are overdue. 逾期判定时点';
COMMENT ON COLUMN open_area_figures.incidents_30d IS 'Incidents of the 30 days; 0 means none, null no data. 30 天事件数（件）';
COMMENT ON COLUMN open_area_figures.incidents_365d IS 'Incidents of the 365 days; 0 means none, null no data. 365 天事件数（件）';
COMMENT ON COLUMN open_area_figures.resolved_365d IS 'Of the 365 days'' incidents, those resolved. 其中已化解（件）';
COMMENT ON COLUMN open_area_figures.open_365d IS 'Of the 365 days'' incidents, those still open. 其中办理中（件）';
COMMENT ON COLUMN open_area_figures.overdue_365d IS 'Of those open, the ones whose deadline lay before as_of; those without a deadline are not among them. 其中逾期（件）';
COMMENT ON COLUMN open_area_figures.incidents_365d_per_1000_people IS 'Incidents of the 365 days per 1,000 people; null where the population is unknown. Below 20 incidents too uncertain to compare. 每千人事件数（件/千人·365 天）';
COMMENT ON COLUMN open_area_figures.incidents_365d_per_km2 IS 'Incidents of the 365 days per km². 每平方公里事件数（件/平方公里·365 天）';
COMMENT ON COLUMN open_area_figures.geom IS 'Outline, MultiPolygon, EPSG:4326. 边界';

COMMENT ON VIEW open_incident IS
    'Incidents, one row each; no column names a person. 事件，每行一件；不含任何个人信息。';
COMMENT ON COLUMN open_incident.incident_key IS 'A 64-bit digest of what identifies the incident: the key. 事件标识的 64 位摘要（主键）';
COMMENT ON COLUMN open_incident.source IS 'Who sent it. 来源';
COMMENT ON COLUMN open_incident.incident_id IS 'Its number there. 来源编号';
COMMENT ON COLUMN open_incident.occurred_on IS 'Local day it occurred. 发生日期';
COMMENT ON COLUMN open_incident.occurred_at IS 'Moment it occurred. 发生时间';
COMMENT ON COLUMN open_incident.received_at IS 'Moment it was received. 受理时间';
COMMENT ON COLUMN open_incident.deadline IS 'By when it is to be resolved; null where nobody set one. 化解时限';
COMMENT ON COLUMN open_incident.resolved_at IS 'When it was resolved. 化解时间';
COMMENT ON COLUMN open_incident.category IS 'Code of its category. 类别代码';
COMMENT ON COLUMN open_incident.category_zh IS 'Chinese name of its category. 类别';
COMMENT ON COLUMN open_incident.category_en IS 'English name of its category. 类别英文名';
COMMENT ON COLUMN open_incident.channel IS 'Code of the way it came in. 渠道代码';
COMMENT ON COLUMN open_incident.channel_zh IS 'Chinese name of the way it came in. 渠道';
COMMENT ON COLUMN open_incident.channel_en IS 'English name of the way it came in. 渠道英文名';
COMMENT ON COLUMN open_incident.status IS 'open, resolved or failed. 状态代码';
COMMENT ON COLUMN open_incident.status_zh IS 'Chinese name of its status. 状态';
COMMENT ON COLUMN open_incident.status_en IS 'English name of its status. 状态英文名';
COMMENT ON COLUMN open_incident.scale IS 'Code of its scale. 规模代码';
COMMENT ON COLUMN open_incident.method IS 'How it was resolved. 化解方式';
COMMENT ON COLUMN open_incident.organisation IS 'Who resolves it. 化解组织';
COMMENT ON COLUMN open_incident.people_involved IS 'How many people it involves, a number alone. 涉及人数';
COMMENT ON COLUMN open_incident.located_to IS 'How well its place is known: point, or the level of the area. 定位精度';
COMMENT ON COLUMN open_incident.city_code IS 'Code of the city. 市编码';
COMMENT ON COLUMN open_incident.county_code IS 'Code of the county, or of what stands in for it. 县编码';
COMMENT ON COLUMN open_incident.township_code IS 'Code of the township, or of what stands in for it. 乡镇编码';
COMMENT ON COLUMN open_incident.village_code IS 'Code of the village. 村编码';
COMMENT ON COLUMN open_incident.cell_code IS 'Code of the cell in force on that day. 当时的网格编码';
COMMENT ON COLUMN open_incident.geom IS 'Place, Point, EPSG:4326; null where only an area is known. 位置';

-- Rights. Views read as their reader, who therefore needs the columns beneath; granted one by one,
-- so that a GIS lists the views and not the tables.
GRANT USAGE ON SCHEMA gridboard TO gridboard_gis_province, gridboard_gis_city,
    gridboard_gis_county, gridboard_gis_township;
GRANT SELECT ON open_area, open_area_figures, open_incident TO gridboard_gis_province,
    gridboard_gis_city, gridboard_gis_county, gridboard_gis_township;
GRANT SELECT (login, scope_slot, scope_code) ON gis_login TO gridboard_gis_province,
    gridboard_gis_city, gridboard_gis_county, gridboard_gis_township;
GRANT SELECT (area_id, code, level, name, name_en, kind, parent_code, province_code, city_code,
              county_code, township_code, village_code, population, households, area_km2,
              valid_from, valid_to, geom)
    ON area TO gridboard_gis_province, gridboard_gis_city, gridboard_gis_county,
    gridboard_gis_township;
GRANT SELECT (cell_id, county_code, city_code, township_code, village_code, cell_code, source,
              incident_id, occurred_on, occurred_at, received_at, deadline, resolved_at, category,
              channel, status, scale, method, organisation, people, precision, geom)
    ON incident TO gridboard_gis_province, gridboard_gis_city, gridboard_gis_county,
    gridboard_gis_township;
GRANT SELECT (kind, id, code, name_zh, name_en) ON term TO gridboard_gis_province,
    gridboard_gis_city, gridboard_gis_county, gridboard_gis_township;
GRANT SELECT (last_day, changed_at) ON revision TO gridboard_gis_province,
    gridboard_gis_city, gridboard_gis_county, gridboard_gis_township;
GRANT SELECT (time_zone) ON hierarchy TO gridboard_gis_province,
    gridboard_gis_city, gridboard_gis_county, gridboard_gis_township;

DO $$
DECLARE
    all_gis text := 'gridboard_gis_province, gridboard_gis_city, gridboard_gis_county,'
        ' gridboard_gis_township';
    kinds text[] := ARRAY['province', 'city', 'county', 'township'];
    slot integer;
    place text;
    own_scope text := '(SELECT scope_code FROM gis_login'
        ' WHERE login = session_user AND scope_slot = %s)';
BEGIN
    ALTER TABLE gis_login ENABLE ROW LEVEL SECURITY;
    EXECUTE format('CREATE POLICY own_row ON gis_login FOR SELECT TO %s'
        ' USING (login = session_user)', all_gis);
    FOREACH place IN ARRAY ARRAY['area', 'incident'] LOOP
        -- Asked also of the whole: a login of another database of the cluster sees nothing here.
        EXECUTE format('CREATE POLICY gis_province_reads ON %I FOR SELECT'
            ' TO gridboard_gis_province USING (' || format(own_scope, 0) || ' IS NOT NULL)', place);
        FOR slot IN 1 .. 3 LOOP
            EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO %I USING (%I = ',
                    'gis_' || kinds[slot + 1] || '_reads', place,
                    'gridboard_gis_' || kinds[slot + 1], kinds[slot + 1] || '_code')
                || format(own_scope, slot) || ')';
        END LOOP;
    END LOOP;
    FOREACH place IN ARRAY ARRAY['term', 'revision', 'hierarchy'] LOOP
        EXECUTE format('CREATE POLICY gis_reads ON %I FOR SELECT TO %s USING (%s)', place, all_gis,
            'EXISTS (SELECT FROM gis_login WHERE login = session_user)');
    END LOOP;
END
$$;
