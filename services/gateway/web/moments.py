"""Times as people read them."""

from __future__ import annotations

from datetime import date, datetime

from shared.regulation import ALMATY


def moment(at: str, language: str) -> str:
    """A time (ISO 8601) of Almaty, or a day, as people who speak the language write it."""
    day = "%Y-%m-%d" if language == "en" else "%d.%m.%Y"
    if "T" not in at:
        return date.fromisoformat(at).strftime(day)
    return datetime.fromisoformat(at).astimezone(ALMATY).strftime(f"{day} %H:%M")
