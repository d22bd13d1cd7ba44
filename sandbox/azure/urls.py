"""Absolute addresses as the service hands them out. Pure.

Recorded 2024: operation addresses carry t, c, s and h (a time and a signature with its certificate)
and are some four thousand characters long. They are opaque: a client keeps and repeats them whole.
"""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlencode

from starlette.requests import Request

from sandbox.azure.records import Operation
from sandbox.azure.shapes import PROVIDER

CERTIFICATE_BYTES = 2400
SIGNATURE_BYTES = 256


def base_of(request: Request) -> str:
    """Scheme, Host as the caller wrote it, and the path under which the portal is mounted."""
    scheme, host = request.scope["scheme"], request.headers.get("host", "")
    return f"{scheme}://{host}{request.scope.get('root_path', '')}"


def operation_headers(request: Request, operation: Operation) -> dict[str, str]:
    """Azure Resource Manager, "Track asynchronous operations": both headers, no Retry-After."""
    start = f"{base_of(request)}{operation.scope}{PROVIDER}"
    version = request.query_params.get("api-version", "")
    tail = f"{operation.id}?api-version={version}&{signature(operation)}"
    return {
        "Azure-AsyncOperation": f"{start}/operationsStatus/{tail}",
        "Location": f"{start}/operationResults/{tail}",
    }


def signature(operation: Operation) -> str:
    return urlencode({
        "t": int(operation.started_at * 1e7),
        "c": opaque("certificate", CERTIFICATE_BYTES),
        "s": opaque(operation.id, SIGNATURE_BYTES),
        "h": opaque(f"{operation.id} h", 32),
    })  # fmt: skip


def opaque(seed: str, size: int) -> str:
    digest = hashlib.shake_256(seed.encode()).digest(size)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def next_link(request: Request, token: str) -> str:
    """Name the same list from the token on."""
    query = dict(request.query_params) | {"$skiptoken": token}
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return f"{base_of(request)}{path}?{urlencode(query, safe='$')}"
