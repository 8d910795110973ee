"""Read-only answers; tenant first, access decided from the aggregate, recorded before the answer is given (CON-01)."""

from __future__ import annotations

from services.cases.queries.accesses import case_accesses
from services.cases.queries.broken_glass import broken_glass
from services.cases.queries.coming_up import come_up_to_department, come_up_to_me
from services.cases.queries.keeping import destructions_of_cases
from services.cases.queries.lists import my_cases, register_of_cases
from services.cases.queries.meetings import service_meetings
from services.cases.queries.next_actions import next_actions
from services.cases.queries.one_case import case_deadlines, case_timeline, show_case
from services.cases.queries.papers import register_of_papers
from services.cases.queries.service import show_safety_service
from services.cases.queries.transferring import arrived_matters, show_matter
from services.cases.queries.trends import trends
from services.cases.queries.workspace import interagency_workspace

__all__ = [
    "arrived_matters",
    "broken_glass",
    "case_accesses",
    "case_deadlines",
    "case_timeline",
    "come_up_to_department",
    "come_up_to_me",
    "destructions_of_cases",
    "interagency_workspace",
    "my_cases",
    "next_actions",
    "register_of_cases",
    "register_of_papers",
    "service_meetings",
    "show_case",
    "show_matter",
    "show_safety_service",
    "trends",
]
