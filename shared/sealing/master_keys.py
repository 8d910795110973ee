"""The installation's master key, which wraps the tenants' keys; like theirs, it has generations.

The first lies in the file that is named, for example `<keys>/master.key`; the next in `<keys>/master.2.key`, and so on.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from shared.sealing.files import shred, write_once
from shared.sealing.seal import KEY_SIZE


class MasterKeys(Protocol):
    """Gives the master key by generation."""

    def newest(self) -> int:
        """The generation that wraps; 1 is made if there is none."""
        ...

    def key(self, generation: int) -> bytes:
        """The key of a generation. Raises FileNotFoundError where it was destroyed or never was."""
        ...


class FixedMasterKey:
    """One key that is handed in, of one generation."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def newest(self) -> int:
        """The only one."""
        return 1

    def key(self, generation: int) -> bytes:
        """As in MasterKeys."""
        if generation != 1:
            raise FileNotFoundError
        return self._key


class FolderMasterKeys:
    """Master keys as files of mode 0600, read when they are asked for: a rotation needs no restart."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def newest(self) -> int:
        """The generation that wraps; the first is made if there is none."""
        there = self.generations()
        if not there:
            write_once(self.path, os.urandom(KEY_SIZE))
        return max(there, default=1)

    def generations(self) -> list[int]:
        """The generations that there are, in order."""
        later = self.path.parent.glob(f"{self.path.stem}.*{self.path.suffix}")
        numbers = [int(path.suffixes[-2][1:]) for path in later if path.suffixes[-2][1:].isdigit()]
        return sorted([*([1] if self.path.exists() else []), *numbers])

    def key(self, generation: int) -> bytes:
        """As in MasterKeys."""
        return self.file(generation).read_bytes()

    def begin_generation(self) -> int:
        """Makes a new master key, which wraps from now on; gives its number."""
        generation = self.newest() + 1
        write_once(self.file(generation), os.urandom(KEY_SIZE))
        return generation

    def destroy_generations_before(self, generation: int) -> None:
        """Destroys the older ones: whatever they still wrap opens no more."""
        for older in self.generations():
            if older < generation:
                shred(self.file(older))

    def file(self, generation: int) -> Path:
        """Where a generation lies."""
        return self.path if generation == 1 else self.path.with_suffix(f".{generation}{self.path.suffix}")
