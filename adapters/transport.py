"""A thin wrapper on httpx: one client a thread, time limits, and our errors instead of httpx's.

Repeats only what reads. Never puts a header or a body of ours into a message.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import httpx

from adapters import answers
from adapters.answers import Fault
from adapters.certificates import certificates
from adapters.errors import OutcomeUnknown, TryLater
from adapters.loopback import is_loopback
from adapters.problem import read_problem
from adapters.repeats import reads
from adapters.retry_after import HOUR_S, retry_after

T = TypeVar("T")

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
NOT_OFFERED = frozenset({400, 404, 405, 501})
"""How services answer a question that they do not know."""


class _NotOffered(Exception):
    """The service does not know the question."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a call may take, and the longest wait that a portal may name."""

    connect_s: float = 5.0
    read_s: float = 30.0
    named_wait_s: float = HOUR_S


def nothing() -> None:
    """Do nothing."""


class Transport:
    """Calls one service as one principal; used by many threads at once."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
        heard: Callable[[], None] = nothing,
    ) -> None:
        """`heard` is called when the answer to a creation comes in, before anyone reads it."""
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._clock = clock
        self._limits = limits or Limits()
        self._heard = heard
        self._mine = threading.local()
        self._all: list[httpx.Client] = []
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._reads = reads(self._stopping)
        self._here = is_loopback(base_url)
        self._tls = certificates(trust_env=not self._here)

    def create(
        self,
        path: str,
        *,
        content: bytes,
        key: str,
        parse: Callable[[bytes], T],
        secrets: tuple[str, ...] = (),
    ) -> T:
        """POST once. Raises what `answers.after_create` makes of anything but a readable 2xx."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        try:
            response = self._client().post(path, content=content, headers=headers)
        except _NOT_SENT as error:
            raise answers.unreachable(type(error).__name__) from error
        except httpx.RequestError as error:
            raise answers.no_answer(type(error).__name__) from error
        if not response.is_success:
            raise answers.after_create(self._fault(response, secrets))
        try:
            return parse(response.content)
        except ValueError:
            raise _broken_creation(response) from None

    def read(
        self,
        path: str,
        *,
        parse: Callable[[bytes], T],
        params: Mapping[str, str] | None = None,
        secrets: tuple[str, ...] = (),
    ) -> T:
        """GET, with short repeats. Raises only `TryLater`."""
        return self._reads(lambda: self._read_once(path, parse, params, secrets))

    def read_if_offered(
        self, path: str, *, parse: Callable[[bytes], T], params: Mapping[str, str]
    ) -> T | None:
        """GET as `read` does; None when the service knows no such question."""
        try:
            return self._reads(lambda: self._read_once(path, parse, params, (), NOT_OFFERED))
        except _NotOffered:
            return None

    def close(self) -> None:
        """Close every thread's client and end the waits between repeats."""
        self._stopping.set()
        with self._guard:
            clients, self._all = self._all, []
        for client in clients:
            client.close()

    def _read_once(
        self,
        path: str,
        parse: Callable[[bytes], T],
        params: Mapping[str, str] | None,
        secrets: tuple[str, ...],
        not_offered: Collection[int] = (),
    ) -> T:
        try:
            response = self._client().get(path, params=params)
        except _NOT_SENT as error:
            raise answers.unreachable(type(error).__name__) from error
        except httpx.RequestError as error:
            raise answers.unread(type(error).__name__) from error
        if response.status_code in not_offered:
            raise _NotOffered
        if not response.is_success:
            raise answers.after_read(self._fault(response, secrets))
        try:
            return parse(response.content)
        except ValueError:
            raise _broken_reading(response) from None

    def _client(self) -> httpx.Client:
        client: httpx.Client | None = getattr(self._mine, "client", None)
        if client is None:
            client = self._mine.client = self._connect()
            with self._guard:
                self._all.append(client)
        return client

    def _connect(self) -> httpx.Client:
        limits = self._limits
        return httpx.Client(
            base_url=self._base_url,
            headers={"Authorization": f"Bearer {self._token}", "Accept": "application/json"},
            timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
            # A proxy of the environment must not carry calls that stay on this machine.
            trust_env=not self._here,
            verify=self._tls,
            event_hooks={"response": [self._hear]},
        )

    def _hear(self, response: httpx.Response) -> None:
        if response.request.method == "POST":
            self._heard()

    def _fault(self, response: httpx.Response, secrets: tuple[str, ...]) -> Fault:
        problem = read_problem(response.content)
        return Fault(
            status=response.status_code,
            code=answers.without_secrets(problem.code, (self._token, *secrets)),
            message=answers.without_secrets(problem.words, (self._token, *secrets)),
            retry_after_s=retry_after(
                response.headers, now=self._clock(), cap_s=self._limits.named_wait_s
            ),
            one_sign_in=True,
        )


def _broken_creation(response: httpx.Response) -> OutcomeUnknown:
    words = f"The portal answered {response.status_code}, but its answer cannot be read."
    return OutcomeUnknown("broken_answer", words, ill=True)


def _broken_reading(response: httpx.Response) -> TryLater:
    words = f"The portal answered {response.status_code}, but its answer cannot be read."
    return TryLater("broken_answer", words, after_s=answers.UNREACHABLE_S, ill=True)
