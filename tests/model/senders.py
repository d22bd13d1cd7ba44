"""Those who send: they keep what has no answer yet, and send it again."""

from __future__ import annotations

from dataclasses import replace

from adapters.inbound.event import parse_event
from contracts.ids import request_id
from tests.builders import GOLD
from tests.driving import SOURCE, event
from tests.model.kinds import KINDS, MISSING, Letter
from tests.model.reference import Request
from tests.model.run import Run
from workers.record import Receipt, record


class Senders:
    """All senders of a run, and the letters they have sent."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._letters: dict[str, Letter] = {}

    def __len__(self) -> int:
        return len(self._letters)

    def send(self, kind: str, way: str) -> str:
        """Send a new request; give its number."""
        sender_id = str(len(self) + 1)
        number = request_id(SOURCE, sender_id)
        self._letters[number] = Letter(sender_id, f"{kind} {sender_id}", KINDS[kind])
        self.send_again(number, way)
        return number

    def send_again(self, number: str, way: str) -> None:
        """Send a request on the stream, or through the door, where the answer comes at once."""
        letter, world = self._letters[number], self._run.world
        accepted = False
        if way == "stream":
            world.send(letter.sender_id, letter.data)
        else:
            world.sent[letter.sender_id] = event(letter.data, letter.sender_id)
            accepted = self._knock(number, letter)
        one = Request(letter.title, letter.kind.leads, letter.kind.contract)
        self._run.model.requests.setdefault(number, one).acknowledged |= accepted

    def send_another(self, number: str) -> None:
        """Use the number of what was acknowledged for another content."""
        if self._run.model.requests[number].acknowledged:
            letter = self._letters[number]
            self._knock(number, replace(letter, title=f"{letter.title}, another"))

    def complete(self, number: str, message: str) -> None:
        """Send what was missing, again until there is an answer."""
        model = self._run.model
        may = model.completion(number, message)
        body = event(MISSING, f"{number}/{message}", subject=number)
        while (receipt := self._record(body)) is None:
            may |= {"repeat"}
        assert receipt.verdict in may, f"{number}: {receipt.verdict}, not {may}"
        if receipt.accepted:
            one = model.requests[number]
            one.completions.add(message)
            one.leads, one.contract = "filed", GOLD
            model.acted.add(number)

    def _knock(self, number: str, letter: Letter) -> bool:
        may = self._run.model.door(number, letter.title)
        receipt = self._record(event(letter.data, letter.sender_id))
        if receipt is None:
            return False
        assert receipt.verdict in may, f"{number}: {receipt.verdict}, not {may}"
        return receipt.accepted

    def _record(self, body: bytes) -> Receipt | None:
        receipts = self._run.life.do(lambda app: record(app, "test", parse_event(body)))
        return receipts[0] if receipts else None
