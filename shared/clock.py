"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the time that events happen at; always aware, always UTC."""

    def now(self) -> datetime:
        """The time."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The machine's time."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved; for tests."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The time it stands at."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Moves the clock forward."""
        self.at += by


class ShiftedClock:
    """The machine's clock moved by the seconds in a file, so that every process of a rehearsal shares one time.

    Used by the demo and the journey tests; `recorded_at` in the ledger and the life of tokens are never shifted.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        """The machine's time and the shift that the file holds now; none where it is empty or missing."""
        text = self.file.read_text().strip() if self.file.exists() else ""
        return datetime.now(UTC) + timedelta(seconds=float(text or 0))

    def advance(self, by: timedelta) -> None:
        """Moves the clock forward for all who read the file."""
        shift = self.now() - datetime.now(UTC) + by
        swap = self.file.with_suffix(".new")
        swap.write_text(f"{shift.total_seconds():.6f}\n")
        swap.replace(self.file)
