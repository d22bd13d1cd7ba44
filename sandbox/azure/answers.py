"""Replies of the service over HTTP: JSON, and errors in both of its envelopes. Holds no state.

Resource Manager's `error{code,message,details}` is documented; `Error{Code,Message,Target,
InnerError,Details}` is what the service itself was recorded to send for refused names.
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

from sandbox.azure.refusal import NameRefusal, Refusal

JSON = "application/json; charset=utf-8"
#: All other codes are 400.
STATUS = {
    "ResourceNotFound": 404,
    "ResourceAlreadyExists": 409,
    "AuthenticationFailed": 401,
    "InvalidAuthenticationToken": 401,
}
#: For an error that a fault script gives no code.
CODES = {
    401: "InvalidAuthenticationToken", 403: "AuthorizationFailed", 404: "ResourceNotFound",
    409: "Conflict", 429: "TooManyRequests", 500: "InternalServerError",
    503: "ServiceUnavailable",
}  # fmt: skip
CHALLENGE = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


def json(body: object, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-cache"}, JSON)


def accepted(headers: dict[str, str]) -> Response:
    return Response(b"", 202, headers | {"Cache-Control": "no-cache"})


def error(status: int, code: str, message: str, details: tuple[str, ...] = ()) -> Response:
    body: dict[str, Any] = {"code": code, "message": message}
    if details:
        body["details"] = [{"code": code, "message": detail} for detail in details]
    response = json({"error": body}, status)
    if status == 401:
        response.headers.update(CHALLENGE)
    return response


def refusal(refused: Refusal) -> Response:
    if isinstance(refused, NameRefusal):
        body: dict[str, Any] = {
            "Code": refused.code, "Message": refused.message, "Target": None,
            "InnerError": None, "Details": [],
        }  # fmt: skip
        return json({"Error": body}, 400)
    return error(STATUS.get(refused.code, 400), refused.code, refused.message, refused.details)
