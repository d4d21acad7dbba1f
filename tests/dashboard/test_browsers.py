"""People find their own browser in a list."""

import pytest

from dashboard.browsers import browser_name

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/156.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (CHROME, "Chrome · Linux"),
        (CHROME.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64"), "Chrome · Windows"),
        (CHROME + " Edg/156.0.0.0", "Edge · Linux"),
        (CHROME + " MicroMessenger/8.0", "WeChat · Linux"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
            "Firefox · Linux",
        ),
        (
            SAFARI,
            "Safari · iPhone",
        ),
        ("curl/8.14.1", "curl/8.14.1"),
        ("x" * 200, "x" * 40),
        ("  ", None),
        (None, None),
    ],
)
def test_a_browser_is_named(said: str | None, name: str | None) -> None:
    assert browser_name(said) == name
