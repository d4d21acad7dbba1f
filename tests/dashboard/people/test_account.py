"""Logins, names, passwords, cookies and ways onwards: whatever somebody makes up."""

import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.people import passwords
from dashboard.people.account import MAX_LOGIN, clean_name, normal_login
from dashboard.people.cookies import PLAIN_NAME, SECURE_NAME, token_of
from dashboard.people.errors import AccountError, WeakPasswordError
from dashboard.people.passwords import require_good
from dashboard.server.crossing import require_own_page
from dashboard.server.next import safe_next
from tests.dashboard.people.conftest import CHEAP, PASSWORD


@given(st.text(max_size=70))
@example("İ")
@example("ß")
@example("Ⅻ")
@example("ŉ")
@example("ﬁ")
def test_a_login_has_one_form(text: str) -> None:
    try:
        login = normal_login(text)
    except AccountError:
        return
    assert 1 <= len(login) <= MAX_LOGIN
    assert normal_login(login) == login
    assert login == login.lower() == unicodedata.normalize("NFKC", login)
    assert not any(letter.isspace() or unicodedata.category(letter)[0] == "C" for letter in login)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a b", "a\0", "-a", "a.", "_", "x" * 65, "x" * 10**6, "a\nb", "a\u200bb", "<a>"],
)
def test_what_cannot_be_a_login_is_refused(text: str) -> None:
    with pytest.raises(AccountError):
        normal_login(text)


@pytest.mark.parametrize("text", ["li", "Li.Wei", "李伟", "a@example.org", "x-1_2+3", "0"])
def test_what_people_are_called_can_be_a_login(text: str) -> None:
    assert normal_login(f" {text} ") == text.casefold()


@pytest.mark.parametrize("text", ["", "\u202egnahz", "a\0", "x" * 101, "\u200b", "\ud800"])
def test_what_cannot_be_a_name_is_refused(text: str) -> None:
    with pytest.raises(AccountError):
        clean_name(text)


def test_a_name_stands_on_one_line() -> None:
    assert clean_name("  李 \n 伟 ") == "李 伟"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "short"),
        ("elevenchars", "short"),
        ("x" * 257, "long"),
        ("tab\there is not typed", "control"),
        ("my name is zhangwei", "login"),
        ("MY NAME IS ZHANGWEI", "login"),
        ("aaaaaaaaaaaaaaaa", "simple"),
        ("abababababab", "simple"),
        ("123456789012", "simple"),
        ("987654321098", "simple"),
        ("abcdefghijklmnop", "simple"),
        ("Password12345678", "common"),
        ("gridboard 2026", "common"),
        ("ｐａｓｓｗｏｒｄ１２３４５６７８", "common"),
        ("P@ssw0rd1234", "common"),
        ("Pa$$w0rd!!!!", "common"),
    ],
)
def test_a_password_easy_to_guess_is_refused_and_why(password: str, reason: str) -> None:
    with pytest.raises(WeakPasswordError) as refusal:
        require_good(password, "zhangwei")
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "四个汉字当然不够所以要十二个",
        "kvqjxzwmplhd",
        "a password of many words",
        "🦙" * 4 + "llamas!!",
    ],
)
def test_length_is_enough(password: str) -> None:
    require_good(password, "zhangwei")


def test_the_cost_is_the_recommended_one() -> None:
    recommended = passwords.PasswordHasher()
    assert (recommended.memory_cost, recommended.time_cost, recommended.parallelism) == (
        65536,
        3,
        4,
    )
    assert recommended.type.name == "ID"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_a_password_is_checked_whatever_is_in_it(password: str) -> None:
    kept = CHEAP.hash("another")
    assert not passwords.verify(kept, password)
    if 0 < len(password) <= passwords.MAX_LENGTH:
        assert passwords.verify(passwords.hash_password(password), password) or (
            len(passwords.normal_password(password)) > passwords.MAX_LENGTH
        )


def test_a_damaged_hash_lets_nobody_in() -> None:
    for kept in ("", "x", "$argon2id$v=19$m=64", "plain"):
        assert not passwords.verify(kept, "plain")


HOSTILE_WAYS = [
    *("//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "//[", ""),
    *("https://evil.example", "http:evil.example", "javascript:alert(1)", "data:text/html,x"),
    *("/\t/evil.example", "/\n/evil.example", " //evil.example", "/%0d%0aSet-Cookie:x\r\n"),
    *("evil.example", "map", "?x", "#x", "/log-in?next=/log-in", "/log-out", "/welcome#x"),
    *("/" + "x" * 3000, "/map\0", "/a\u2028b", "/\u2215/evil"),
]


@pytest.mark.parametrize("way", HOSTILE_WAYS)
def test_nobody_is_led_elsewhere(way: str) -> None:
    assert safe_next(way) == "/"


@pytest.mark.parametrize(
    "way", ["/", "/map/620102", "/map/620102?metric=rate&from=2026-01-01", "/data?batch=3", "/a//b"]
)
def test_people_are_led_back_to_where_they_wanted(way: str) -> None:
    assert safe_next(way) == way


@given(st.text(alphabet=st.sampled_from("/\\:.?#@%abc \t\n\r\0"), max_size=12))
def test_a_way_onwards_never_leaves_the_site(way: str) -> None:
    found = safe_next(way)
    parts = urlsplit(found)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert (parts.scheme, parts.netloc) == ("", "")


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (f"{SECURE_NAME}=abc", "abc"),
        (f"a=b; {SECURE_NAME}=abc; c=d", "abc"),
        (f'{SECURE_NAME}="abc"', "abc"),
        (f"{SECURE_NAME}=abc; {SECURE_NAME}=abc", "abc"),
        (f"{SECURE_NAME}=abc; {SECURE_NAME}=def", None),
        (f"{PLAIN_NAME}=abc", None),
        (f"x{SECURE_NAME}=abc", None),
        (f"{SECURE_NAME.lower()}=abc", None),
        ("", None),
        (SECURE_NAME, ""),
        (f"{SECURE_NAME}", ""),
    ],
)
def test_the_cookie_that_counts(header: str, token: str | None) -> None:
    assert token_of({"HTTP_COOKIE": header}, secure=True) == token


@given(st.text(max_size=200))
def test_no_cookie_header_is_too_strange(header: str) -> None:
    for secure in (True, False):
        assert isinstance(token_of({"HTTP_COOKIE": header}, secure=secure), str | None)


@pytest.mark.parametrize(
    ("site", "origin", "own"),
    [
        ("same-origin", None, True),
        ("none", None, True),
        ("same-origin", "https://evil.example", True),
        ("same-site", "https://maps.example.org", False),
        ("cross-site", "https://maps.example.org", False),
        ("", None, False),
        (None, "https://maps.example.org", True),
        (None, "http://inside:8050", True),
        (None, "https://maps.example.org.evil.example", False),
        (None, "https://evil.example/maps.example.org", False),
        (None, "null", False),
        (None, "", False),
        (None, None, False),
        (None, "http://[", False),
    ],
)
def test_only_our_own_pages_change_anything(
    site: str | None, origin: str | None, own: bool
) -> None:
    hosts = {"inside:8050", "maps.example.org", ""}
    if own:
        require_own_page(site, origin, hosts)
    else:
        with pytest.raises(Exception, match="a page of this site"):
            require_own_page(site, origin, hosts)
