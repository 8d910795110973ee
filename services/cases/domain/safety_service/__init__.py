"""The School Safety Service of a school: who sits in it, who is trained, how it meets (SSS-01, SSS-02, SSS-04)."""

from __future__ import annotations

from services.cases.domain.safety_service.service import SafetyService, safety_service_id

__all__ = ["SafetyService", "safety_service_id"]
