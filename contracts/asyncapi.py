"""The AsyncAPI document: what is taken from streams and queues, and what is told on them.

Made from the code of today. Addresses are those of a fresh setup; bindings of Redis have no fields
yet, so how a stream carries an event stands in words.
"""

from __future__ import annotations

from typing import Any

from contracts.components import components, reference
from contracts.events import EVENTS
from contracts.examples import examples
from contracts.request import REQUEST_TYPE
from contracts.webhooks import HEADERS, MEDIA_TYPE

Document = dict[str, Any]
_AMQP = "0.3.0"
_FIELD = "An entry of the stream has one field, `event`: the CloudEvent as JSON (structured mode)."

_SERVERS: Document = {
    "redis": {
        "host": "redis.example:6379",
        "protocol": "redis",
        "description": "Redis 7 or newer, or Valkey; each sender and receiver its own ACL user.",
        "security": [{"$ref": "#/components/securitySchemes/redisUser"}],
    },
    "rabbitmq": {
        "host": "rabbitmq.example:5672",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "description": "RabbitMQ, where it is the broker.",
        "security": [{"$ref": "#/components/securitySchemes/amqpUser"}],
    },
    "receiver": {
        "host": "{receiver}",
        "protocol": "https",
        "description": "Whoever asked for events by webhook.",
        "variables": {"receiver": {"default": "receiver.example"}},
        "security": [{"$ref": "#/components/securitySchemes/webhookSignature"}],
    },
}
_SECURITY: Document = {
    "redisUser": {"type": "userPassword", "description": "A user of Redis's ACL."},
    "amqpUser": {"type": "userPassword", "description": "A user of RabbitMQ."},
    "webhookSignature": {
        "type": "httpApiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "Standard Webhooks: `v1,` and the HMAC-SHA256 of"
        " `{webhook-id}.{webhook-timestamp}.{body}` in base64.",
    },
}
_WEBHOOK_HEADERS: Document = {
    "type": "object",
    "required": list(HEADERS),
    "properties": {name: {"type": "string", "description": HEADERS[name]} for name in HEADERS},
}


def asyncapi(version: str) -> Document:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Toritsugi",
            "version": version,
            "description": "Support requests in, events out. Messages change by adding only.",
        },
        "defaultContentType": MEDIA_TYPE,
        "servers": _SERVERS,
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "messages": _messages(),
            "schemas": {**components(), "WebhookHeaders": _WEBHOOK_HEADERS},
            "securitySchemes": _SECURITY,
        },
    }


# ---- Messages ------------------------------------------------------------------------------------


def _messages() -> Document:
    shown, schemas = examples(), components()
    return {
        event_type: {
            "name": event_type,
            "title": event_type,
            "summary": schemas[event_type]["description"],
            "contentType": MEDIA_TYPE,
            "payload": reference(event_type),
            "correlationId": _correlation(event_type),
            "examples": [{"name": "example", "payload": example}],
            "bindings": {"amqp": {"messageType": event_type, "bindingVersion": _AMQP}},
        }
        for event_type, example in shown.items()
    }


def _correlation(event_type: str) -> Document:
    if event_type == REQUEST_TYPE:
        return {
            "location": "$message.payload#/id",
            "description": "The sender's own number; with `source` it is the idempotency key.",
        }
    return {
        "location": "$message.payload#/correlationid",
        "description": "The number that the sender gave the request.",
    }


def _of(event_types: list[str]) -> Document:
    return {each: {"$ref": f"#/components/messages/{each}"} for each in event_types}


# ---- Channels and what is done on them -----------------------------------------------------------


def _channels() -> Document:
    requests, events = _of([REQUEST_TYPE]), _of(list(EVENTS))
    return {
        "requestsStream": _channel(
            "toritsugi:requests",
            "redis",
            f"{_FIELD} XADD is no acknowledgement: `toritsugi.request.accepted.v1` is.",
            requests,
            {"redis": {}},
        ),
        "requestsQueue": _channel(
            "toritsugi.requests",
            "rabbitmq",
            "A quorum queue; a message is acknowledged once its request is stored.",
            requests,
            {"amqp": {"is": "queue", "queue": _named("toritsugi.requests"), **_VERSION}},
        ),
        "eventsStream": _channel(
            "toritsugi:events",
            "redis",
            f"{_FIELD} Each receiver reads in a group of its own (XREADGROUP).",
            events,
            {"redis": {}},
        ),
        "eventsExchange": _channel(
            "toritsugi.events",
            "rabbitmq",
            "A topic exchange; the routing key is the event's type.",
            events,
            {"amqp": {"is": "routingKey", "exchange": _exchange(), **_VERSION}},
        ),
        "webhook": _channel(
            None,
            "receiver",
            "A POST to the address that the receiver gave, signed by Standard Webhooks.",
            _posted(),
            {},
        ),
    }


def _posted() -> Document:
    """Give every event as a webhook carries it: with headers."""
    headers = reference("WebhookHeaders")
    return {
        each: {
            "name": each,
            "contentType": MEDIA_TYPE,
            "headers": headers,
            "payload": reference(each),
            "correlationId": _correlation(each),
        }
        for each in EVENTS
    }


_VERSION = {"bindingVersion": _AMQP}


def _channel(
    address: str | None, server: str, words: str, messages: Document, bindings: Document
) -> Document:
    return {
        "address": address,
        "description": words,
        "servers": [{"$ref": f"#/servers/{server}"}],
        "messages": messages,
        "bindings": bindings,
    }


def _named(name: str) -> Document:
    return {"name": name, "durable": True, "exclusive": False, "autoDelete": False}


def _exchange() -> Document:
    return {"name": "toritsugi.events", "type": "topic", "durable": True, "autoDelete": False}


def _operations() -> Document:
    """Say what this application does on each channel; a request is answered with events."""
    return {
        "takeRequestFromStream": _takes("requestsStream", "eventsStream", {}),
        "takeRequestFromQueue": _takes(
            "requestsQueue", "eventsExchange", {"amqp": {"ack": True, **_VERSION}}
        ),
        "tellOnStream": _tells("eventsStream", {}),
        "tellOnExchange": _tells(
            "eventsExchange", {"amqp": {"deliveryMode": 2, "mandatory": False, **_VERSION}}
        ),
        "tellWebhook": _tells("webhook", {"http": {"method": "POST", "bindingVersion": "0.3.0"}}),
    }


def _takes(channel: str, answers: str, bindings: Document) -> Document:
    found = _operation("receive", channel, [REQUEST_TYPE], bindings)
    reply = {
        "channel": {"$ref": f"#/channels/{answers}"},
        "messages": _references(answers, list(EVENTS)),
    }
    return {**found, "summary": "Take a support request; at least once.", "reply": reply}


def _tells(channel: str, bindings: Document) -> Document:
    found = _operation("send", channel, list(EVENTS), bindings)
    return {**found, "summary": "Tell what happened; at least once, in order for each request."}


def _operation(action: str, channel: str, types: list[str], bindings: Document) -> Document:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": _references(channel, types),
        "bindings": bindings,
    }


def _references(channel: str, types: list[str]) -> list[Document]:
    return [{"$ref": f"#/channels/{channel}/messages/{each}"} for each in types]
