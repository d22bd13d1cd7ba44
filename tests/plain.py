"""Asks by HTTP, and reads the certificates once: each time takes longer than an answer."""

from __future__ import annotations

from functools import cache

import httpx

from adapters.certificates import certificates


@cache
def http() -> httpx.Client:
    """Give this process's client, for calls that need nothing of their own."""
    return httpx.Client(verify=certificates(trust_env=False), trust_env=False)
