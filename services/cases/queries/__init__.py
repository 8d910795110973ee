"""Read-only answers; tenant first, access decided from the aggregate, recorded before the answer is given (CON-01)."""

from __future__ import annotations

from services.cases.queries.lists import my_cases, register_of_cases
from services.cases.queries.one_case import case_deadlines, case_timeline, show_case

__all__ = ["case_deadlines", "case_timeline", "my_cases", "register_of_cases", "show_case"]
