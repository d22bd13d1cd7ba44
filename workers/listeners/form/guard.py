"""Who may post to the form: pages of this very origin, under a name that is ours.

There is no session and no cookie to steal; this keeps other sites from filing in a visitor's name.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request, Response

from adapters.loopback import is_loopback_host

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
"""`same-origin`, not `no-referrer`: with that a browser hides the origin of our own posts, too."""


def guarded(response: Response) -> Response:
    """Put the headers on that keep strangers out of a page."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def is_ours(request: Request) -> bool:
    """Whether a post comes from a page of this origin, as far as the browser tells.

    What says nothing at all is no browser, and has no visitor to abuse.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def is_here(request: Request) -> bool:
    """Whether the visitor calls this machine by a name of its own.

    A name of someone else's that leads here would make their page one of this origin.
    """
    return is_loopback_host(request.url.hostname or "")
