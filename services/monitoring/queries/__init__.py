"""Read-only answers: access is decided from aggregates, or stands as a condition in a list's query.

Every answer is recorded as a read before it is given (CON-01).
"""

from __future__ import annotations

from services.monitoring.queries.group import list_risk_group, show_entry
from services.monitoring.queries.informing import (
    informing_of_school_year,
    list_campaigns,
    list_invitations,
    list_staff_trainings,
    show_campaign,
    show_invitation,
    show_staff_training,
)
from services.monitoring.queries.journal import (
    list_risks,
    list_trips,
    list_walks,
    risk_journal,
    show_risk,
    show_trip,
    show_walk,
)

__all__ = [
    "informing_of_school_year",
    "list_campaigns",
    "list_invitations",
    "list_risk_group",
    "list_risks",
    "list_staff_trainings",
    "list_trips",
    "list_walks",
    "risk_journal",
    "show_campaign",
    "show_entry",
    "show_invitation",
    "show_risk",
    "show_staff_training",
    "show_trip",
    "show_walk",
]
