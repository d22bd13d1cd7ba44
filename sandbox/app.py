"""Puts the sandbox together: one store, three portals, one gate. The only place that knows all."""

from __future__ import annotations

import secrets
import time
import uuid

from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.azure.catalogue import Catalogue
from sandbox.azure.communication_routes import CommunicationRoutes
from sandbox.azure.communications import Communications
from sandbox.azure.model import AzureSupport
from sandbox.azure.operations import Operations
from sandbox.azure.routes import CatalogueRoutes, azure_app
from sandbox.azure.surface import AzureSurface
from sandbox.azure.ticket_routes import TicketRoutes
from sandbox.bridge.model import Bridge
from sandbox.bridge.routes import BridgeRoutes
from sandbox.bridge.surface import BridgeSurface
from sandbox.clock import Clock
from sandbox.control import Control
from sandbox.delivery import Surface
from sandbox.fault_book import FaultBook
from sandbox.gate import Desk, Gate
from sandbox.journal import Journal, Listener
from sandbox.settings import Settings
from sandbox.store import open_store


def make_id() -> str:
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


class Sandbox:
    """All portals of one process; `gate` is the ASGI app."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock = time.time,
        listener: Listener | None = None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self._store = store = open_store(settings.state)
        self.operations = Operations(store, clock, settings.rhythm, make_id)
        self.azure = AzureSupport(
            store, clock, catalogue or Catalogue(), self.operations, settings.plans
        )
        self.messages = Communications(store, clock, self.azure, self.operations, make_id)
        self.bridge = Bridge(store, clock)
        self.book = FaultBook(store, settings.faults)
        self.journal = Journal(store, clock, listener)
        surfaces: dict[str, Surface] = {
            "azure": AzureSurface(self.azure, self.operations),
            "bridge": BridgeSurface(self.bridge),
        }
        desk = Desk(self.book, self.journal, store, clock, settings.latency_s)
        self.gate = Gate(self._app(), surfaces, desk)

    def close(self) -> None:
        self._store.close()

    def _app(self) -> Starlette:
        azure = azure_app(
            CatalogueRoutes(self.azure.catalogue),
            TicketRoutes(self.azure, self.operations),
            CommunicationRoutes(self.azure, self.messages),
        )
        control = Control(self.azure, self.bridge, self.book, self.journal)
        return Starlette(
            routes=[
                Mount("/azure", azure),
                Mount("/bridge", BridgeRoutes(self.bridge).app()),
                Mount("/_sandbox", routes=control.routes()),
            ]
        )
