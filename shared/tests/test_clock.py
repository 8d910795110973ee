"""What time it is, in one place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from shared.clock import FixedClock, ShiftedClock, SystemClock

A_SECOND = timedelta(seconds=1)


class TestClocks:
    def test_tell_aware_times_in_utc(self, tmp_path: Path) -> None:
        """Whatever zone they were set in."""
        almaty = datetime(2026, 9, 1, 9, tzinfo=timezone(timedelta(hours=5)))
        assert FixedClock(almaty).now() == datetime(2026, 9, 1, 4, tzinfo=UTC)
        for clock in (SystemClock(), FixedClock(almaty), ShiftedClock(tmp_path / "clock")):
            assert clock.now().utcoffset() == timedelta(0)

    def test_stand_still_until_they_are_moved(self) -> None:
        """A fixed clock."""
        clock = FixedClock(datetime(2026, 9, 1, 4, tzinfo=UTC))
        clock.advance(timedelta(days=1, minutes=1))
        assert clock.now() == clock.now() == datetime(2026, 9, 2, 4, 1, tzinfo=UTC)


class TestAShiftedClock:
    def test_is_the_machines_until_it_is_moved(self, tmp_path: Path) -> None:
        """No file, or an empty one: no shift."""
        clock = ShiftedClock(tmp_path / "clock")
        assert abs(clock.now() - datetime.now(UTC)) < A_SECOND
        clock.file.write_text("\n")
        assert abs(clock.now() - datetime.now(UTC)) < A_SECOND

    def test_is_shared_by_all_who_read_its_file(self, tmp_path: Path) -> None:
        """Moves add up, forward and back, for every process."""
        here, there = ShiftedClock(tmp_path / "clock"), ShiftedClock(tmp_path / "clock")
        here.advance(timedelta(days=30))
        there.advance(timedelta(hours=-12))
        for clock in (here, there):
            assert abs(clock.now() - datetime.now(UTC) - timedelta(days=29, hours=12)) < A_SECOND
        assert [file.name for file in tmp_path.iterdir()] == ["clock"]
