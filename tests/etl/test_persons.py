"""Person data is found by header and by content, and nothing else is taken for it."""

import csv
import pickle
import random
import traceback

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.persons import Findings, PersonDataError, find_headers, scan_columns
from etl.persons.headers import header_kind
from etl.persons.names import is_name
from etl.profiles import Dictionary, Incidents, Recorded, Term, Time
from geo.errors import InputError
from tests.real import real_file

DIVISIONS = "gansu/divisions_2023.csv"
RULES = Incidents(
    source="test",
    crs="EPSG:4326",
    incident_id=("id",),
    lon="lon",
    lat="lat",
    address="place",
    recorded=Recorded(column="cell"),
    leave_out=("private",),
    occurred_at=Time(column="time"),
    category=Dictionary(column="category"),
    channel=Dictionary(constant="hotline"),
    status=Dictionary(constant="open"),
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""Of the check digit, as GB 11643 prints them."""


def id_number(region: str, born: str, order: int) -> str:
    begin = f"{region}{born}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(begin, WEIGHTS, strict=True))
    return begin + "10X98765432"[total % 11]


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def found(**columns: list[str | None]) -> dict[tuple[object, object], object]:
    frame = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    return {(x["column"], x["kind"]): x["rows"] for x in scan_columns(frame, RULES).rows()}


ID = id_number("620102", "19800101", 123)


HEADERS = {
    "names": (
        "姓名 当事人1姓名 当事人 当事人（甲方） 申请人 被申请人姓名 联系人 户主 网格员 "
        "full_name First_Name contact Contact-Person complainant party_1 party1_name "
        "反映人姓名 name_of_applicant"
    ),
    "ID numbers": (
        "身份证号 身份证_号码 证件号码 公民身份号码 ID_CARD id-card-no 当事人身份证 passport"
    ),
    "phone numbers": (
        "联系电话 lxdh 电话 电话1 ｐｈｏｎｅ Phone_Number mobile 手机号码 联系方式 Tel 当事人电话"
    ),
    "home addresses": ("户籍地址 住址 家庭住址 现住址 居住地址 当事人地址 home_address 户籍所在地"),
    "ethnicity": ("民族 民族成份 当事人民族 ethnicity"),
    "religion": ("宗教 宗教信仰 religion"),
    "dates of birth": ("出生日期 date_of_birth"),
    "accounts": ("微信号 email 银行卡号"),
}
OTHER_HEADERS = (
    "事件名称 网格名称 组织名称 单位名称 地名 area_name name_of_area name_of_the_area "
    "event_name id name incident_id organisation organization_name grid_id 发生地址 "
    "事发地点 地址 当事人数 涉及人数 当事人数量 people 承办单位 联系单位 身份 民族乡 "
    "宗教事务 电话渠道 手机端 登记时间 contact_time telephone_calls reporter_type "
    "phone_channel house_number 化解组织 调解员人数"
)


@pytest.mark.parametrize(("kind", "headers"), HEADERS.items())
def test_headers_are_recognised(kind: str, headers: str) -> None:
    assert {header: header_kind(header) for header in headers.split()} == dict.fromkeys(
        headers.split(), kind
    )
    assert header_kind("姓　名") == "names"


@pytest.mark.parametrize("header", OTHER_HEADERS.split())
def test_other_headers_are_left_alone(header: str) -> None:
    assert header_kind(header) is None


def test_headers_are_known_before_anything_is_read() -> None:
    findings = find_headers(["id", "当事人1姓名", "private"], RULES)
    assert dict(findings.headers) == {"当事人1姓名": "names"}
    with pytest.raises(PersonDataError, match="当事人1姓名"):
        findings.refuse("list.csv")
    find_headers(["id", "事件名称", "private"], RULES).refuse("list.csv")


@pytest.mark.parametrize(
    "text",
    [ID, f"经核实{ID}到场", f"{ID[:6]} {ID[6:14]} {ID[14:]}", f"{ID[:6]}-{ID[6:14]}—{ID[14:]}",
     wide(ID), wide(f"({ID})"), f"案件620102202305100001，{ID}", "身份620102500101003号"],
)  # fmt: skip
def test_an_id_number_in_one_text_is_enough(text: str) -> None:
    texts: list[str | None] = ["邻里纠纷已调解", None] * 3000
    assert found(remark=[*texts, text]) == {("remark", "ID numbers"): 1}


@pytest.mark.parametrize(
    "text",
    ["13812345678", "电话138 1234 5678联系", wide("138-1234-5678"),
     "+86 13812345678", "+86(138)12345678", "8613812345678",
     "0931-8412345", "（0931）8412345", "010-62345678转",
     "2023-05-10 13812345678来电"],
)  # fmt: skip
def test_a_phone_number_in_one_text_is_enough(text: str) -> None:
    assert found(remark=["邻里纠纷已调解"] * 500 + [text]) == {("remark", "phone numbers"): 1}


@settings(deadline=None)
@given(
    st.integers(0, 999),
    st.dates(pd.Timestamp("1925-01-01").date(), pd.Timestamp("2008-01-01").date()),
)
def test_every_right_id_number_is_found_and_wrong_ones_are_not(order: int, born: object) -> None:
    number = id_number("622901", f"{born:%Y%m%d}", order)
    assert found(remark=[f"证{number}号"]) == {("remark", "ID numbers"): 1}
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert found(remark=[f"证{wrong}号"]) == {}


def test_business_numbers_are_no_id_numbers_but_hide_none() -> None:
    numbers: list[str | None] = [f"6201022023{m:02d}{d:02d}{n:04d}" for m in range(1, 13)
                                 for d in range(1, 29) for n in range(12)]  # fmt: skip
    assert found(id=numbers) == {}
    assert found(remark=numbers) == {}
    assert found(remark=[f"编号{number}" for number in numbers]) == {}
    assert found(remark=[*numbers, ID]) == {("remark", "ID numbers"): 1}
    right = [id_number("620102", f"19{n % 80 + 10}0{n % 9 + 1}11", n) for n in range(300)]
    assert found(id=[*numbers, *right]) == {("id", "ID numbers"): 300}


def test_codes_times_and_coordinates_are_no_numbers_of_persons() -> None:
    cells: list[str | None] = [f"620102{t}{v}{c:03d}" for t in range(200, 400, 7)
                               for v in range(200, 230) for c in range(1, 9)]  # fmt: skip
    assert found(cell=cells, other=cells) == {}
    assert found(cell=["620102500101003"]) == {}
    assert found(time=["2023-05-10 08:30:00.000000", "20230510083000", "1683705600000"]) == {}
    assert found(lon=[f"103.{n}" for n in range(13812345000, 13812345100)]) == {}
    assert found(id=[str(n) for n in range(13800000000, 13800003000)]) == {}
    assert found(hotline=["12345", "0931", "110"]) == {}


def test_rows_are_counted_once_however_many_numbers_they_hold() -> None:
    texts: list[str | None] = [
        "手机13812345678、13912345679",
        f"案件620102202305100001，{ID}和{ID}",
        "-",
    ]
    assert found(remark=texts) == {("remark", "phone numbers"): 1, ("remark", "ID numbers"): 1}


def test_landlines_without_anything_between() -> None:
    assert found(x=["09318412345", "09312812345"]) == {("x", "phone numbers"): 2}
    assert found(x=[f"{n:011d}" for n in range(3000)]) == {}
    assert found(x=["金额13800000000元"]) == {}


def test_fields_of_numbers_are_looked_at_too() -> None:
    frame = pd.DataFrame({"a": [13812345678, 15912345678], "b": [1.5, 2.0]})
    assert [x["column"] for x in scan_columns(frame, RULES).rows()] == ["a"]


def names(count: int) -> list[str | None]:
    some = random.Random(5)  # noqa: S311
    given = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英建国志成永红晓燕雪梅"
    return [
        some.choice("王李张刘陈杨黄赵吴周徐孙马朱胡")
        + "".join(some.sample(given, some.choice([1, 2])))
        for _ in range(count)
    ]


def test_a_column_of_names_is_found_whatever_it_is_called() -> None:
    assert found(办理=[*names(300), None]) == {("办理", "names"): 300}
    assert found(x=["陈伟", "李娜", "王建国"]) == {("x", "names"): 3}


def test_parties_called_by_name_in_texts_are_found() -> None:
    for text in (
        "当事人：张伟，因宅基地争执",
        "申请人李小红与被申请人王强因借款",
        "联系人: 马建国",
        "户主：欧阳明",
        "网格员王建国上门",
    ):
        assert found(remark=[text]) == {("remark", "names"): 1}
    for text in (
        "当事人高兴，双方和好",
        "村民马家湾道路积水",
        "居民安全意识差",
        "被告方应当到场说明",
    ):
        assert found(remark=[text]) == {}


def test_two_persons_set_against_each_other_are_found() -> None:
    for text in ("张伟与李娜因债务发生争执", "3月5日，王建国和赵秀兰在村口争吵", "陈勇诉刘洋"):
        assert found(remark=[text]) == {("remark", "names"): 1}
    for text in ("张家与李家因水渠争执", "金昌与白银之间的道路", "马路和石头", "高兴和平安"):
        assert found(remark=[text]) == {}


def test_villages_beside_each_other_are_no_persons() -> None:
    with real_file(DIVISIONS).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    some = random.Random(7)  # noqa: S311
    villages = [min(short_forms(row["name"]), key=len) for row in rows if row["level"] == "village"]
    texts: list[str | None] = [
        f"{some.choice(villages)}与{some.choice(villages)}因地界发生争执" for _ in range(3000)
    ]
    assert found(remark=texts) == {}


def test_peoples_religions_and_homes_are_found_by_content() -> None:
    assert found(x=["汉族", "回族", "东乡族"]) == {("x", "ethnicity"): 3}
    assert found(x=["伊斯兰教", "佛教"]) == {("x", "religion"): 2}
    assert found(x=["原告家住某小区东侧附近"]) == {("x", "home addresses"): 1}
    rooms: list[str | None] = [f"{n}号楼2单元301室" for n in range(9)]
    assert found(x=rooms) == {("x", "home addresses"): 9}
    assert found(place=rooms) == {}


def short_forms(name: str) -> set[str]:
    forms = {name}
    ends = "村民委员会 居民委员会 社区居委会 居委会 村委会 社区 街道办事处 街道 自治县 自治州"
    for end in (*ends.split(), *"省市县区镇乡村"):
        forms.add(name.removesuffix(end))
    return forms


def test_no_list_of_place_names_is_taken_for_persons() -> None:
    with real_file(DIVISIONS).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for level in ("city", "county", "township", "village"):
        full = [row["name"] for row in rows if row["level"] == level]
        for places in (full, [min(short_forms(name), key=len) for name in full]):
            assert found(x=list(places)) == {}, level
            assert sum(map(is_name, places)) < 0.06 * len(places)
        for start in range(0, len(full), 50):
            assert found(x=full[start : start + 50], category=full[start : start + 50]) == {}


def test_terms_may_look_like_names() -> None:
    terms = (Term(code="高安", name_zh="高安", name_en="high", values=("安明",)),)
    category = Dictionary(column="category", terms=terms)
    rules = RULES.model_copy(update={"category": category})
    frame = pd.DataFrame({"category": ["高安", "安明"]})
    assert scan_columns(frame, rules).rows() == []
    assert found(category=["王建国", "李秀英"]) == {("category", "names"): 2}


def test_names_in_identifiers_and_in_columns_of_terms_are_found() -> None:
    assert found(id=[f"王建国-{n}" for n in range(30)]) == {("id", "names"): 30}
    few: list[str | None] = ["邻里纠纷"] * 300
    assert found(category=["王建国与李秀英纠纷", *few]) == {("category", "names"): 1}
    assert found(category=["王建国与李秀英纠纷", "邻里纠纷"]) == {("category", "names"): 1}


def test_a_file_without_a_header_tells_nobodys_name() -> None:
    frame = pd.DataFrame(
        {"邻里": ["-"], "王建国": ["李秀英"], ID: [ID], "13893112345": ["13893112346"]}
    )
    findings = scan_columns(frame, RULES)
    with pytest.raises(PersonDataError, match="number 2 from the left") as refused:
        findings.refuse("cases.csv")
    for value in ("王建国", ID, "13893112345"):
        assert value not in str(refused.value)


def test_columns_left_out_are_not_looked_at() -> None:
    assert found(private=[ID, "13812345678"], id=["A-1", "A-2"]) == {}


def test_headers_of_numbers_that_the_profile_explains_are_let_through() -> None:
    rules = RULES.model_copy(update={"incident_id": ("id_number",), "people": "当事人"})
    assert not find_headers(["id_number", "当事人"], rules)
    assert find_headers(["id_number", "当事人"], RULES)
    frame = pd.DataFrame({"id_number": [id_number("620102", "19800101", n) for n in range(9)]})
    assert [x["kind"] for x in scan_columns(frame, rules).rows()] == ["ID numbers"]


def test_findings_add_up_over_chunks_in_any_order_and_travel() -> None:
    parts = [
        [f"编号6201022023051{n:05d}" for n in range(at, at + 500)] for at in range(0, 5000, 500)
    ]
    frames = [pd.DataFrame({"remark": pd.Series(part, dtype="str")}) for part in parts]
    frames.append(pd.DataFrame({"remark": [ID], "姓名": ["x"]}))
    scans = [pickle.loads(pickle.dumps(scan_columns(each, RULES))) for each in frames]  # noqa: S301
    whole = scan_columns(pd.concat(frames), RULES)
    for order in (scans, scans[::-1]):
        total = sum(order, Findings())
        assert sorted(map(str, total.rows())) == sorted(map(str, whole.rows()))
    assert {x["column"]: x["rows"] for x in whole.rows()} == {"remark": 1, "姓名": 1}


def test_the_refusal_names_columns_and_counts_and_no_value() -> None:
    frame = pd.DataFrame(
        {"姓名": ["张伟", None], "remark": [f"证{ID}", "电话13812345678"], "id": ["A-1", "A-2"]}
    )
    findings = scan_columns(frame, RULES)
    with pytest.raises(PersonDataError) as refused:
        findings.refuse("cases.csv")
    assert isinstance(refused.value, InputError)
    said = (
        "".join(traceback.format_exception(refused.value)) + repr(findings) + str(findings.rows())
    )
    for part in (
        "cases.csv",
        "'姓名'",
        "'remark'",
        "1 rows",
        "leave_out",
        "ID numbers",
        "phone numbers",
    ):
        assert part in said
    for value in (ID, "张伟", "13812345678", "A-1"):
        assert value not in said
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_texts_are_no_names_of_methods_organisations_or_terms() -> None:
    created = Dictionary(column="category", create=True)
    rules = RULES.model_copy(update={"method": "way", "organisation": "by", "category": created})
    sentence = "楼上漏水已三个月。多次上门未果"
    frame = pd.DataFrame(
        {
            "way": ["人民调解", sentence, "人民调解"],
            "by": ["城关区司法局", "雁南街道综治中心", "字" * 61],
            "category": ["邻里纠纷", "what now?", sentence],
            "remark": [sentence] * 3,
        },
        dtype="str",
    )
    rows = {(x["column"], x["kind"]): x["rows"] for x in scan_columns(frame, rules).rows()}
    assert rows == {("way", "free text"): 1, ("by", "free text"): 1, ("category", "free text"): 2}
    assert scan_columns(frame, RULES).rows() == []
