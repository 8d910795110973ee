"""One handler per command: load, ask whether it is allowed, call the aggregate, save; by chapter."""

from __future__ import annotations

from services.monitoring.application.application import MonitoringApplication

__all__ = ["MonitoringApplication"]
