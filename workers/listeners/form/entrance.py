"""What every page of the form has in common: whom it lets in, how a post is read, where it leads.

Decides nothing.
"""

from __future__ import annotations

import structlog
from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from workers.app import App
from workers.listeners.form import body
from workers.listeners.form.guard import guarded, is_here, is_ours
from workers.listeners.form.pages import Pages
from workers.listeners.form.sending import token_of

log = structlog.get_logger()

LOCAL = "local"
READ = 4
"""How many times the size limit is still read, so that what was typed can be shown again."""


class Entrance:
    """Where visitors come in."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.pages = Pages(app.zone)

    def stranger(self, request: Request) -> Response | None:
        """Turn away whoever calls a form of this machine alone by another name."""
        if self.app.form != LOCAL or is_here(request):
            return None
        log.warning("form.refused", code="wrong_host")
        return self.pages.refuse(421, "wrong_host", body.language_of(request))

    async def read(self, request: Request) -> FormData | Response:
        """Read a post, or say why it is not taken."""
        if (refusal := self.stranger(request)) is not None:
            return refusal
        lang = body.language_of(request)
        if not is_ours(request):
            return self._refused(403, "cross_site", lang)
        limits = self.app.limits
        try:
            return await body.read_form(request, limits.message_bytes * READ, limits.http_read_s)
        except body.TooLargeError:
            return self._refused(413, "too_large", lang)
        except body.UnreadableBodyError:
            return self._refused(400, "unreadable", lang)
        except TimeoutError:
            late = self._refused(408, "unreadable", lang)
            late.headers["Connection"] = "close"  # what may still come is of no use
            return late

    def _refused(self, status: int, code: str, lang: str) -> Response:
        log.warning("form.refused", code=code)
        return self.pages.refuse(status, code, lang)

    def static(self, request: Request, name: str) -> Response:
        """Give the stylesheet, the script or the picture."""
        found = self.pages.static(name)
        return found or self.pages.refuse(404, "not_found", body.language_of(request))

    def address(self, number: str, lang: str) -> str:
        """Give the address of a request's page, which nobody else can make up."""
        return f"/requests/{number}?token={token_of(self.app, number)}&lang={lang}"

    def lead(self, number: str, lang: str) -> Response:
        """Send the browser to a request's page, so that reloading that sends nothing again."""
        return guarded(RedirectResponse(self.address(number, lang), status_code=303))


def tell_away(error: Exception) -> None:
    """Log that the database is away; its error may hold what was typed, so only its name."""
    log.error("database.away", error=type(error).__name__)
