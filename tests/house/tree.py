"""The project's own files, as the house tests look at them."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "config", "contracts", "ledger", "ops", "rules", "sandbox", "workers")


def files(pattern: str) -> list[Path]:
    """Give the files git tracks, or would, that match."""
    listed = subprocess.run(  # noqa: S603  (git, on our own tree)
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = (ROOT / line for line in listed.stdout.splitlines())
    return [path for path in found if path.is_file()]


def modules() -> list[str]:
    """Give the dotted names of all modules of our packages."""
    paths = (path.relative_to(ROOT) for name in PACKAGES for path in files(f"{name}/**.py"))
    skipped = ("__main__", "migrations")
    return sorted(
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in paths
        if not any(part in path.with_suffix("").parts for part in skipped)
    )
