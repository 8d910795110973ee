"""By what cases are grouped when they are counted, and what counts as a measure (SSS-07)."""

from __future__ import annotations

from enum import StrEnum

UNKNOWN = "unknown"


class Facet(StrEnum):
    """A side of a case; its class is read from the case itself, the others stand in rows."""

    KIND = "kind"
    PLACE = "place"
    AGGRESSOR = "aggressor"
    CLASS = "class"
    WEEKDAY = "weekday"
    MEASURE = "measure"


class Measure(StrEnum):
    """What was done in a case, beside the natures of its plan's measures."""

    SUPPORT_PLAN = "support_plan"
    SAFETY_PLAN = "safety_plan"
    SESSIONS = "sessions"
    MEDICAL_HELP = "medical_help"
    OWN_MEASURES = "own_measures"
    REFERRAL = "referral"
    INTERAGENCY_TEAM = "interagency_team"
    OFFENDER_DECISION = "offender_decision"
