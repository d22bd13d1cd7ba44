"""What Resource Manager checks before the support service hears of a call. Holds no state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from sandbox.azure.answers import refusal
from sandbox.azure.names import GUID
from sandbox.azure.refusal import Refusal
from sandbox.bearer import token_in

VERSIONS = ("2024-04-01", "2026-06-01")
Handler = Callable[[Request], Response]


def guarded(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            check_token(request)
            check_version(request)
            check_subscription(request)
            return handler(request)
        except Refusal as refused:
            return refusal(refused)

    return endpoint


def check_token(request: Request) -> None:
    token = token_in(request.headers.get("authorization"))
    if token is None:
        raise Refusal("AuthenticationFailed", "The Authorization header holds no bearer token.")
    if token == "revoked":  # noqa: S105 - the one token the sandbox refuses by name
        raise Refusal("InvalidAuthenticationToken", "The access token was revoked.")


def check_version(request: Request) -> None:
    """Azure Resource Manager, "Common error codes": the version is asked for in every call."""
    version = request.query_params.get("api-version")
    if not version:
        raise Refusal("MissingApiVersionParameter", "The query parameter api-version is required.")
    if version not in VERSIONS:
        known = ", ".join(VERSIONS)
        raise Refusal("InvalidApiVersionParameter", f"{version} is none of {known}.")


def check_subscription(request: Request) -> None:
    subscription = request.path_params.get("subscription")
    if subscription is not None and not GUID.fullmatch(subscription):
        raise Refusal("InvalidSubscriptionId", "The subscription identifier is malformed.")


def scope_of(request: Request) -> str:
    subscription = request.path_params.get("subscription")
    return f"/subscriptions/{subscription}" if subscription else ""


def body_of(request: Request) -> object:
    """Give the JSON body that the gate has read."""
    document: object = request.state.call.document
    if document is None:
        raise Refusal("InvalidRequestContent", "The request content is no valid JSON.")
    return document


def page_size(request: Request, *, default: int, most: int) -> int:
    text = request.query_params.get("$top", str(default))
    if not text.isdigit() or int(text) < 1:
        raise Refusal("InvalidParameterValue", "$top is a whole number from 1.")
    return min(int(text), most)
