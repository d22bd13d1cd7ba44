"""Reads an HTTP problem (RFC 9457) with its extra member `code`. Never fails on what is none."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError


class Problem(BaseModel):
    """What a service says about a request that it did not fulfil."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str | None = None
    title: str | None = None
    detail: str | None = None

    @property
    def words(self) -> str | None:
        return self.detail or self.title


def read_problem(body: bytes) -> Problem:
    """Read the problem; an empty one when the body is a page, cut or of another shape."""
    try:
        return Problem.model_validate_json(body)
    except ValidationError:
        return Problem()
