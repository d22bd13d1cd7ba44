"""The command `toritsugi`: exit status 0 done, 1 the answer is no or something failed, 2 wrong use.

Errors are one sentence on standard error; a person never sees a traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import typer

from ops.cli.root import root
from ops.problem import Problem, bad_input

INTERRUPTED = 130
NEW_OBJECTS = 20_000
"""So many make it worth looking for garbage; Python's own 700 are a tenth of a command's time."""


def main() -> None:
    gc.set_threshold(NEW_OBJECTS)
    # Looking for plugins in every installed package takes its time, and there are none to find.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # noqa: TID251  (set, not read)
    status = run(sys.argv[1:])
    gc.freeze()  # looking for garbage in a process that ends takes as long as deciding a request
    sys.exit(status)


def run(words: Sequence[str]) -> int:
    """Run one command; give its exit status."""
    try:
        given = root()(list(words) or ["--help"], prog_name="toritsugi", standalone_mode=False)
        return int(given or 0)
    except typer.Abort:
        return INTERRUPTED
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = "toritsugi" if context is None else context.command_path
        wrong = error.format_message().rstrip(".")
        return _complain(bad_input(f"{wrong}; see {command} --help"), words)
    except Problem as problem:
        return _complain(problem, words)
    except Exception as error:  # noqa: BLE001  (said in plain words, and logged)
        from ops.plain_words import problem_of  # noqa: PLC0415  (heavy; --help stays quick)

        return _complain(problem_of(error), words)


def _complain(problem: Problem, words: Sequence[str]) -> int:
    from ops.output import complain  # noqa: PLC0415  (heavy; --help stays quick)

    return complain(problem, as_json="--json" in words)


if __name__ == "__main__":
    main()
