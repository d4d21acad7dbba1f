"""What a document can lack."""

from geo.errors import ConfigurationError


class FaceMissingError(ConfigurationError):
    """No typeface with Chinese characters is installed, so nothing can be drawn or printed."""


class PrinterMissingError(ConfigurationError):
    """A library that lays out documents is not installed."""
