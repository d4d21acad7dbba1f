"""Ids of the parts of a brief whose places on paper are measured (fitting.py)."""

MAP = "paper-map"
RANKING = "paper-ranking"
RANKING_TABLE = "paper-ranking-table"
RANKING_ROWS = "paper-ranking-rows"
LATE = "paper-late"
LATE_ROWS = "paper-late-rows"
TREND = "paper-trend"
CHART = "paper-chart"
FOOT = "paper-foot"
ROWS_OF = {RANKING: RANKING_ROWS, LATE: LATE_ROWS}
