"""`toritsugi up`: everything on this machine, until someone asks it to stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType

from ops.answer import Answer
from ops.event_log import logging_to_file
from ops.output import add, line, table, tell, whole
from ops.site import Site, running
from ops.waiting import stop_signals
from workers import bootstrap

EXAMPLE = (
    '{"specversion":"1.0","id":"by-hand-1","source":"urn:example:me",'
    '"type":"toritsugi.request.v1","data":{"partner":"4100001","agent":"sato@contoso.example",'
    '"customer":"fabrikam.example","product":"azure/virtual-machines","severity":"B",'
    '"problem_type":"Cannot connect to my VM","title":"VM does not answer",'
    '"description":"Remote Desktop has timed out since this morning."}}'
)
"""Of a partner in the sample directory."""


def up(*, as_json: bool) -> int:
    """Start everything, say where it is, and stay until Ctrl-C or SIGTERM."""
    settings = bootstrap.read_settings()
    with (
        stop_signals() as stopping,
        logging_to_file(settings, "supervisor"),
        running(settings, stopping) as site,
    ):
        tell(Answer(_document(site), lambda _columns: _pages(site)), as_json=as_json)
        stopping.wait()
        if not as_json:
            tell(Answer(None, lambda _columns: [line("stopping…")]), as_json=False)
    return 0


def _form(site: Site) -> str | None:
    """Give the form's address; None where it is off."""
    return None if site.app.form == "off" else f"{site.http_url}/"


def _document(site: Site) -> dict[str, Any]:
    return {
        "form": _form(site),
        "api": f"{site.http_url}/v1/requests",
        "openapi": f"{site.http_url}/openapi.json",
        "redis_socket": site.socket,
        "requests_stream": site.app.requests_stream,
        "events_stream": site.app.events_stream,
        "sandbox": site.sandbox_url,
        "log": site.log,
        "processes": site.supervisor.pids(),
        "notes": site.notes,
    }


def _pages(site: Site) -> Iterator[RenderableType]:
    for note in site.notes:
        yield line("note:", note, style="yellow")
    found = table("", "")
    add(found, "form", _form(site))
    add(found, "API", f"{site.http_url}/v1/requests")
    add(found, "its description", f"{site.http_url}/openapi.json")
    add(found, "simulated portals", site.sandbox_url)
    add(found, "event log", site.log)
    pids = site.supervisor.pids().items()
    add(found, "processes", ", ".join(f"{name} {pid}" for name, pid in pids))
    yield found
    server = "redis-cli --raw " + (
        f"-s {site.socket}" if site.socket else '-u "$TORITSUGI_REDIS_URL"'
    )
    yield line("\nA request by hand (partners come with toritsugi directory import FILE), and the")
    yield line("events that answer it:")
    yield whole(f"{server} XADD {site.app.requests_stream} '*' event '{EXAMPLE}'")
    yield whole(f"{server} XREAD STREAMS {site.app.events_stream} 0")
    yield line("\nCtrl-C stops everything.")
