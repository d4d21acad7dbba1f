"""What is refused to people, and why: each with the words of the person it is said to."""

from geo.errors import GridboardError


class AccountError(GridboardError):
    """An account cannot be made or changed in this way."""


class LoginTakenError(AccountError):
    """Another account has this login already."""


class WeakPasswordError(GridboardError):
    """A password is too easy to guess.

    Attributes:
        reason: why, as one word, for who says it in another language.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class InvitationError(GridboardError):
    """A one-time link was used, has expired, was replaced, or never was."""


class LogInRefusedError(GridboardError):
    """Unknown login, wrong password or disabled account: which one is not said."""


class TooManyAttemptsError(GridboardError):
    """Too many log-ins failed, or are being checked at this moment.

    Attributes:
        retry_after_s: when to try again.
    """

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
