"""Microsoft's own client, unmodified, against the simulated service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.support import MicrosoftSupport
from azure.mgmt.support._serialization import Model
from azure.mgmt.support.models import (
    CheckNameAvailabilityInput,
    CommunicationDetails,
    ContactProfile,
    SupportTicketDetails,
    UpdateSupportTicket,
)
from typing_extensions import override

from sandbox.server import SandboxServer
from tests.sandbox.cast import SUBSCRIPTION, properties


class NoCredential:
    """The client insists on one, the policy below never asks it."""

    def get_token(self, *_scopes: str, **_more: object) -> AccessToken:
        raise AssertionError("the credential is not to be used over plain HTTP")


class LoopbackToken(SansIOHTTPPolicy[Any, Any]):
    """Sets the bearer token that the client's own policy refuses to send over plain HTTP."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    @override
    def on_request(self, request: PipelineRequest[Any]) -> None:
        request.http_request.headers["Authorization"] = f"Bearer {self._token}"


def client_of(sandbox: SandboxServer, user: str = "sato") -> MicrosoftSupport:
    """Open Microsoft's client with our own policy."""
    return MicrosoftSupport(
        NoCredential(),
        SUBSCRIPTION,
        base_url=sandbox.azure_url,
        authentication_policy=LoopbackToken(user),
        polling_interval=0,
        retry_total=0,
    )


@pytest.fixture(name="client")
def _client(sandbox: SandboxServer) -> Iterator[MicrosoftSupport]:
    """Open Microsoft's client on the sandbox."""
    with client_of(sandbox) as client:
        yield client


def shown(model: Model) -> dict[str, Any]:
    """Read a model; its stubs claim that what only the service sets is None."""
    return dict(model.as_dict())


def details(**changes: object) -> SupportTicketDetails:
    """Put a ticket into the client's model."""
    asked = properties(**changes)
    contact = asked["contactDetails"]
    return SupportTicketDetails(
        title=asked["title"],
        description=asked["description"],
        service_id=asked["serviceId"],
        problem_classification_id=asked["problemClassificationId"],
        severity=asked["severity"],
        advanced_diagnostic_consent="No",
        support_plan_id=asked.get("supportPlanId"),
        contact_details=ContactProfile(
            first_name=contact["firstName"],
            last_name=contact["lastName"],
            preferred_contact_method=contact["preferredContactMethod"],
            primary_email_address=contact["primaryEmailAddress"],
            phone_number=contact["phoneNumber"],
            preferred_time_zone=contact["preferredTimeZone"],
            country=contact["country"],
            preferred_support_language=contact["preferredSupportLanguage"],
        ),
    )


def test_create(client: MicrosoftSupport, name: str) -> None:
    """The client creates, polls the operation and reads the finished ticket."""
    made = shown(client.support_tickets.begin_create(name, details()).result())

    assert made["name"] == name
    assert made["title"] == properties()["title"]
    assert made["support_ticket_id"].isdigit()
    assert len(made["support_ticket_id"]) == 15
    assert (made["severity"], made["status"]) == ("Moderate", "Open")
    assert made["contact_details"]["preferred_contact_method"] == "Phone"
    assert "email_address" not in made["support_engineer"]
    assert made["service_level_agreement"]["sla_minutes"] == 120
    assert made["created_date"]


def test_create_without_subscription(client: MicrosoftSupport, name: str) -> None:
    """The tenant's twin of the path works alike, apart from the subscription's tickets."""
    group = client.support_tickets_no_subscription
    made = shown(group.begin_create(name, details()).result())

    assert made["id"] == f"/providers/Microsoft.Support/supportTickets/{name}"
    assert shown(group.get(name)) == made
    with pytest.raises(ResourceNotFoundError):
        client.support_tickets.get(name)


def test_create_again(client: MicrosoftSupport, name: str) -> None:
    """A second create of one name finds the first ticket."""
    first, again = (
        shown(client.support_tickets.begin_create(name, details()).result()) for _ in range(2)
    )

    assert again == first


def test_resume_polling(client: MicrosoftSupport, name: str) -> None:
    """A poller's continuation token takes the polling up in another client."""
    poller = client.support_tickets.begin_create(name, details(), polling_interval=0)
    token = poller.continuation_token()
    poller.wait()
    resumed = client.support_tickets.begin_create(
        name, details(), continuation_token=token
    ).result()

    assert shown(resumed)["name"] == name


def test_failed_operation(client: MicrosoftSupport, name: str) -> None:
    """A plan that is too low is told by the operation, and leaves no ticket."""
    free = "U291cmNlOkZyZWUsRnJlZUlkOjEs"
    poller = client.support_tickets.begin_create(name, details(supportPlanId=free))

    with pytest.raises(HttpResponseError, match="InvalidSupportPlan"):
        poller.result()
    with pytest.raises(ResourceNotFoundError):
        client.support_tickets.get(name)


def test_refused_fields(client: MicrosoftSupport, name: str) -> None:
    """A field that is refused comes back as the client's error with its code."""
    with pytest.raises(HttpResponseError, match="InvalidParameterValue"):
        client.support_tickets.begin_create(name, details(severity="serious"))


def test_list_follows_pages(sandbox: SandboxServer) -> None:
    """The client follows nextLink to the last page, newest ticket first."""
    with client_of(sandbox) as client:
        names = [f"paged-{number}" for number in range(5)]
        for each in names:
            client.support_tickets.begin_create(each, details(title=each)).result()
        found = [shown(each)["name"] for each in client.support_tickets.list(top=2)]

    assert [each for each in found if each.startswith("paged-")] == names[::-1]


def test_list_filter(client: MicrosoftSupport, name: str) -> None:
    """A filter on the status is understood in the portal's and in the client's spelling."""
    client.support_tickets.begin_create(name, details()).result()
    client.support_tickets.update(name, UpdateSupportTicket(status="closed"))
    group = client.support_tickets
    closed = [shown(each)["name"] for each in group.list(filter="status eq 'Closed'")]
    still_open = [shown(each)["name"] for each in group.list(filter="Status eq 'Open'")]

    assert name in closed
    assert name not in still_open


def test_update(client: MicrosoftSupport, name: str) -> None:
    """The client's flat PATCH changes severity and status."""
    client.support_tickets.begin_create(name, details()).result()
    change = UpdateSupportTicket(severity="minimal", status="closed")
    changed = shown(client.support_tickets.update(name, change))

    assert (changed["severity"], changed["status"]) == ("Minimal", "Closed")


def test_catalogue(client: MicrosoftSupport) -> None:
    """Services and their problems are found, each service with a general one."""
    services = {each.display_name: shown(each) for each in client.services.list()}
    windows = services["Virtual Machine running Windows"]
    problems = [shown(each) for each in client.problem_classifications.list(windows["name"])]
    one = client.problem_classifications.get(windows["name"], problems[0]["name"])

    assert len(services) > 100
    assert shown(client.services.get(windows["name"])) == windows
    assert len(problems) > 3
    assert problems[-1]["display_name"].startswith("General question")
    assert shown(one) == problems[0]


def test_check_name(client: MicrosoftSupport, name: str) -> None:
    """A free name is free, a used one and a forbidden one are not."""
    client.support_tickets.begin_create(name, details()).result()

    def ask(wanted: str) -> dict[str, Any]:
        asked = CheckNameAvailabilityInput(name=wanted, type="Microsoft.Support/supportTickets")
        return shown(client.support_tickets.check_name_availability(asked))

    assert ask("free-one") == {"name_available": True}
    assert ask(name)["reason"] == "AlreadyExists"
    assert ask("12345")["reason"] == "Invalid"


def test_communication(client: MicrosoftSupport, name: str) -> None:
    """A message is put on the ticket and read back under the service's own name."""
    ticket = shown(client.support_tickets.begin_create(name, details()).result())
    message = CommunicationDetails(subject="More", body="Still so.", sender="a@b")
    sent = shown(client.communications.begin_create(name, "first-message", message).result())
    listed = [shown(each) for each in client.communications.list(name)]

    assert sent["name"] != "first-message"
    assert sent["subject"] == f"More - TrackingID#{ticket['support_ticket_id']}"
    assert listed == [sent]
    with pytest.raises(HttpResponseError):
        client.communications.begin_create(name, SUBSCRIPTION, message)


def test_revoked_token(sandbox: SandboxServer) -> None:
    """The token named revoked is refused as the client knows it."""
    with client_of(sandbox, "revoked") as client, pytest.raises(ClientAuthenticationError):
        client.support_tickets.get("anything")
