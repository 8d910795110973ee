"""The codes of a case, and the small values its state is made of. Events store the codes' text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.regulation import Deadline


class Role(StrEnum):
    """Roles on a case's team (vocabulary: SSS roles); `triaging_member` confirmed the report that led to the case."""

    HEAD = "head"
    DEPUTY = "deputy"
    CLASS_TEACHER = "class_teacher"
    SUBJECT_TEACHER = "subject_teacher"
    SOCIAL_PEDAGOGUE = "social_pedagogue"
    PSYCHOLOGIST = "psychologist"
    SCHOOL_DOCTOR = "school_doctor"
    SAFETY_ENGINEER = "safety_engineer"
    JUVENILE_POLICE = "juvenile_police"
    TRIAGING_MEMBER = "triaging_member"


HEADS = frozenset({Role.HEAD, Role.DEPUTY})
SSS_ROLES = frozenset(Role) - {Role.CLASS_TEACHER, Role.SUBJECT_TEACHER}
"""Members of the School Safety Service; teachers are not its permanent members (SSS-01)."""
HELPERS = frozenset({Role.PSYCHOLOGIST, Role.SOCIAL_PEDAGOGUE})
"""Those who hold the sessions (PLN-04)."""


class Kind(StrEnum):
    """Kinds of violence; `bullying`, `neglect`, `economic` are named apart."""

    PHYSICAL = "physical"
    PSYCHOLOGICAL = "psychological"
    SEXUAL = "sexual"
    EXPLOITATION = "exploitation"
    CYBERBULLYING = "cyberbullying"
    BULLYING = "bullying"
    NEGLECT = "neglect"
    ECONOMIC = "economic"


class Level(StrEnum):
    """What a risk assessment results in (RSK-03)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Answer(StrEnum):
    """How a risk factor is answered; none may be left out (RSK-03)."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class Step(StrEnum):
    """The steps of an assessment (RSK-01, RSK-02)."""

    CONVERSATION_WITH_CHILD = "conversation_with_child"
    MEDICAL_CHECK = "medical_check"
    PSYCHOLOGICAL_EXAMINATION = "psychological_examination"
    FACT_FINDING_QUESTIONS = "fact_finding_questions"
    HOW_IT_CAME_TO_LIGHT = "how_it_came_to_light"
    INFORMATION_GATHERED = "information_gathered"
    RELATIONS_AND_CONDITIONS = "relations_and_conditions"
    PARENTS_INVITED = "parents_invited"
    PARENTS_NOT_INVITED = "parents_not_invited"


class Area(StrEnum):
    """The four areas of a support plan (PLN-02)."""

    LEARNING = "learning"
    COMMUNICATION = "communication"
    SELF_REGULATION = "self_regulation"
    SELF_ESTEEM = "self_esteem"


class Attendee(StrEnum):
    """Who takes part in a session (PLN-04)."""

    CHILD = "child"
    FAMILY = "family"
    PEERS = "peers"


class Criterion(StrEnum):
    """What shows positive, lasting change (PLN-05)."""

    MOOD_SETTLED = "mood_settled"
    VITALITY_RAISED = "vitality_raised"
    TAKING_PART_IN_CLASS = "taking_part_in_class"
    RELATIONS_IN_SCHOOL = "relations_in_school"
    RELATIONS_WITH_PARENTS = "relations_with_parents"
    RELATIONS_WITHIN_FAMILY = "relations_within_family"


class Rating(StrEnum):
    """How far a criterion is reached."""

    POSITIVE = "positive"
    PARTLY = "partly"
    NOT = "not"


class Duty(StrEnum):
    """What a case may owe."""

    RISK_ASSESSMENT = "risk_assessment"
    REASSESSMENT = "reassessment"
    INFORM_AGENCIES = "inform_agencies"
    PLAN_REVIEW = "plan_review"
    OWN_MEASURES = "own_measures"


class Cause(StrEnum):
    """Why the duty to inform, or the interagency step, opened."""

    IMMEDIATE_DANGER = "immediate_danger"
    KIND_OF_VIOLENCE = "kind_of_violence"
    HIGH_RISK = "high_risk"
    FOUND_BY_THE_SERVICE = "found_by_the_service"
    NO_CHANGE_IN_REVIEWS = "no_change_in_reviews"


class Leaving(StrEnum):
    """Why a member left a team."""

    HANDED_OVER = "handed_over"
    LEFT_SCHOOL = "left_school"
    NO_LONGER_NEEDED = "no_longer_needed"
    WALLED = "walled"


class ReferralState(StrEnum):
    """How far a referral of this case has come, as the case needs to know it."""

    REQUESTED = "requested"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SILENT = "silent"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


OPEN_REFERRALS = frozenset({ReferralState.REQUESTED, ReferralState.DELIVERED, ReferralState.ACCEPTED})
"""A case does not close while one stands so; a silent one has opened the school's own measures instead (REF-07)."""

OWNERS: dict[Duty, str] = dict.fromkeys(Duty, "role:coordinator")
"""Who answers for a duty: whoever coordinates the case when it falls due (SSS-03)."""


@dataclass(frozen=True)
class OpenDuty:
    """A duty that is owed: until when, by which rule (`<key>@<since>`), and whether its time was missed."""

    due_at: datetime
    rule: str
    missed: bool = False

    def sooner_of(self, deadline: Deadline) -> Deadline:
        """The nearer of this duty's time and another's."""
        return deadline if deadline.due_at < self.due_at else Deadline(due_at=self.due_at, rule=self.rule)


@dataclass(frozen=True)
class Member:
    """Someone on a case's team; `accepted` is the confidentiality warning (CON-02)."""

    role: Role
    accepted: bool = False

    @property
    def must_accept(self) -> bool:
        """Whether nothing may be shown before the warning is accepted."""
        return self.role not in SSS_ROLES and not self.accepted


@dataclass(frozen=True, kw_only=True)
class ConfirmedReport:
    """What a case needs of a report that was confirmed; `owner` confirmed it."""

    id: UUID
    kinds: frozenset[str]
    place: str
    immediate_danger: bool
    walled: frozenset[UUID]
    owner: UUID | None
    owner_role: Role = Role.TRIAGING_MEMBER

    def facts(self) -> dict[str, object]:
        """As stored values, in a settled order."""
        return {
            "report": self.id,
            "kinds": sorted(self.kinds),
            "place": self.place,
            "immediate_danger": self.immediate_danger,
            "walled": sorted(str(person) for person in self.walled),
        }
