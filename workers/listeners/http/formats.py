"""The forms in which a request may be posted, by media type."""

from __future__ import annotations

EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
DATA = "application/json"
SOURCE = "urn:toritsugi:http"
"""The source of bare data from nobody known; a registered sender's has its own."""
