"""A private PostgreSQL with PostGIS for one checkout: made, tuned, run by gridboard.

It needs nothing but the standard library, so that it runs before anything else is set up and
as any user.
"""

from dashboard.cluster.errors import ClusterError
from dashboard.cluster.private import Cluster, ClusterStatus
from dashboard.cluster.programs import ServerPrograms, find_programs

__all__ = ["Cluster", "ClusterError", "ClusterStatus", "ServerPrograms", "find_programs"]
