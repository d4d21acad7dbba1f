"""What can go wrong with the private cluster."""

from geo.errors import GridboardError


class ClusterError(GridboardError):
    """The private cluster cannot be made, started, stopped or found."""
