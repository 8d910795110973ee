"""One handler per command: load, ask whether it is allowed, call the aggregate, save; by chapter."""

from __future__ import annotations

from services.reports.application.application import ReportsApplication

__all__ = ["ReportsApplication"]
