"""Files that hold keys: written whole or not at all, mode 0600, and gone for good when they are to be gone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_once(path: Path, content: bytes) -> None:
    """Writes a file of mode 0600 whole or not at all; where another process was first, that one's content stays.

    Returns once both content and name would outlive a power cut: what is sealed under a key must not outlive the key.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes) -> None:
    """Puts another content into a file, whole or not at all; mode 0600; it lasts once this returns."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    write_once(draft, content)
    draft.replace(path)
    sync_folder(path.parent)


def shred(path: Path) -> None:
    """Overwrites a file and takes its name away; where there is none, does nothing.

    On disks that write elsewhere (solid state, copy on write) the old blocks live on until they are used again: whoever
    runs the machine encrypts that disk.
    """
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_folder(path.parent)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Holds a folder against every other thread and process that does the same, for a moment.

    So that no file comes back by a replacement that was begun before it was shredded, or is wrapped by a key that was
    replaced meanwhile. Do nothing within that waits.
    """
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
