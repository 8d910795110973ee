"""Days and months as the school counts them, in Almaty's time."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time

from shared.regulation import ALMATY, local_day

MONTHS = 12


def start_of(day: date) -> datetime:
    """The moment at which a day begins in Almaty."""
    return datetime.combine(day, time(), ALMATY).astimezone(UTC)


def months_after(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month where it has no such day."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_of(moment: datetime) -> str:
    """The calendar month that it is in Almaty at that moment: `2026-11`."""
    return local_day(moment).isoformat()[:7]


def first_day(month: str) -> date:
    """The first day of a month."""
    return date.fromisoformat(f"{month}-01")


def month_after(month: str, months: int = 1) -> str:
    """The month so many months after one."""
    return months_after(first_day(month), months).isoformat()[:7]


def end_of_month(month: str) -> datetime:
    """The moment at which a month is over in Almaty."""
    return start_of(first_day(month_after(month)))
