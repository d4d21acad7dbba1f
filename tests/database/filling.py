"""Rows inside and outside of every scope, in every table, put there without the loader."""

from dataclasses import asdict

import numpy as np
from geopandas import GeoDataFrame
from sqlalchemy import Connection, Engine, text

from geo.blocks import CELL_ENTRY, HOUR_ENTRY, days_of, encode, merge, tally, totals_of
from geo.lineage import lineages
from tests.areas import province_areas

INSERT_AREA = """
    INSERT INTO area (code, level, parent_code, province_code, city_code, county_code,
        township_code, village_code, name, name_en, population, households, area_km2, geom, label,
        valid_from)
    VALUES (:code, :level, :parent_code, :province_code, :city_code, :county_code,
        :township_code, :village_code, :name, :name_en, :population, :households, 1.0,
        ST_Multi(ST_GeomFromWKB(:wkb, 4326)), ST_PointOnSurface(ST_GeomFromWKB(:wkb, 4326)),
        '2020-01-01')
"""
INSERT_SHAPES = """
    INSERT INTO area_shape (layer, band, area_id, city_code, county_code, township_code, geom)
    SELECT level, band, area_id, city_code, county_code, township_code, ST_Transform(geom, 3857)
    FROM current_area, generate_series(0, 2) AS band
"""
# One incident and one month of rollups for each cell; a day per cell.
INSERT_INCIDENTS = """
    INSERT INTO incident (county_code, source, incident_id, occurred_on, occurred_at, received_at,
        category, channel, status, precision, geom, city_code, township_code, cell_code, cell_id,
        batch_id)
    SELECT county_code, 'test', code, '2025-03-04', '2025-03-04 10:00+08', '2025-03-04 11:00+08',
        1, 1, 1, 5, label, city_code, township_code, code, area_id, 1
    FROM current_area WHERE level = 5
"""
INSERT_LOADING = """
    INSERT INTO former_incident SELECT incident.*, 2 FROM incident;
    INSERT INTO gazetteer (name, city_code, county_code, township_code, geom)
    SELECT name, city_code, county_code, township_code, label FROM current_area WHERE level = 5;
    INSERT INTO division (code, name, level) SELECT code, name, level FROM current_area;
"""
INSERT_PLANS = """
    INSERT INTO plan (name, author, scope_code, city_code, county_code, township_code)
    SELECT name, 'planner', code, city_code, county_code, township_code
    FROM current_area WHERE level < 5;
    INSERT INTO plan_edit (plan_id, number, author, edit) SELECT plan_id, 1, 'planner', '{}'
    FROM plan;
    INSERT INTO plan_cell (plan_id, code, parent_code, name, geom)
    SELECT plan.plan_id, 'new', scope_code, 'new', area.geom
    FROM plan JOIN area ON area.code = plan.scope_code;
    INSERT INTO crosswalk (old_code, new_code, changed_on, city_code, county_code, township_code,
        share_area)
    SELECT code, code || 'x', '2025-01-01', city_code, county_code, township_code, 1
    FROM current_area WHERE level = 5;
"""
INSERT_ADMINISTRATION = """
    INSERT INTO batch (scope_code, kind, source) SELECT code, 'incident', 'test'
    FROM current_area WHERE level < 5;
    INSERT INTO reject (batch_id, row, reason, raw) SELECT batch_id, 1, 'test', '{}' FROM batch;
    INSERT INTO display (name, scope_slot, scope_code)
    SELECT name, level, code FROM current_area WHERE level < 4;
    INSERT INTO audit (actor, scope_code, action) SELECT 'test', code, 'test'
    FROM current_area WHERE level < 5;
    INSERT INTO job (scope_code, author, kind, request)
    SELECT code, 'operator', 'undo', '{}' FROM current_area WHERE level < 5;
    INSERT INTO upload (scope_code, author, file_name, bytes, file_sha256)
    SELECT code, 'operator', 'a.csv', 1, '' FROM current_area WHERE level < 5;
    INSERT INTO campaign (name, area_code, city_code, county_code, township_code, since, until,
        author)
    SELECT name, code, city_code, county_code, township_code, '2025-03-01', '2025-04-01', 'leader'
    FROM current_area WHERE level < 5;
    INSERT INTO hierarchy VALUES ('990000', '{}', 'Asia/Shanghai', 'EPSG:6933');
"""
# An account for each scope, and two with several: one within a county, one across two.
INSERT_PEOPLE = """
    INSERT INTO account (login, name, role, scope_slots, scope_codes)
    SELECT code, name, 'leader', ARRAY[level], ARRAY[code] FROM current_area WHERE level < 4;
    INSERT INTO account (login, name, role, scope_slots, scope_codes)
    VALUES ('within', 'two towns', 'operator', '{3,3}', '{990101001,990101002}'),
        ('across', 'two counties', 'operator', '{2,2}', '{990101,990102}'),
        ('former', 'an area that is gone', 'leader', '{2}', '{990199}');
    INSERT INTO account (login, name, role, scope_slots, scope_codes, subject)
    SELECT 'oidc' || code, name, 'leader', ARRAY[level], ARRAY[code], 'issuer ' || code
    FROM current_area WHERE level BETWEEN 1 AND 3;
    INSERT INTO credential (account_id, password_hash) SELECT account_id, 'x' FROM account;
    INSERT INTO invitation (token_sha256, account_id, made_by, expires_at)
    SELECT sha256(login::bytea), account_id, 'test', now() FROM account;
    INSERT INTO session (token_sha256, account_id, scope_slot, scope_code, via, expires_at)
    SELECT sha256(login::bytea), account_id, scope_slots[1], scope_codes[1], 'password', now()
    FROM account;
    INSERT INTO failed_log_in (login_sha256, address) VALUES ('x', '127.0.0.1');
    -- Before anybody is known to be logging in there is no scope.
    INSERT INTO audit (actor, scope_code, action) VALUES ('', '', 'log_in_failed');
"""
INSERT_ROLLUP_CELL = """
    INSERT INTO rollup_cell (county_code, township_code, month, city_code, entries)
    SELECT DISTINCT county_code, township_code, date '2025-03-01', city_code, :entries ::bytea
    FROM incident
"""
INSERT_ROLLUP_COUNTY = """
    INSERT INTO rollup_county (county_code, month, city_code, days, totals, hours)
    SELECT DISTINCT county_code, date '2025-03-01', city_code, :days ::bytea, :totals ::bytea,
        :hours ::bytea
    FROM incident
"""


def fill(engine: Engine) -> None:
    """Put rows inside and outside of every scope into every table, as the administrator."""
    with engine.begin() as connection:
        insert_areas(connection, province_areas())
        connection.execute(text(INSERT_SHAPES))
        connection.execute(text("SELECT ensure_incident_partitions('2024-12-31', '2025-12-31')"))
        connection.execute(text(INSERT_INCIDENTS))
        _insert_rollups(connection)
        connection.exec_driver_sql(INSERT_LOADING)
        connection.exec_driver_sql(INSERT_PLANS)
        connection.exec_driver_sql(INSERT_ADMINISTRATION)
        connection.exec_driver_sql(INSERT_PEOPLE)


def insert_areas(connection: Connection, areas: GeoDataFrame) -> None:
    """Put areas into the table as they are."""
    records = areas.astype(object).where(areas.notna(), None).to_dict("records")
    lineage = lineages(
        {area["code"]: area["level"] for area in records},
        {area["code"]: area["parent_code"] for area in records},
    )
    for area in records:
        wkb = area.pop("geometry").wkb
        connection.execute(text(INSERT_AREA), area | asdict(lineage[area["code"]]) | {"wkb": wkb})


def _insert_rollups(connection: Connection) -> None:
    block = merge(np.empty(0, CELL_ENTRY), tally(1, 4, 1, 1, 1))
    blocks = {
        "entries": encode(block),
        "days": encode(days_of(block)),
        "totals": encode(totals_of(block)),
        "hours": encode(np.array([(1, 4, 1, 1, 1, 12)], HOUR_ENTRY)),
    }
    connection.execute(text(INSERT_ROLLUP_CELL), blocks)
    connection.execute(text(INSERT_ROLLUP_COUNTY), blocks)
