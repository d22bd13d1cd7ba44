"""YAML to plain values, with the position of each: no key twice, no aliases, no tags of its own.

Never resolves anything outside the text.
"""

from __future__ import annotations

from collections.abc import Hashable

import yaml
from typing_extensions import override

from contracts.directory_faults import DirectoryFault, LineFault, Mark, Path
from contracts.faults import place

_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp", "str")
}


class _Loader(yaml.SafeLoader):
    """The safe loader, for whom an alias is a fault: nothing here needs one."""

    @override
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call] # the stubs leave it out
            mark = event.start_mark
            raise yaml.MarkedYAMLError(problem="uses an alias (*); write it out", problem_mark=mark)
        return super().compose_node(parent, index)


class MarkedYaml:
    """The values of a text, the mark of each value's path, and the faults of the text itself."""

    def __init__(self, text: str) -> None:
        self.marks: dict[Path, Mark] = {}
        self.faults: list[LineFault] = []
        self._unread: set[Path] = set()
        self._loader = _Loader(text)
        node = self._loader.get_single_node()
        self.value: object = None if node is None else self._read(node, ())

    def mark(self, path: Path) -> Mark:
        """Where the path is, or the nearest thing that holds it."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Mark(1, 1))

    def say(self, path: Path, message: str) -> None:
        """Add a fault, unless the text there could not be read in the first place."""
        if path in self._unread:
            return
        mark = self.mark(path)
        self.faults.append(LineFault(mark.line, mark.column, place("", path), message))

    def _read(self, node: yaml.Node, path: Path) -> object:
        self.marks.setdefault(path, _mark(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._read(part, (*path, at)) for at, part in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in node.value:
            inner = (*path, str(key.value) if isinstance(key, yaml.ScalarNode) else "?")
            if inner[-1] in found:
                where = (*inner, "again")
                self.marks[where] = _mark(key)
                self._twice(inner, where)
                continue
            self.marks[inner] = _mark(key if not isinstance(value, yaml.ScalarNode) else value)
            found[str(inner[-1])] = self._read(value, inner)
        return found

    def _twice(self, path: Path, where: Path) -> None:
        mark = self.marks.pop(where)
        words = "stands here for the second time; keep one of them"
        self.faults.append(LineFault(mark.line, mark.column, place("", path), words))

    def _scalar(self, node: yaml.Node, path: Path) -> Hashable:
        if node.tag not in _TAGS:
            self._leave(path, "has a tag of its own; remove it")
            return None
        try:
            value: Hashable = self._loader.construct_object(node)
        except (ValueError, yaml.YAMLError):
            self._leave(path, "is a day or a number that does not exist; correct it")
            return None
        return value

    def _leave(self, path: Path, message: str) -> None:
        self.say(path, message)
        self._unread.add(path)


def read_yaml(text: str) -> MarkedYaml:
    """Raise DirectoryFault for what is no YAML."""
    try:
        return MarkedYaml(text)
    except yaml.MarkedYAMLError as error:
        raise DirectoryFault([_syntax(error)]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DirectoryFault([LineFault(line, 1, "", "holds a control character")]) from None
    except RecursionError:
        raise DirectoryFault([LineFault(1, 1, "", "is nested too deeply; flatten it")]) from None


def _mark(node: yaml.Node) -> Mark:
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)


def _syntax(error: yaml.MarkedYAMLError) -> LineFault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return LineFault(line, column, "", f"is not YAML: {error.problem or error.context}")
