"""Runs before anything else in a process under libfaketime, and mends what that library breaks.

Where only the wall clock is faked, it hands the kernel a negative time for each `time.sleep` of
Python 3.11 and newer (https://github.com/wolfcw/libfaketime/issues/426).
"""

from __future__ import annotations

import select
import time
from typing import SupportsIndex


def _sleep(seconds: float | SupportsIndex, /) -> None:
    select.select([], [], [], float(seconds))


time.sleep = _sleep  # noqa: TID251  (mended, not called)
