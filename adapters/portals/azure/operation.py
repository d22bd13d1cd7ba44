"""A creation that Azure has taken and goes on with: its address, and how far it is.

`TakenOperation` is a polling method of the official client that polls nothing: it is the client's
public door to the answer of a PUT, and to an operation that an earlier process began. The client's
own poller waits in a thread of its own, without limit, and its tokens hold the whole first
exchange; ours is the operation's address alone. Never waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from azure.core import PipelineClient
from azure.core.pipeline import PipelineResponse
from azure.core.polling import PollingMethod
from azure.core.rest import HttpRequest, HttpResponse
from typing_extensions import override

_ADDRESSES = ("Azure-AsyncOperation", "Location")


class Answer(Protocol):
    """The part of a response that the client's old and new response classes share."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    def text(self, encoding: str | None = None) -> str: ...


class TakenOperation(PollingMethod[None]):
    """Where an operation is asked for; no address when the answer named none."""

    def __init__(self) -> None:
        self._client: PipelineClient[HttpRequest, HttpResponse] | None = None
        self.address: str | None = None

    def look(self) -> HttpResponse:
        """Ask how far the operation is. Raises what the client raises; judges no status."""
        if self._client is None or self.address is None:
            raise ValueError("the operation has no address")
        return self._client.send_request(HttpRequest("GET", self.address))

    @override
    def initialize(
        self,
        client: PipelineClient[HttpRequest, HttpResponse],
        initial_response: PipelineResponse[Any, Any] | str,
        deserialization_callback: Callable[[Any], object],
    ) -> None:
        """Take the answer of a PUT, or an address that `from_continuation_token` hands on."""
        self._client = client
        if isinstance(initial_response, str):
            self.address = initial_response
            return
        headers: Mapping[str, str] = initial_response.http_response.headers
        self.address = next((headers[name] for name in _ADDRESSES if name in headers), None)

    @override
    def run(self) -> None:
        """Do nothing: the carrier asks by itself."""

    @override
    def status(self) -> str:
        return "Taken"

    @override
    def finished(self) -> bool:
        """Say yes, so that the client starts no thread."""
        return True

    @override
    def resource(self) -> None:
        return None

    @override
    def get_continuation_token(self) -> str:
        return self.address or ""

    @classmethod
    @override
    def from_continuation_token(
        cls, continuation_token: str, **kwargs: Any
    ) -> tuple[Any, str, Callable[[Any], object]]:
        return kwargs["client"], continuation_token, kwargs["deserialization_callback"]
