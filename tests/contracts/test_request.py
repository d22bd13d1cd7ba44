"""The support request: nothing is asked for, nothing is guessed, no secret is shown."""

from __future__ import annotations

import traceback

import pytest
from pydantic import ValidationError

from contracts.request import SupportRequest
from tests.contracts.cast import ACCESS_ID, CONTRACT_ID, full_data


def test_an_empty_request_can_be_read() -> None:
    """Missing data is for the rules to speak of; only defaults are filled in."""
    request = SupportRequest.model_validate({})
    assert (request.kind, request.payment, request.usage) == (
        "technical",
        "contract",
        "it_professional",
    )
    assert (request.partner, request.severity, request.access_id) == (None, None, None)
    assert request.contact.model_dump(exclude_none=True) == {
        "method": "phone",
        "cc": (),
        "language": "ja",
        "time_zone": "Asia/Tokyo",
        "country": "JP",
    }
    assert request.consents.services_agreement is None
    assert request.consents.advanced_diagnostics is False


@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", " \t\u3000\n"])
def test_blank_is_not_given(blank: str | None) -> None:
    """A blank or null value is a value not given, in parts and lists too."""
    request = SupportRequest.model_validate(
        {
            "partner": blank,
            "kind": blank,
            "access_id": blank,
            "started_at": blank,
            "contact": {"phone": blank, "cc": ["a@b.example", blank], "time_zone": blank},
        }
    )
    assert request == SupportRequest.model_validate({"contact": {"cc": ["a@b.example"]}})


def test_unknown_fields_keep_their_nesting() -> None:
    """What we do not know goes into extra, merged with the sender's own extra object."""
    request = SupportRequest.model_validate(
        {
            "project": {"code": 7},
            "contact": {"name": "佐藤", "fax": "03-1"},
            "attachments": [{"name": "a"}, {"name": "b", "size": 3}],
            "extra": {"project": {"phase": 2}, "contact": {"floor": 4}},
        }
    )
    assert request.contact.name == "佐藤"
    assert request.extra == {
        "project": {"phase": 2, "code": 7},
        "contact": {"floor": 4, "fax": "03-1"},
        "attachments": {"1": {"size": 3}},
    }


def test_extra_that_is_no_object_is_kept() -> None:
    """An extra field of another type is an unknown field like others."""
    assert SupportRequest.model_validate({"extra": "x"}).extra == {"extra": "x"}


def test_secrets_among_unknown_fields_are_masked() -> None:
    """An id under a name of the sender's own is no less a secret."""
    request = SupportRequest.model_validate(
        {"アクセス ID": ACCESS_ID, "memo": f"access id: {ACCESS_ID}", "portal": {"password": "x1"}}
    )
    assert ACCESS_ID not in str(request.extra)
    assert request.extra["portal"] == {"password": "***"}


def test_secrets_are_never_shown() -> None:
    """Neither printing nor dumping a request shows an id; `secrets` alone gives them."""
    request = SupportRequest.model_validate(full_data())
    shown = [repr(request), str(request), str(request.model_dump()), request.model_dump_json()]
    shown.append(str(request.public()))
    for text in shown:
        assert ACCESS_ID not in text
        assert CONTRACT_ID not in text
    assert request.secrets() == {"access_id": ACCESS_ID, "contract_id": CONTRACT_ID}


def test_errors_never_show_a_secret() -> None:
    """A wrong type in another field does not print the ids, nor does one in theirs."""
    with pytest.raises(ValidationError) as caught:
        SupportRequest.model_validate(full_data(severity="Z", contract_id=[CONTRACT_ID]))
    shown = "".join(traceback.format_exception(caught.value))
    assert ACCESS_ID not in shown
    assert CONTRACT_ID not in shown


def test_public_and_secrets_make_the_request_again() -> None:
    """What is stored in two places gives the same request back."""
    request = SupportRequest.model_validate(full_data(project="x", extra={"y": [1]}))
    assert SupportRequest.model_validate({**request.public(), **request.secrets()}) == request


def test_a_request_cannot_be_changed() -> None:
    """A request is what its sender wrote, from beginning to end."""
    request = SupportRequest.model_validate({})
    with pytest.raises(ValidationError, match="frozen"):
        request.title = "x"  # type: ignore[misc]  # the very thing that is tried


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("partner", 4612345),
        ("access_id", 230242323),
        ("severity", "Z"),
        ("severity", "a"),
        ("kind", "other"),
        ("route", "cloud"),
        ("payment", "cash"),
        ("title", "x" * 251),
        ("description", "x" * 30_001),
        ("started_at", "2026-11-22T09:00:00"),
        ("started_at", "yesterday"),
        ("started_at", 1_780_000_000),
        ("contact", "sato"),
        ("contact", {"time_zone": "Asia"}),
        ("contact", {"time_zone": "JST+9"}),
        ("contact", {"country": "JPN"}),
        ("contact", {"email": "sato"}),
        ("contact", {"email": "a@b.example\nBcc: c@d.example"}),
        ("contact", {"cc": "a@b.example"}),
        ("contact", {"method": "fax"}),
        ("consents", {"services_agreement": "yes"}),
        ("consents", {"services_agreement": 1}),
        ("attachments", {"name": "a"}),
        ("attachments", [{"content": "not base64!"}]),
        ("attachments", [{"url": "file:///etc/passwd"}]),
        ("reply_to", {"webhook": "ftp://x.example"}),
    ],
)
def test_wrong_values_are_errors(field: str, value: object) -> None:
    """A wrong type or an unknown choice is an error at its field."""
    with pytest.raises(ValidationError) as caught:
        SupportRequest.model_validate({field: value})
    assert {error["loc"][0] for error in caught.value.errors()} == {field}


def test_limits_are_inclusive() -> None:
    """A title of 250 and a description of 30,000 characters are taken."""
    SupportRequest.model_validate({"title": "題" * 250, "description": "文" * 30_000})


def test_country_is_upper_case() -> None:
    """Small letters are the same country."""
    assert SupportRequest.model_validate({"contact": {"country": "us"}}).contact.country == "US"


def test_attachment_gives_its_octets() -> None:
    """Content is base64; an address alone has no octets."""
    request = SupportRequest.model_validate(
        {"attachments": [{"content": "aGVsbG8="}, {"url": "https://x.example/a"}]}
    )
    assert [file.octets() for file in request.attachments] == [b"hello", None]
