"""Bearer tokens as the sandbox reads them: any that is not empty will do. Never keeps one."""

from __future__ import annotations


def token_in(header: str | None) -> str | None:
    scheme, _, token = (header or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
