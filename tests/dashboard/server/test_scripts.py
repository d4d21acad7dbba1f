"""The page's scripts are served by every worker, whichever of them drew the page."""

import re

from tests.dashboard.server.conftest import Clients


def test_a_worker_serves_scripts_of_a_page_that_another_one_drew(clients: Clients) -> None:
    page = clients().get("/map/").get_data(as_text=True)
    scripts = re.findall(r'<script src="(/_dash-component-suites/[^"]+)"', page)
    assert scripts
    for script in scripts:
        # A new application each time: one that has answered nothing yet.
        assert clients().get(script).status_code == 200, script
