"""One handler per command: load, call, save. The handlers stand by chapter, as the aggregate's decisions do."""

from __future__ import annotations

from services.cases.application.application import CasesApplication

__all__ = ["CasesApplication"]
