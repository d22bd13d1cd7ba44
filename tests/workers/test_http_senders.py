from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from ledger import quarantine, senders, views
from tests.builders import onprem_data
from tests.driving import Driver, event
from tests.senders import DESK, key_of, secret_of, sign
from tests.workers.serving import serving

EVENT = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
DATA = {"Content-Type": "application/json"}


@pytest.fixture(name="web")
def _web(driver: Driver) -> Iterator[httpx.Client]:
    """Give a server that lets in registered senders only."""
    with serving(replace(driver.app, registered=True)) as client:
        yield client


def bearer(key: str) -> dict[str, str]:
    """Give the header of an API key."""
    return {"Authorization": f"Bearer {key}"}


def signed(secret: str, message_id: str, body: bytes, late_s: float = 0) -> dict[str, str]:
    """Give the headers of a body that desk signed."""
    timestamp, signature = sign(secret, message_id, body, late_s=late_s)
    return {
        "webhook-sender": "desk",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature,
    }


def kept(driver: Driver) -> list[str]:
    """Give why messages are in quarantine."""
    return [one.code for one in driver.app.store.read(quarantine.kept)]


def post(
    web: httpx.Client, shown: dict[str, str], body: bytes | None = None, **data: Any
) -> httpx.Response:
    """Post as desk, with what it shows."""
    content = event(onprem_data(**data), source=DESK) if body is None else body
    return web.post("/v1/requests", content=content, headers={**EVENT, **shown})


def test_a_key_lets_its_sender_in(driver: Driver, web: httpx.Client) -> None:
    """202, then 200 for a repeat, and 409 for another content under the same id."""
    shown = bearer(key_of(driver.app))
    answers = [post(web, shown), post(web, shown), post(web, shown, title="other")]
    assert [one.status_code for one in answers] == [202, 200, 409]
    assert kept(driver) == ["id_reused"]


@pytest.mark.parametrize("header", ["Idempotency-Key", "ce-id", "ce-subject"])
def test_what_was_signed_is_one_request(driver: Driver, web: httpx.Client, header: str) -> None:
    """Whoever overheard a signed body cannot send it as another request, or into another one."""
    body = json.dumps(onprem_data()).encode()
    shown = {**signed(secret_of(driver.app), "1", body), **DATA, "Idempotency-Key": "1"}

    overheard = {**shown, "ce-id": "1", "ce-source": DESK, "ce-specversion": "1.0", header: "2"}
    answer = web.post("/v1/requests", content=body, headers=overheard)

    assert (answer.status_code, kept(driver)) == (401, ["unauthorised"])
    assert web.post("/v1/requests", content=body, headers=shown).status_code == 202


@pytest.mark.parametrize(
    "shown",
    [{}, bearer("tsk_wrong"), {"Authorization": "Basic ZGVzazpkZXNr"},
     {"webhook-sender": "desk", "webhook-signature": "v1,AAAA"}],
    ids=["nothing", "a wrong key", "another scheme", "a wrong signature"],
)  # fmt: skip
def test_who_is_not_known_is_not_let_in(
    driver: Driver, web: httpx.Client, shown: dict[str, str]
) -> None:
    """401 with what to do; the message is kept, readable or not."""
    secret_of(driver.app)
    for body in (event(onprem_data(), source=DESK), b"{", b""):
        answer = post(web, shown, body)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["quarantine"].startswith("Q-")
        assert "; " in answer.json()["detail"]
    assert kept(driver) == ["unauthorised"] * 3
    assert driver.app.store.read(views.counts) == {}


def test_a_batch_of_nobody_is_refused_as_one(driver: Driver, web: httpx.Client) -> None:
    """Nothing of it is looked into; it is kept whole."""
    body = b"[" + event(onprem_data(), source=DESK) + b"]"
    answer = web.post("/v1/requests", content=body, headers=BATCH)
    assert answer.status_code == 401
    (one,) = driver.app.store.read(quarantine.kept)
    assert driver.app.store.read(lambda db: quarantine.raw(db, driver.app.vault, one.id)) == body


def test_a_sender_stays_within_its_own(driver: Driver, web: httpx.Client) -> None:
    """Another's source or partner is 403, kept, and tells nothing of that other."""
    shown = bearer(key_of(driver.app))
    partner = post(web, shown, partner="999")
    source = post(web, shown, event(onprem_data(), source="urn:erp"))
    assert [one.status_code for one in (partner, source)] == [403, 403]
    assert kept(driver) == ["foreign_partner", "foreign_source"]
    assert partner.json()["place"] == "data.partner"
    assert "urn:erp" not in source.text


def test_where_it_is_open_a_source_is_still_its_senders(driver: Driver) -> None:
    """Who shows nothing is let in, and uses up no registered sender's numbers."""
    shown = bearer(key_of(driver.app))
    with serving(driver.app) as web:
        answers = [post(web, {}), post(web, shown)]
        other = post(web, {}, event(onprem_data(), source="urn:erp"))
    assert [one.status_code for one in (*answers, other)] == [403, 202, 202]
    assert kept(driver) == ["foreign_source"]


def test_a_batch_is_told_apart(driver: Driver, web: httpx.Client) -> None:
    """What is another's is refused, and its neighbours pass."""
    items = [event(onprem_data(), str(n), source=DESK) for n in (1, 2)]
    foreign = event(onprem_data(), "3", source="urn:erp")
    body = b"[" + b",".join([items[0], foreign, items[1]]) + b"]"
    answer = web.post("/v1/requests", content=body, headers={**BATCH, **bearer(key_of(driver.app))})
    assert answer.status_code == 207
    assert [one["status"] for one in answer.json()] == [202, 403, 202]


def test_bare_data_gets_its_senders_source(driver: Driver, web: httpx.Client) -> None:
    """Two senders may use the same key: it is their own number."""
    keys = [key_of(driver.app), key_of(driver.app, "erp", "urn:erp")]
    numbers = set()
    for key in keys:
        headers = {**DATA, **bearer(key), "Idempotency-Key": "1"}
        answer = web.post("/v1/requests", json=onprem_data(), headers=headers)
        assert answer.status_code == 202
        numbers.add(answer.json()["request"])
    assert len(numbers) == 2


def test_a_signature_lets_its_sender_in(driver: Driver, web: httpx.Client) -> None:
    """Over id, time and body, for five minutes; a body that was changed on the way does not."""
    secret, body = secret_of(driver.app), event(onprem_data(), source=DESK)
    shown = signed(secret, "msg_1", body)
    assert post(web, shown, body).status_code == 202
    assert post(web, shown, body).status_code == 200
    assert post(web, shown, body.replace(b"4711", b"4712") + b" ").status_code == 401
    assert post(web, signed(secret, "msg_1", body, late_s=400), body).status_code == 401


def test_a_sender_sees_its_own_requests_only(driver: Driver, web: httpx.Client) -> None:
    """Another's is as if it were not there; nobody sees none."""
    keys = key_of(driver.app), key_of(driver.app, "erp", "urn:erp")
    address = post(web, bearer(keys[0])).headers["Location"]
    assert web.get(address, headers=bearer(keys[0])).status_code == 200
    assert web.get(address, headers=bearer(keys[1])).status_code == 404
    assert web.get(address).status_code == 401
    driver.app.store.write(
        lambda db: senders.revoke(db, "desk", who="sato", why="its key was lost")
    )
    assert web.get(address, headers=bearer(keys[0])).status_code == 401


def test_who_signs_asks_by_number(driver: Driver, web: httpx.Client) -> None:
    """The number is what is signed: the same signature opens no other request."""
    secret = secret_of(driver.app)
    bodies = [event(onprem_data(), str(n), source=DESK) for n in (1, 2)]
    first, second = (
        post(web, signed(secret, "m", body), body).json()["request"] for body in bodies
    )
    shown = signed(secret, first, b"")
    assert web.get(f"/v1/requests/{first}", headers=shown).status_code == 200
    assert web.get(f"/v1/requests/{second}", headers=shown).status_code == 401


def test_what_is_refused_names_no_secret(
    driver: Driver, web: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither a key that was shown nor an id within the message is answered or logged."""
    secret = "0123456789"
    body = event(onprem_data(access_id=secret), source=DESK)
    answers = [post(web, bearer("tsk_" + "k" * 40), body), post(web, bearer(key_of(driver.app)))]
    told = "".join(one.text for one in answers) + "".join(capfd.readouterr())
    assert secret not in told
    assert "k" * 40 not in told


def test_a_large_message_of_nobody_is_not_read_to_its_end(
    driver: Driver, web: httpx.Client
) -> None:
    """Who is not known is read as far as what is kept; who shows a key of ours, further."""
    large = b"x" * (driver.app.limits.message_bytes + 1)
    assert post(web, {}, large).status_code == 413
    assert post(web, bearer("tsk_wrong"), large).status_code == 413
    assert kept(driver) == []
    answer = post(web, bearer(key_of(driver.app)), large)
    assert answer.status_code == 413
    assert json.loads(answer.text)["quarantine"]
    assert kept(driver) == ["too_large"]
