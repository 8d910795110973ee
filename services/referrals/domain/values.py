"""The words of referrals: states in FHIR Task terms, agencies of the Algorithm, and who takes which step from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5


class AgencyKind(StrEnum):
    """The agencies that the Algorithm names (Vocabulary)."""

    POLICE = "police"
    HEALTH = "health"
    GUARDIANSHIP = "guardianship"
    MINORS_COMMISSION = "minors_commission"
    SOCIAL_PROTECTION = "social_protection"
    FORENSIC_MEDICINE = "forensic_medicine"
    CRISIS_CENTRE = "crisis_centre"
    ANTI_TRAFFICKING = "anti_trafficking"
    CHILD_SERVICES = "child_services"
    HELP_ROOM = "help_room"
    NGO = "ngo"
    OTHER_COMPETENT = "other_competent"


class Channel(StrEnum):
    """How an agency is reached (REF-04)."""

    AMQP = "amqp"
    WEB = "web"
    WEBHOOK = "webhook"
    LINK = "link"


class Purpose(StrEnum):
    """Why something is sent: the notification that the law demands (REF-01), or help that is asked for (REF-03)."""

    NOTIFICATION = "notification"
    SERVICE = "service"


class Urgency(StrEnum):
    """Which set of clocks runs: that of high risk, or the other."""

    HIGH = "high"
    NORMAL = "normal"


class State(StrEnum):
    """The states of a referral, as FHIR's Task names them."""

    DRAFT = "draft"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Clock(StrEnum):
    """What an agency owes by when, once it was asked."""

    ACKNOWLEDGE = "acknowledge"
    BEGIN = "begin"
    REPORT_BACK = "report_back"


class Step(StrEnum):
    """What somebody does to a referral."""

    APPROVE = "approve"
    ACCEPT = "accept"
    DECLINE = "decline"
    BEGIN = "begin"
    COMPLETE = "complete"
    FAIL = "fail"
    HOLD = "hold"
    RESUME = "resume"
    CANCEL = "cancel"


class Side(StrEnum):
    """Who takes a step: the school that asks, or the agency that was asked."""

    SCHOOL = "school"
    PARTNER = "partner"


class OutMessage(StrEnum):
    """What we tell an agency over its own virtual host."""

    REQUESTED = "requested"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Transition:
    """A step, the states it may be taken from, and the side that may take it."""

    states: frozenset[State]
    side: Side


WORKED_ON = frozenset({State.ACCEPTED, State.IN_PROGRESS})
ENDED = frozenset({State.REJECTED, State.COMPLETED, State.CANCELLED, State.FAILED})
OPEN = frozenset(State) - ENDED

TRANSITIONS: Mapping[Step, Transition] = {
    Step.APPROVE: Transition(frozenset({State.DRAFT}), Side.SCHOOL),
    Step.ACCEPT: Transition(frozenset({State.REQUESTED}), Side.PARTNER),
    Step.DECLINE: Transition(frozenset({State.REQUESTED, State.ACCEPTED}), Side.PARTNER),
    Step.BEGIN: Transition(frozenset({State.ACCEPTED}), Side.PARTNER),
    Step.COMPLETE: Transition(WORKED_ON, Side.PARTNER),
    Step.FAIL: Transition(WORKED_ON | {State.ON_HOLD}, Side.PARTNER),
    Step.HOLD: Transition(WORKED_ON, Side.PARTNER),
    Step.RESUME: Transition(frozenset({State.ON_HOLD}), Side.PARTNER),
    Step.CANCEL: Transition(OPEN, Side.SCHOOL),
}

DUTY_OF_CLOCK: Mapping[Clock, str] = {
    Clock.ACKNOWLEDGE: "acknowledge_referral",
    Clock.BEGIN: "begin_referral",
    Clock.REPORT_BACK: "report_back_referral",
}
CLOCK_OF_DUTY: Mapping[str, Clock] = {duty: clock for clock, duty in DUTY_OF_CLOCK.items()}

KINDS_OF_CASE = (
    "physical",
    "psychological",
    "sexual",
    "exploitation",
    "cyberbullying",
    "bullying",
    "neglect",
    "economic",
)
SERVICES_OFFERED = (
    "hospital",
    "outpatient_care",
    "forensic_examination",
    "crisis_help",
    "anti_trafficking_help",
    "services_for_children",
    "psychological_help",
    "legal_help",
    "shelter",
)
"""What an agency can do for a child: medical services and others that the Algorithm names (REF-02)."""

AUDIT_PURPOSE = "audit:"
"""The purpose of a token that stands for an audit engagement."""

HEAD, DEPUTY, AUDITOR, PARTNER_OFFICER = "head", "deputy", "auditor", "partner_duty_officer"
ADMINISTRATOR = "administrator"

SENT = frozenset({Channel.AMQP, Channel.WEBHOOK, Channel.LINK})
"""Channels over which something is sent; what lies in a web inbox is there already."""


def inbox_stream(referral: UUID) -> UUID:
    """The stream of a referral's entry in the inbox of its agency."""
    return uuid5(referral, "partner_inbox")
