"""Which incarnations were ever begun, kept outside the databases and their backups: an older copy can't forget them.

One file per service, a JSON object a line, each on the disk before its incarnation is opened; so a number that was
given in an incarnation that is itself lost is never given again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """An incarnation that was begun, whether or not it was opened."""

    incident: str
    tenant: UUID
    generation: int
    incarnation: UUID


class Restorations:
    """The journal of one service's restorations."""

    def __init__(self, folder: Path, service: str) -> None:
        self.path = folder / f"{service}.jsonl"
        self._begun: list[Begun] = []
        self._finished: set[str] = set()
        for line in self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else ():
            self._take(line)

    def begun(self, tenant: UUID, incident: str | None = None) -> Sequence[Begun]:
        """Those of a tenant, in order; of one incident only, where it is named."""
        return [one for one in self._begun if one.tenant == tenant and incident in (None, one.incident)]

    def of_incident(self, incident: str) -> Mapping[UUID, Begun]:
        """The last one of each tenant in an incident."""
        return {one.tenant: one for one in self._begun if one.incident == incident}

    def is_finished(self, incident: str) -> bool:
        """Whether the incident's restoration came to its end."""
        return incident in self._finished

    def begin(self, begun: Begun) -> None:
        """Writes down that an incarnation is about to be opened; returns once that would outlive a power cut."""
        facts = {"tenant": str(begun.tenant), "generation": begun.generation, "incarnation": str(begun.incarnation)}
        self._write({"incident": begun.incident, **facts})
        self._begun.append(begun)

    def finish(self, incident: str) -> None:
        """Writes down that the incident's restoration came to its end."""
        self._write({"incident": incident, "finished": True})
        self._finished.add(incident)

    def _take(self, line: str) -> None:
        """A line; one that a power cut left half written was begun by nobody: nothing was opened after it."""
        try:
            data = json.loads(line)
        except ValueError:
            return
        if data.get("finished"):
            self._finished.add(data["incident"])
            return
        self._begun.append(
            Begun(
                incident=data["incident"],
                tenant=UUID(data["tenant"]),
                generation=data["generation"],
                incarnation=UUID(data["incarnation"]),
            )
        )

    def _write(self, data: Mapping[str, object]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = not self.path.exists()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            if not fresh and not self._ends_with_a_line():
                file.write(b"\n")
            file.write(json.dumps(data, ensure_ascii=False, sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _ends_with_a_line(self) -> bool:
        content = self.path.read_bytes()
        return not content or content.endswith(b"\n")
