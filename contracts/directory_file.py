"""The directory as a YAML file: read with every fault and its line, written back in the same form.

Never takes a part of a broken file; never writes an id in clear unless asked to.
"""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import ValidationError

from contracts.directory import MASKED, Directory
from contracts.directory_checks import check_directory
from contracts.directory_faults import DirectoryFault, LineFault
from contracts.faults import faults_of
from contracts.yaml_marks import MarkedYaml, read_yaml

_QUOTED = frozenset({"id", "access_id", "contract_id"})


def read_directory(text: str) -> Directory:
    """Raise DirectoryFault with every fault there is."""
    marked = read_yaml(text)
    if marked.value is None and not marked.faults:
        raise DirectoryFault([LineFault(1, 1, "", "is empty; begin with partners:")])
    directory = _validated(marked)
    for path, words in check_directory(marked.value):
        marked.say(path, words)
    if directory is None or marked.faults:
        raise DirectoryFault(marked.faults)
    return directory


def _validated(marked: MarkedYaml) -> Directory | None:
    try:
        return Directory.model_validate(marked.value)
    except ValidationError as error:
        for detail, fault in zip(error.errors(), faults_of(error, ""), strict=True):
            marked.say(detail["loc"], fault.message)
        return None


def write_directory(directory: Directory, *, secrets: bool) -> str:
    partners = [_plain(partner.model_dump(), secrets=secrets) for partner in directory.partners]
    return yaml.dump(
        {"partners": partners}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000
    )


class _Quoted(str):
    """Text that some YAML reader might take for a number."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """The safe dumper, with quotes around ids."""


_Dumper.add_representer(
    _Quoted,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"'),
)


def _plain(value: Any, *, secrets: bool) -> Any:  # noqa: ANN401 (any part of an entry)
    if isinstance(value, dict):
        given = {name: part for name, part in value.items() if part not in (None, ())}
        return {name: _field(name, part, secrets=secrets) for name, part in given.items()}
    if isinstance(value, tuple):
        return [_plain(part, secrets=secrets) for part in value]
    return value


def _field(name: str, value: Any, *, secrets: bool) -> Any:  # noqa: ANN401 (any part of an entry)
    if name not in _QUOTED:
        return _plain(value, secrets=secrets)
    clear = value if isinstance(value, str) else value.get_secret_value() if secrets else MASKED
    return _Quoted(clear)
