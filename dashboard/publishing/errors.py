"""What is refused in the publishable mode."""

from typing import Literal

from geo.errors import GridboardError

Reason = Literal["period", "terms", "layer", "scope", "figure"]
_SENTENCES: dict[Reason, str] = {
    "period": "publishable figures are those of a calendar month, quarter or year that is over, "
    "within the days that have data; months come with the end of their quarter",
    "terms": "publishable figures count all incidents: leave out the filters",
    "layer": "publishable figures end at the township: choose that level or a wider one",
    "scope": "publishable figures are made for a county or wider: somebody of the county can",
    "figure": "this is not among the publishable figures: leave out 'publish' to see it",
}


class NotPublishableError(GridboardError):
    """Something was asked for in the publishable mode that could give a small count away.

    Attributes:
        reason: why, for pages that say it in the user's language.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason
