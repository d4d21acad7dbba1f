"""What can go wrong with a backup."""

from geo.errors import GridboardError


class BackupError(GridboardError):
    """A backup cannot be made or restored."""


class DamagedBackupError(BackupError):
    """The file is no backup, or not as it was written."""
