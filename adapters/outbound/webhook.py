"""Sends events to webhooks, signed after Standard Webhooks; used by many threads at once.

Follows no redirect, uses no proxy, goes only where `PublicHosts` allows, and believes the status of
an answer alone. Never puts an address, a secret or a receiver's words into a message.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

import httpcore
import httpx
from standardwebhooks import Webhook

from adapters.certificates import certificates
from adapters.errors import GONE, Refused, TryLater
from adapters.outbound.pinned import Deadline, PinnedBackend
from adapters.outbound.public_hosts import NotAllowed, NotPublic, PublicHosts
from adapters.retry_after import retry_after

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
READ_MOST = 65_536
"""Bytes of an answer that are read, so that its connection can be used again."""
IDLE_S = 4.0
DAY_S = 86_400.0
SHORTEST_NAMED_S = 1.0
OF_THIS_EVENT = frozenset({400, 409, 413, 415, 422})
"""Statuses that speak of one event; any other one speaks of the receiver."""
_BUSY = {429: "too_many_requests", 503: "unavailable"}
_NOT_SENT = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.UnsupportedProtocol,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Message:
    """An event on its way: where to, what it is signed with, its id and its bytes."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    """`whsec_` and base64."""
    id: str
    body: bytes = field(repr=False)


class WebhookSender:
    """Sends to any receiver; `timeout_s` is all the time that one may take."""

    def __init__(
        self,
        hosts: PublicHosts,
        *,
        timeout_s: float,
        clock: Callable[[], datetime],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.hosts = hosts
        self._timeout_s = timeout_s
        self._clock = clock
        self._deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or certificates(),
            max_connections=None,  # whoever sends says how many; a place in line would cost time
            keepalive_expiry=IDLE_S,
            network_backend=PinnedBackend(hosts, self._deadline),
        )

    def send(self, message: Message) -> None:
        """Send once; return when it was taken. Raises `TryLater` or `Refused`."""
        try:
            url = self.hosts.read(message.url)
            with self._deadline.within(self._timeout_s):
                status, headers = self._post(url, message)
        except NotPublic as error:
            raise TryLater("address_refused", str(error), after_s=0.0, ill=True) from None
        except NotAllowed as error:
            raise Refused("address_refused", f"The address {error}.") from None
        except _NOT_SENT as error:
            raise _unreachable(error) from None
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            words = f"The receiver gave no answer ({type(error).__name__})."
            raise TryLater("no_answer", words, after_s=0.0, ill=True) from None
        if not HTTPStatus(200) <= status < HTTPStatus(300):
            raise self._not_taken(status, headers)

    def close(self) -> None:
        self._pool.close()

    def _post(self, url: httpx.URL, message: Message) -> tuple[int, httpx.Headers]:
        with self._pool.stream(
            "POST",
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=[(b"Host", url.netloc), *self._headers(message)],
            content=message.body,
        ) as response:
            with suppress(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
                _read(response)
            return response.status, httpx.Headers(response.headers)

    def _headers(self, message: Message) -> list[tuple[bytes, bytes]]:
        now = self._clock()
        signature = Webhook(message.secret).sign(message.id, now, message.body.decode())
        headers = {
            "Content-Type": CONTENT_TYPE,
            "Content-Length": str(len(message.body)),
            "User-Agent": "Toritsugi",
            "Accept": "*/*",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        return [(name.encode(), value.encode()) for name, value in headers.items()]

    def _not_taken(self, status: int, headers: httpx.Headers) -> TryLater | Refused:
        if status == HTTPStatus.GONE:
            return Refused(GONE, "The receiver wants nothing more (HTTP 410).", status=status)
        words = f"The receiver answered HTTP {status}."
        if HTTPStatus(300) <= status < HTTPStatus(400):
            words = f"The receiver redirects (HTTP {status}): name the address it redirects to."
            return TryLater("redirected", words, after_s=0.0, ill=True)
        code = _BUSY.get(status)
        named_s = retry_after(headers, now=self._clock(), cap_s=DAY_S) if code else None
        if named_s is not None and code is not None:
            after_s = max(named_s, SHORTEST_NAMED_S)
            return TryLater(code, words, after_s=after_s, named=True, ill=True)
        ill = status not in OF_THIS_EVENT
        return TryLater(code or f"http_{status}", words, after_s=0.0, ill=ill)


def _read(response: httpcore.Response) -> None:
    """Read as much of the answer as is sensible."""
    read = 0
    for chunk in response.iter_stream():
        read += len(chunk)
        if read > READ_MOST:
            return


def _unreachable(error: Exception) -> TryLater:
    words = f"The receiver could not be reached ({type(error).__name__}); nothing was sent."
    return TryLater("unreachable", words, after_s=0.0, ill=True)
