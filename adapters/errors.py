"""What a carrier may say instead of a ticket: each error tells what happens next.

    PortalError
    ├── TryLater        not filed, and it is safe to file again after a while
    ├── Refused         not filed, and filing the same again would be refused again
    ├── OutcomeUnknown  perhaps filed: look it up before anything is sent again
    └── NeedsPerson     only a person can go on

Never holds a secret: messages are shown to people and written to logs.
"""

from __future__ import annotations

GONE = "gone"
"""The code of `Refused` by which a receiver says that it wants nothing more, ever."""


class PortalError(Exception):
    """A portal gave no ticket.

    `ill` is true when the portal itself is not well, so that others' orders would fare no better;
    `named` when it named a time itself: such a wait is everybody's, and spends nothing.
    """

    def __init__(
        self, code: str, message: str = "", *, named: bool = False, ill: bool = False
    ) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message or code
        self.named = named
        self.ill = ill


class TryLater(PortalError):
    """The portal did not take the request; file it again in `after_s` seconds."""

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        after_s: float,
        named: bool = False,
        ill: bool = False,
    ) -> None:
        super().__init__(code, message, named=named, ill=ill)
        self.after_s = after_s


class Refused(PortalError):
    """The portal said no; `code` and `message` are the portal's own, `status` its HTTP status."""

    def __init__(self, code: str, message: str = "", *, status: int | None = None) -> None:
        super().__init__(code, message)
        self.status = status


class OutcomeUnknown(PortalError):
    """The answer was lost, the ticket may exist: look it up in `look_after_s` seconds."""

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        look_after_s: float = 0.0,
        named: bool = False,
        ill: bool = False,
    ) -> None:
        super().__init__(code, message, named=named, ill=ill)
        self.look_after_s = look_after_s


class NeedsPerson(PortalError):
    """No machine can file this here; `message` tells the person what to do."""
