"""Two databases that are the same within one county, and differ everywhere else.

Whatever a viewer of that county is answered must be the same in both: an answer that hangs on
anything outside, be it a name, a count, a class break or an order, differs. And in the first one
everything outside carries a mark, which must be in no answer at all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from geo.audit import Deed, record
from geo.settings import DatabaseSettings
from geo.viewer import ROLES
from tests.areas import CITY, COUNTY, OTHER_COUNTY, PROVINCE, TOWNSHIPS, cell_code
from tests.dashboard.visitors import Visitors, make_account
from tests.dashboard.world import load_world, make_cases
from tests.databases import opened

MARK = "Beyondness"
"""In every name, file, login and message outside of the county."""

NOWHERE = "Nowherenes"
"""As long as the mark, and nowhere."""

OWN_MARK = "Withinness"
"""In every file, login and message of the county: what other roles must not see."""

MISSING_COUNTY = "990109"
"""As long as a real code, and nowhere."""

NOT_IN_VIEW = (
    (OTHER_COUNTY, MISSING_COUNTY),
    (CITY, "990900"),
    (PROVINCE, "980000"),
    (TOWNSHIPS["E"], "990102999"),
    (cell_code("E1"), "990102001000009"),
)
"""At each level the code of an area outside the county, and one like it that is nowhere."""

FOREIGN_POPULATION = 77_345_001

_INSIDE = f"ARRAY['{COUNTY}', '{TOWNSHIPS['S']}', '{TOWNSHIPS['N']}']"
_OUTSIDE = f"(county_code IS DISTINCT FROM '{COUNTY}')"

_MARK_AREAS = f"""
    UPDATE area SET name = '{MARK}' || code, name_en = '{MARK} ' || code, kind = '{MARK}',
        population = {FOREIGN_POPULATION}
    WHERE {_OUTSIDE};
    INSERT INTO gazetteer (name, city_code, county_code, township_code, geom)
    SELECT '{MARK}', city_code, county_code, township_code, label FROM area
    WHERE {_OUTSIDE} AND level = 5;
    ANALYZE;
"""  # noqa: S608 - constants of this file
# Numbers of four digits: others that do not exist are as long, so answers can be compared by bytes.
_COUNT_FROM_1000 = """
    ALTER TABLE batch ALTER batch_id RESTART 1000;
    ALTER TABLE upload ALTER upload_id RESTART 1000;
    ALTER TABLE job ALTER job_id RESTART 1000;
    ALTER TABLE account ALTER account_id RESTART 1000;
    ALTER TABLE session ALTER session_id RESTART 1000;
    ALTER TABLE campaign ALTER campaign_id RESTART 1000;
    ALTER TABLE area ALTER area_id RESTART 1000;
"""
_REMOVE_OUTSIDE = f"""
    UPDATE area SET name = 'x' || code, name_en = NULL, kind = NULL, population = 5
    WHERE {_OUTSIDE};
    DELETE FROM incident WHERE {_OUTSIDE};
    DELETE FROM rollup_cell WHERE {_OUTSIDE};
    DELETE FROM rollup_county WHERE {_OUTSIDE};
    DELETE FROM gazetteer WHERE {_OUTSIDE};
    DELETE FROM reject USING batch
    WHERE batch.batch_id = reject.batch_id AND scope_code <> '{COUNTY}';
    DELETE FROM batch WHERE scope_code <> '{COUNTY}';
    DELETE FROM job WHERE scope_code <> '{COUNTY}';
    DELETE FROM upload WHERE scope_code <> '{COUNTY}';
    DELETE FROM campaign WHERE area_code <> '{COUNTY}';
    DELETE FROM account WHERE NOT scope_codes <@ {_INSIDE};
    DELETE FROM audit WHERE NOT scope_code = ANY ({_INSIDE});
"""  # noqa: S608 - constants of this file
_INSERT_BATCH = text(
    "INSERT INTO batch (scope_code, kind, source, file_name, profile, author, finished_at,"
    " rows_read, rows_loaded, rows_rejected, first_day, last_day)"
    " VALUES (:scope, 'incident', :mark, :mark || '.csv', :mark, :mark, '2024-03-01Z', 4242, 4241,"
    " 1, '2024-01-01', '2024-01-02') RETURNING batch_id"
)
_INSERT_REJECT = text(
    "INSERT INTO reject (batch_id, row, reason, raw)"
    " VALUES (:batch, 1, 'no place', CAST(:raw AS jsonb))"
)
_INSERT_UPLOAD = text(
    "INSERT INTO upload (scope_code, author, file_name, bytes, file_sha256, uploaded_at)"
    " VALUES (:scope, :mark, :mark || '.csv', 4242, '', '2024-03-01Z') RETURNING upload_id"
)
_INSERT_JOB = text(
    "INSERT INTO job (scope_code, author, kind, state, request, result, batch_id, asked_at,"
    " started_at, finished_at) VALUES (:scope, :mark, :kind, :state, CAST(:request AS jsonb),"
    " CAST(:result AS jsonb), :batch, '2024-03-01Z', '2024-03-01Z', '2024-03-01Z') RETURNING job_id"
)
_INSERT_CAMPAIGN = text(
    "INSERT INTO campaign (name, area_code, city_code, county_code, township_code, since, until,"
    " author, created_at) SELECT :mark, code, city_code, county_code, township_code, '2023-09-01',"
    " '2023-10-01', :mark, '2024-03-01Z' FROM current_area WHERE code = :scope"
    " RETURNING campaign_id"
)


@dataclass(frozen=True)
class Things:
    """Numbers of what belongs to one scope."""

    area_id: int
    cell_id: int
    batch: int
    upload: int
    check: int
    load: int
    waiting: int
    account: int
    session: int
    campaign: int


@dataclass(frozen=True)
class Facts:
    """What addresses are made of.

    Attributes:
        revision: version of the areas.
        incidents: version of the incidents.
        own, foreign, missing: what is there in the county, elsewhere, and nowhere.
        tokens: cookies by ``role@county``, of the county's viewers.
    """

    revision: int
    incidents: int
    own: Things
    foreign: Things
    missing: Things
    tokens: dict[str, str]


def build(database: DatabaseSettings, state: Path) -> Facts:
    """Fill the first database, and the state folder with the files its jobs left."""
    with opened(database, "admin") as engine, engine.begin() as connection:
        connection.exec_driver_sql(_COUNT_FROM_1000)
    with opened(database, "loader") as engine:
        load_world(engine, make_cases(700))
    with opened(database, "app") as engine:
        visitors = Visitors(database, engine)
        tokens = {role: visitors.token(f"{role}@county:{COUNTY}") for role in ROLES}
        tokens["province"] = visitors.token(f"admin@province:{PROVINCE}")
        tokens["both"] = visitors.token(f"admin@county:{COUNTY},county:{OTHER_COUNTY}")
        tokens["neighbour"] = visitors.token(f"admin@county:{OTHER_COUNTY}")
        tokens["township"] = visitors.token(f"leader@township:{TOWNSHIPS['S']}")
    # One who works here and there: what was done to it is no business of the county's admin.
    make_account(database, f"leader@county:{COUNTY},county:{OTHER_COUNTY}", MARK)
    with opened(database, "admin") as engine, engine.begin() as connection:
        connection.exec_driver_sql(_MARK_AREAS)
        own = _plant(connection, COUNTY, cell_code("S1"), OWN_MARK, state)
        foreign = _plant(connection, OTHER_COUNTY, cell_code("E1"), MARK, state)
        _plant(connection, CITY, cell_code("J1"), MARK, state)
        _plant(connection, PROVINCE, cell_code("J2"), MARK, state)
        revision, incidents = (
            connection.scalar(
                text("SELECT number FROM revision WHERE kind = :kind"), {"kind": kind}
            )
            for kind in ("area", "incident")
        )
    nothing = Things(*range(9_900, 9_910))
    return Facts(int(revision or 0), int(incidents or 0), own, foreign, nothing, tokens)


def change_all_outside(database: DatabaseSettings) -> None:
    """Make of a copy of the first database the second one."""
    with opened(database, "admin") as engine, engine.begin() as connection:
        connection.exec_driver_sql(_REMOVE_OUTSIDE)


def _plant(connection: Connection, scope: str, cell: str, mark: str, state: Path) -> Things:
    def put(statement: object, **values: object) -> int:
        return int(
            connection.execute(statement, {"scope": scope, "mark": mark} | values).scalar_one()
        )  # type: ignore[call-overload]

    batch = put(_INSERT_BATCH)
    connection.execute(_INSERT_REJECT, {"batch": batch, "raw": json.dumps({"note": mark})})
    upload = put(_INSERT_UPLOAD)
    file = {"upload": upload}
    defect = {"kind": "overlap", "code": cell, "other": mark, "lon": 100.0, "lat": 36.0}
    result = {"geojson": "defects.geojson", "rows": [defect], "defects": {"overlap": 4242}}
    jobs = [
        put(_INSERT_JOB, kind=kind, state=job_state, batch=of, request=json.dumps(asked),
            result=json.dumps(left))
        for kind, job_state, of, asked, left in (
            ("check", "done", None, {"file": file, "profile": mark}, result),
            ("load", "done", batch, {"file": file, "what": "incidents", "profile": mark}, {}),
            ("check", "waiting", None, {"file": file, "profile": mark}, None),
        )
    ]  # fmt: skip
    folder = state / "jobs" / str(jobs[0])
    folder.mkdir(parents=True)
    (folder / "defects.geojson").write_text(json.dumps({"type": mark}), encoding="utf-8")
    account = put(
        text(
            "INSERT INTO account (login, name, role, scope_slots, scope_codes, created_by)"
            " SELECT lower(:mark) || :scope, :mark, 'leader', ARRAY[level], ARRAY[code], :mark"
            " FROM current_area WHERE code = :scope RETURNING account_id"
        )
    )
    session = put(
        text(
            "INSERT INTO session (token_sha256, account_id, scope_slot, scope_code, via, address,"
            " browser, expires_at) SELECT sha256(login::bytea), account_id, scope_slots[1],"
            " :scope, 'password', :mark, :mark, '2124-01-01Z' FROM account"
            " WHERE account_id = :account RETURNING session_id"
        ),
        account=account,
    )
    record(connection, Deed(mark, scope, "export", "leader", mark, mark, {"what": mark}))
    area_id = put(text("SELECT area_id FROM current_area WHERE code = :scope"))
    cell_id = put(text("SELECT area_id FROM current_area WHERE code = :cell"), cell=cell)
    campaign = put(_INSERT_CAMPAIGN)
    return Things(area_id, cell_id, batch, upload, *jobs, account, session, campaign)
