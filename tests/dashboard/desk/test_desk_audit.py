"""Whatever an operator brings in, asks for or takes away is written down, in the own name."""

from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.areas import PROVINCE
from tests.dashboard.desk.conftest import OPERATOR, Put
from tests.dashboard.visitors import Visitors


def test_uploads_jobs_and_exports_are_in_the_audit_log(
    operator: FlaskClient, desk_admin: Engine, desk_visitors: Visitors, put_batch: Put
) -> None:
    login = desk_visitors.account(OPERATOR).login
    batch_id = put_batch(rejects=[("unknown_code", {"编号": "1"})])
    upload = operator.put("/data/uploads?name=october.csv", data=b"a,b\n1,2\n").json["upload"]
    job = operator.post("/data/jobs", json={"kind": "undo", "batch_id": batch_id}).json["job"]
    with operator.get(f"/data/batches/{batch_id}/rejects.csv") as answer:
        assert answer.status_code == 200
    query = text(
        "SELECT action, actor, scope_code, role, address, request_id IS NOT NULL, detail"
        " FROM audit ORDER BY audit_id DESC LIMIT 3"
    )
    with desk_admin.connect() as connection:
        lines = [tuple(row) for row in connection.execute(query)][::-1]
    assert [line[0] for line in lines] == ["upload", "job", "export"]
    assert {line[1:6] for line in lines} == {(login, PROVINCE, "operator", "127.0.0.1", True)}
    details = [line[6] for line in lines]
    assert details == [
        {"upload": upload, "file": "october.csv", "bytes": 8},
        {"job": job, "what": "undo"},
        {"what": f"rejects-{batch_id}.csv", "rows": 1},
    ]


def test_what_is_not_there_to_export_leaves_no_line(
    operator: FlaskClient, desk_admin: Engine
) -> None:
    count = text("SELECT count(*) FROM audit WHERE action = 'export'")
    with desk_admin.connect() as connection:
        before = connection.execute(count).scalar_one()
    assert operator.get("/data/batches/999999/rejects.csv").status_code == 404
    with desk_admin.connect() as connection:
        assert connection.execute(count).scalar_one() == before
