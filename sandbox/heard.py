"""What keys were about that never became tickets: faults can follow them. In memory only."""

from __future__ import annotations

from sandbox.call import Call, Subject


class Heard:
    """Subjects by key."""

    def __init__(self) -> None:
        self._subjects: dict[str, Subject] = {}

    def remember(self, call: Call) -> None:
        if call.key:
            self._subjects[call.key] = Subject(call.portal, call.text)

    def recall(self, key: str) -> Subject | None:
        return self._subjects.get(key)
