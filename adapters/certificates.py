"""The authorities that are believed where nothing else is said. Never changed once it is given."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def certificates(*, trust_env: bool = True) -> ssl.SSLContext:
    """Read them once a process: each time takes 40 ms and most of a megabyte.

    `trust_env`: whether `SSL_CERT_FILE` and `SSL_CERT_DIR` may name others.
    """
    return httpx.create_ssl_context(trust_env=trust_env)
