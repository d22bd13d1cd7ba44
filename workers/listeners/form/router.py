"""The form's addresses: a page to fill in, a live check, and a page for each request.

Whatever goes wrong, what was typed comes back on the page, but for secrets and files.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from workers.app import App
from workers.listeners.form.entrance import Entrance
from workers.listeners.form.filling import Filling
from workers.listeners.form.following import Following


def router(app: App) -> APIRouter:
    """Give the form's routes; none at all where it is off."""
    routes = APIRouter(include_in_schema=False)
    if app.form == "off":
        return routes
    entrance = Entrance(app)
    filling, following = Filling(entrance), Following(entrance)

    @routes.get("/")
    async def show_form(request: Request) -> Response:
        """Give an empty form."""
        return await filling.open(request)

    @routes.post("/form")
    async def post_form(request: Request) -> Response:
        """Take a form one step on: to its details, to a check, or to its number."""
        return await filling.take(request)

    @routes.post("/form/check")
    async def check_form(request: Request) -> Response:
        """Check a form while it is being filled in."""
        return await filling.take(request, only_check=True)

    @routes.get("/form/{name}")
    async def get_static(request: Request, name: str) -> Response:
        """Give the stylesheet or the script."""
        return entrance.static(request, name)

    @routes.get("/requests/{number}")
    async def show_request(request: Request, number: str) -> Response:
        """Tell whoever holds the page's address where a request stands."""
        return await following.look(request, number)

    @routes.post("/requests/{number}")
    async def complete_request(request: Request, number: str) -> Response:
        """Take what an incomplete request lacked."""
        return await following.complete(request, number)

    return routes
