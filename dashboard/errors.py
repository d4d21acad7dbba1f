"""Errors a request can meet, each with the status it is answered with."""

from geo.errors import DatabaseUnavailableError, GridboardError


class NotLoggedInError(GridboardError):
    """Nobody is logged in, and the route shows data."""


class ForbiddenError(GridboardError):
    """The viewer's role may not do this, whatever their scope."""


class BadRequestError(GridboardError):
    """The request is malformed: an unknown parameter, a wrong type, a missing key."""


class TooLargeError(GridboardError):
    """A file is larger than the limit."""


class NoRoomError(GridboardError):
    """The server's disk cannot take the file."""


class NoPlaceError(GridboardError):
    """As many live streams are open as there may be."""


class TooManyRequestsError(GridboardError):
    """A session asks for more than its share.

    Attributes:
        retry_after_s: when to ask again.
    """

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many requests: ask again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class GoneError(GridboardError):
    """The address names a version of the data that is no longer served."""


class DataMovedError(DatabaseUnavailableError):
    """The data changed while a request was being answered; asked again, it can be."""
