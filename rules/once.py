"""A question that is answered once: the answer stays with whom was asked.

Takes no lock: a case belongs to one decision, and a decision to one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class once(Generic[Asked, Answer]):  # noqa: N801  (it is written and read like `property`)
    """Like `functools.cached_property`, which until Python 3.12 takes a lock for each answer."""

    def __init__(self, ask: Callable[[Asked], Answer]) -> None:
        self._ask = ask
        self._name = ask.__name__

    def __get__(self, asked: Asked, kind: type[Asked]) -> Answer:
        """Answer; having no setter, it is not asked again: the attribute is found first."""
        answer = asked.__dict__[self._name] = self._ask(asked)
        return answer
