"""What Azure's simulated service says on the wire, beside what its client understands."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.server import SandboxServer
from tests.plain import http
from tests.sandbox.cast import SCOPE, TOKEN, VERSION, WINDOWS, contact, properties

TICKETS = f"{SCOPE}/providers/Microsoft.Support/supportTickets"


def put(azure: httpx.Client, name: str, **changes: object) -> httpx.Response:
    """Create a ticket."""
    return azure.put(f"{TICKETS}/{name}", json={"properties": properties(**changes)})


def filed(azure: httpx.Client, name: str, **changes: object) -> dict[str, Any]:
    """Create a ticket and look until it is there."""
    assert put(azure, name, **changes).status_code == 202
    azure.get(f"{TICKETS}/{name}")
    ticket: dict[str, Any] = azure.get(f"{TICKETS}/{name}").json()
    return ticket


def test_accepted(azure: httpx.Client, sandbox: SandboxServer, name: str) -> None:
    """A create is accepted with an empty body and two long absolute addresses, no Retry-After."""
    accepted = put(azure, name)
    operation = accepted.headers["azure-asyncoperation"]
    start = f"{sandbox.base_url}/azure{SCOPE}/providers/Microsoft.Support/"

    assert (accepted.status_code, accepted.content) == (202, b"")
    assert operation.startswith(f"{start}operationsStatus/")
    assert accepted.headers["location"].startswith(f"{start}operationResults/")
    assert f"api-version={VERSION}" in operation
    assert len(operation) > 3500
    assert "retry-after" not in accepted.headers


def test_operation(azure: httpx.Client, name: str) -> None:
    """An operation is in progress at the first look, then tells the number of the ticket."""
    address = put(azure, name).headers["azure-asyncoperation"]
    first, second = (http().get(address, headers=TOKEN).json() for _ in range(2))
    ticket = azure.get(f"{TICKETS}/{name}").json()

    assert first["status"] == "InProgress"
    assert second["status"] == "Succeeded"
    assert second["properties"] == {
        "supportTicketCreationWarning": "",
        "supportTicketId": ticket["properties"]["supportTicketId"],
    }


def test_location(azure: httpx.Client, name: str) -> None:
    """The second address answers 202 while it lasts, then the ticket."""
    address = put(azure, name).headers["location"]
    first, second = (http().get(address, headers=TOKEN) for _ in range(2))

    assert first.status_code == 202
    assert second.json()["name"] == name


def test_not_before_it_succeeded(azure: httpx.Client, name: str) -> None:
    """A ticket is not found before its operation has succeeded, polled for or not."""
    put(azure, name)
    first, second = (azure.get(f"{TICKETS}/{name}") for _ in range(2))

    assert (first.status_code, first.json()["error"]["code"]) == (404, "ResourceNotFound")
    assert second.status_code == 200


def test_put_again(azure: httpx.Client, name: str) -> None:
    """A repeat finds the operation while it goes on, and then the ticket: 200, never a second."""
    first, meanwhile = put(azure, name), put(azure, name)
    unseen, ticket = (azure.get(f"{TICKETS}/{name}") for _ in range(2))
    afterwards = put(azure, name)

    assert meanwhile.headers["azure-asyncoperation"] == first.headers["azure-asyncoperation"]
    assert unseen.status_code == 404
    assert (afterwards.status_code, afterwards.json()) == (200, ticket.json())


def test_name_case(azure: httpx.Client, name: str) -> None:
    """Names are equal whatever their case."""
    filed(azure, name)

    assert put(azure, name.upper()).status_code == 200


def test_resource(azure: httpx.Client, name: str) -> None:
    """Enums come back capitalised, the engineer is null, unasked members are there."""
    shown = filed(azure, name, severity="critical")["properties"]

    assert shown["severity"] == "Critical"
    assert shown["status"] == "Open"
    assert shown["contactDetails"]["preferredContactMethod"] == "Phone"
    assert shown["supportEngineer"] == {"emailAddress": None}
    assert shown["serviceDisplayName"] == "Billing"
    assert shown["problemClassificationDisplayName"] == "Cost Management / Access control issues"
    assert shown["productionOutage"] is False
    assert shown["supportPlanType"] == "ProDirect"
    assert len(shown["supportTicketId"]) == 15


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "MissingApiVersionParameter"),
        ({"api-version": "2019-01-01"}, "InvalidApiVersionParameter"),
    ],
)
def test_version(sandbox: SandboxServer, params: dict[str, str], code: str) -> None:
    """Without a known version nothing is answered."""
    answer = http().get(f"{sandbox.azure_url}{TICKETS}", headers=TOKEN, params=params)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_newest_version(sandbox: SandboxServer) -> None:
    """The version of 2026 is spoken too."""
    params = {"api-version": "2026-06-01"}
    answer = http().get(f"{sandbox.azure_url}{TICKETS}", headers=TOKEN, params=params)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "AuthenticationFailed"),
        ("Bearer", "AuthenticationFailed"),
        ("Basic c2F0bw==", "AuthenticationFailed"),
        ("Bearer revoked", "InvalidAuthenticationToken"),
    ],
)
def test_token(sandbox: SandboxServer, header: str | None, code: str) -> None:
    """A call needs a bearer token that is not revoked."""
    headers = {"Authorization": header} if header else {}
    answer = http().get(f"{sandbox.azure_url}{TICKETS}", headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"title": ""}, "title"),
        ({"severity": "A"}, "severity"),
        ({"advancedDiagnosticConsent": None}, "advancedDiagnosticConsent"),
        ({"serviceId": "/providers/Microsoft.Support/services/none"}, "serviceId"),
        (
            {"serviceId": f"/providers/Microsoft.Support/services/{WINDOWS}"},
            "problemClassificationId",
        ),
        ({"contactDetails": None}, "contactDetails"),
        ({"contactDetails": contact(country="JP")}, "country"),
        ({"contactDetails": contact(preferredTimeZone="Asia/Tokyo")}, "preferredTimeZone"),
        ({"contactDetails": contact(preferredSupportLanguage="ja")}, "preferredSupportLanguage"),
        ({"contactDetails": contact(phoneNumber="")}, "phoneNumber"),
        ({"contactDetails": contact(additionalEmailAddresses=[])}, "additionalEmailAddresses"),
        ({"severity": "minimal", "require24X7Response": True}, "require24X7Response"),
        ({"problemStartTime": "yesterday"}, "problemStartTime"),
        (
            {"technicalTicketDetails": {"resourceId": "/subscriptions/other/vm"}},
            "technicalTicketDetails.resourceId",
        ),
    ],
)
def test_fields(azure: httpx.Client, changes: dict[str, object], word: str) -> None:
    """A field that is wrong is refused at once, and named."""
    refused = put(azure, "never", **changes)
    error = refused.json()["error"]

    assert (refused.status_code, error["code"]) == (400, "InvalidParameterValue")
    assert [each for each in error["details"] if word in each["message"].split()[0]]


def test_phone_needed(azure: httpx.Client, name: str) -> None:
    """By e-mail a moderate ticket needs no phone number, a critical one does."""
    person = contact(preferredContactMethod="email")
    del person["phoneNumber"]

    assert put(azure, name, contactDetails=person).status_code == 202
    assert put(azure, "never", contactDetails=person, severity="critical").status_code == 400


def test_names(azure: httpx.Client) -> None:
    """A forbidden name is refused in the service's own envelope, with capitals."""
    refused = put(azure, "tmp-1")

    assert refused.status_code == 400
    assert refused.json()["Error"]["Code"] == "ResourceNameInvalid"
    assert put(azure, "123").status_code == 400
    assert put(azure, "n" * 256).status_code == 400


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{", "InvalidRequestContent"), (b'{"title": "flat"}', "JsonDeserializationError")],
)
def test_body(azure: httpx.Client, content: bytes, code: str) -> None:
    """A body that is not JSON, or not wrapped, is not understood."""
    refused = azure.put(f"{TICKETS}/never", content=content)

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)


def test_patch_is_flat(azure: httpx.Client, name: str) -> None:
    """A PATCH wrapped in properties is refused; a flat one merges the contact."""
    filed(azure, name)
    wrapped = azure.patch(f"{TICKETS}/{name}", json={"properties": {"severity": "minimal"}})
    flat = azure.patch(f"{TICKETS}/{name}", json={"contactDetails": {"phoneNumber": "1"}})

    assert wrapped.json()["error"]["code"] == "JsonDeserializationError"
    assert flat.json()["properties"]["contactDetails"]["phoneNumber"] == "1"
    assert flat.json()["properties"]["contactDetails"]["firstName"] == "Hanako"


def test_patch_closed(azure: httpx.Client, name: str) -> None:
    """A closed ticket takes no change until it is opened again."""
    filed(azure, name)
    azure.patch(f"{TICKETS}/{name}", json={"status": "closed"})
    denied = azure.patch(f"{TICKETS}/{name}", json={"severity": "critical"})
    opened = azure.patch(f"{TICKETS}/{name}", json={"severity": "critical", "status": "open"})

    assert denied.json()["error"]["code"] == "UpdateOperationDenied"
    assert opened.json()["properties"]["status"] == "Open"


def test_next_link(azure: httpx.Client, sandbox: SandboxServer) -> None:
    """The next page's address is absolute, keeps the query, and is left out on the last page."""
    for each in ("link-a", "link-b"):
        filed(azure, each, description="for the link")
    params = {"$top": "1", "$filter": "CreatedDate ge 2020-01-01 and Status eq 'Open'"}
    first = azure.get(TICKETS, params=params).json()
    second = http().get(first["nextLink"], headers=TOKEN).json()
    whole = azure.get(TICKETS, params={"$top": "100"}).json()

    assert first["nextLink"].startswith(f"{sandbox.azure_url}{TICKETS}?")
    assert first["value"][0]["name"] != second["value"][0]["name"]
    assert "nextLink" not in whole


@pytest.mark.parametrize("text", ["Title eq 'x'", "Status gt 'Open'", "CreatedDate ge soon", "?"])
def test_filter_refused(azure: httpx.Client, text: str) -> None:
    """A filter that is not among the documented ones is refused."""
    refused = azure.get(TICKETS, params={"$filter": text})

    assert refused.json()["error"]["code"] == "InvalidParameterValue"


def test_subscription(azure: httpx.Client) -> None:
    """A subscription is a GUID."""
    refused = azure.get("/subscriptions/one/providers/Microsoft.Support/supportTickets")

    assert refused.json()["error"]["code"] == "InvalidSubscriptionId"


def test_nowhere(azure: httpx.Client) -> None:
    """What does not exist is told in the same envelope."""
    assert azure.get("/providers/Microsoft.Support/none").json()["error"]["code"]
    assert azure.get("/providers/Microsoft.Support/services/none").status_code == 404
    assert azure.delete(f"{TICKETS}/any").status_code == 404


def test_message_pages(azure: httpx.Client, name: str) -> None:
    """Messages come ten to a page."""
    filed(azure, name)
    messages = f"{TICKETS}/{name}/communications"
    for number in range(11):
        body = {"properties": {"subject": "s", "body": str(number)}}
        assert azure.put(f"{messages}/message-{number}", json=body).status_code == 202
    first = azure.get(messages, params={"$top": "50"}).json()
    second = http().get(first["nextLink"], headers=TOKEN).json()

    assert [len(page["value"]) for page in (first, second)] == [10, 1]
    assert azure.get(messages, params={"$skiptoken": "x"}).status_code == 400


def test_message_refused(azure: httpx.Client, name: str) -> None:
    """A message needs subject and body and a name of its own; a GUID is refused with capitals."""
    filed(azure, name)
    messages = f"{TICKETS}/{name}/communications"
    body = {"properties": {"subject": "s", "body": "b"}}
    azure.put(f"{messages}/one", json=body)
    kind = {"name": "one", "type": "Microsoft.Support/communications"}
    free = azure.post(f"{TICKETS}/{name}/checkNameAvailability", json=kind | {"name": "two"})

    assert azure.put(f"{messages}/two", json={"properties": {}}).status_code == 400
    assert azure.put(f"{messages}/one", json=body).status_code == 409
    assert azure.put(f"{messages}/{WINDOWS}", json=body).json()["Error"]["Code"]
    assert azure.get(f"{messages}/none").status_code == 404
    assert free.json() == {"nameAvailable": True}
    taken = azure.post(f"{TICKETS}/{name}/checkNameAvailability", json=kind).json()
    assert taken["reason"] == "AlreadyExists"
