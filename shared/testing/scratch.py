"""Where tests put what they throw away: in memory, where there is room for it, so that none waits for a disk.

Nothing else changes: files are written, synced and locked as on a disk, and outlive a process that is killed. That a
machine loses its power is played in no test.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - only what stands below it, in folders that pytest and mkdtemp make
ROOM = 6 * 2**30
"""Bytes: several times what a run of all tests leaves there until its end. Containers often have 64 MiB."""


@cache
def scratch() -> Path:
    """The folder in which to make folders of one's own."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        return MEMORY
    return Path(tempfile.gettempdir())
