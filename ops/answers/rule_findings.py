"""What a clause may say no with, read out of the functions that ask it.

Nothing is listed twice: whatever words a function names, it can speak.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from rules import asking
from rules.clause import Clause
from rules.naming import IDS
from rules.remark import Finding
from rules.wording import Wording
from rules.words.fields import FIELDS

ASKING = (asking.missing, asking.missing_among)
"""They ask for the fields that their caller names."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An outcome with its code, and the words for it; blanks in braces are filled in later."""

    outcome: str
    code: str
    field: str | None
    message: dict[str, str]
    remedy: dict[str, str]


def refusals(clause: Clause) -> tuple[Refusal, ...]:
    """Give everything a clause may refuse with, the gravest first."""
    asked = (one for one in (clause.judge, clause.weigh) if one is not None)
    spoken = [each for one in asked for each in _spoken(one, set())]
    ordered = sorted(spoken, key=lambda each: each.outcome, reverse=True)
    found = map(_refusal, ordered)
    return tuple({(each.outcome, each.code, each.field): each for each in found}.values())


def _refusal(said: Wording | Finding) -> Refusal:
    return Refusal(
        outcome=said.outcome.value,
        code=said.code,
        field=said.field,
        message=said.message.as_dict(),
        remedy=said.remedy.as_dict(),
    )


def _spoken(function: Callable[..., Any], seen: set[object]) -> Iterator[Wording | Finding]:
    """Give the words a function names, and those of our functions that it calls."""
    if not isinstance(function, FunctionType) or function in seen:
        return
    seen.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        value = _meant(node, function.__globals__)
        if isinstance(value, Wording):
            yield value
        elif isinstance(value, FunctionType) and value.__module__.startswith("rules."):
            if value not in ASKING:
                yield from _spoken(value, seen)
        elif isinstance(node, ast.Call) and _meant(node.func, function.__globals__) in ASKING:
            yield from map(asking.missing, _fields(node))


def _meant(node: ast.AST, names: Mapping[str, Any]) -> object:
    """Give what a name stands for, or a name within a module such as `words.UNKNOWN`."""
    match node:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            return getattr(names.get(module), name, None)
        case _:
            return None


def _fields(call: ast.Call) -> tuple[str, ...]:
    """Give the fields a call names; where it names none, a contract's ids are asked for."""
    inner = (node for argument in call.args for node in ast.walk(argument))
    words = (node.value for node in inner if isinstance(node, ast.Constant))
    return tuple(dict.fromkeys(word for word in words if word in FIELDS)) or IDS
