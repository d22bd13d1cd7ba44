"""What Azure's support service says no with: a code and words. Knows no HTTP.

Refusal
└── NameRefusal    told in the service's own envelope, not Resource Manager's
"""

from __future__ import annotations


class Refusal(Exception):
    """The request is turned down; `details` name the faulty properties."""

    def __init__(self, code: str, message: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details = details


class NameRefusal(Refusal):
    """A resource name is not allowed."""


def not_found(kind: str, name: str) -> Refusal:
    return Refusal("ResourceNotFound", f"The {kind} '{name}' was not found.")
