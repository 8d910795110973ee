"""The codes of a case, and the small values its state is made of. Events store the codes' text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
SAFEGUARDING_LEAD = "department_safeguarding_lead"
"""The department's, who acts in the school's tenant by a grant."""
SSS_ROLES = frozenset(Role) - {Role.CLASS_TEACHER, Role.SUBJECT_TEACHER}
"""Members of the School Safety Service; teachers are not its permanent members (SSS-01)."""
TEACHERS = frozenset({Role.CLASS_TEACHER, Role.SUBJECT_TEACHER})
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


class Nature(StrEnum):
    """What a measure of a plan is: prevention, also for children who hurt others; the last two are refused (PLN-07)."""

    HELP = "help"
    ENCOURAGEMENT = "encouragement"
    TEACHING = "teaching"
    TEACHING_PARENTS = "teaching_of_parents"
    PENALTY = "penalty"
    HARSH_MEASURE = "harsh_measure"


PUNISHING = frozenset({Nature.PENALTY, Nature.HARSH_MEASURE})


class MedicalHelp(StrEnum):
    """What medical help is organised (PLN-01)."""

    URGENT_HELP = "urgent_help"
    MEDICAL_EXAMINATION = "medical_examination"
    AMBULANCE = "ambulance"


class MedicalHelper(StrEnum):
    """Who gave it; `nobody` where nobody came."""

    STAFF = "staff"
    SCHOOL_MEDICAL_WORKER = "school_medical_worker"
    AMBULANCE_CREW = "ambulance_crew"
    MEDICAL_ORGANISATION = "medical_organisation"
    NOBODY = "nobody"


WHO_HELPS: dict[MedicalHelp, frozenset[MedicalHelper]] = {
    MedicalHelp.URGENT_HELP: frozenset(MedicalHelper),
    MedicalHelp.MEDICAL_EXAMINATION: frozenset(MedicalHelper) - {MedicalHelper.STAFF},
    MedicalHelp.AMBULANCE: frozenset({MedicalHelper.AMBULANCE_CREW, MedicalHelper.NOBODY}),
}
"""Anybody gives first help; only a medical worker examines (PLN-01)."""


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
    SUPPORT_PLAN = "support_plan"
    SESSION = "session"


class Cause(StrEnum):
    """Why the duty to inform, or the interagency step, opened."""

    IMMEDIATE_DANGER = "immediate_danger"
    KIND_OF_VIOLENCE = "kind_of_violence"
    HIGH_RISK = "high_risk"
    FOUND_BY_THE_SERVICE = "found_by_the_service"
    NO_CHANGE_IN_REVIEWS = "no_change_in_reviews"
    BY_DECISION = "by_decision"


class Leaving(StrEnum):
    """Why a member left a team."""

    HANDED_OVER = "handed_over"
    LEFT_SCHOOL = "left_school"
    NO_LONGER_NEEDED = "no_longer_needed"
    WALLED = "walled"


class Release(StrEnum):
    """Why a seat in the service ended (SSS-01)."""

    LEFT_SCHOOL = "left_school"
    OTHER_DUTIES = "other_duties"
    AT_OWN_REQUEST = "at_own_request"
    AGREEMENT_ENDED = "agreement_ended"


class Ground(StrEnum):
    """Why coordination passes from one member to another (SSS-03)."""

    TOPIC_OF_THE_CASE = "topic_of_the_case"
    TASKS_OF_THE_SITUATION = "tasks_of_the_situation"
    LEADERSHIP_SKILLS = "leadership_skills"


class Adult(StrEnum):
    """Which adult is alleged to have offended (REF-09)."""

    STAFF = "staff"
    PARENT_OR_GUARDIAN = "parent_or_guardian"
    OTHER_ADULT = "other_adult"


class Telling(StrEnum):
    """When an alleged offender is told of the allegation and the process (REF-09)."""

    AT_ONCE = "at_once"
    LATER = "later"
    BY_THE_AGENCY = "by_the_agency"


class Part(StrEnum):
    """What of a case may go to the child's next school (CON-08)."""

    CHILD = "child"
    RISK = "risk"
    PLANS = "plans"
    HELP = "help"
    CHANGE = "change"


class Awaited(StrEnum):
    """What came of waiting for an agency (REF-06)."""

    DECIDED = "decided"
    DECLINED = "declined"
    SILENT = "silent"
    NO_LONGER_NEEDED = "no_longer_needed"


class Deletion(StrEnum):
    """What became of material in one place once it was handed over: there is no third answer (CON-04)."""

    DELETED = "deleted"
    NOTHING_THERE = "nothing_there"


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

OWNERS: dict[Duty, str] = dict.fromkeys(Duty, "role:coordinator") | {Duty.SESSION: "role:helper"}
"""Who answers for a duty: whoever coordinates the case when it falls due (SSS-03)."""


RETURNING: dict[Duty, str] = {
    Duty.REASSESSMENT: "cases.reassessment",
    Duty.PLAN_REVIEW: "cases.plan_review",
    Duty.SESSION: "cases.session_interval",
}
"""Duties that are owed again and again, each by its rule; waived once, they return (RSK-05, PLN-04)."""

WAIVED_OTHERWISE = frozenset({Duty.INFORM_AGENCIES})
"""Informing ends only by a notification, or by the finding that no liability arises (REF-01)."""


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


@dataclass(frozen=True)
class GlassAsked:
    """The deputy asked to see a case, at a moment (CON-01)."""

    person: UUID
    at: datetime


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
    accused: frozenset[str] = frozenset()
    happened_at: datetime | None = None
    received_at: datetime | None = None
    first_action_at: datetime | None = None

    def facts(self) -> dict[str, object]:
        """As stored values, in a settled order."""
        return {
            "report": self.id,
            "kinds": sorted(self.kinds),
            "place": self.place,
            "immediate_danger": self.immediate_danger,
            "walled": sorted(str(person) for person in self.walled),
            "accused": sorted(self.accused),
            "happened_at": self.happened_at,
            "received_at": self.received_at,
            "first_action_at": self.first_action_at,
        }


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A confidential meeting: who is said to have taken part, who says so themselves, what was decided (CON-03)."""

    participants: frozenset[UUID]
    decisions: tuple[Mapping[str, str], ...]
    closing: Mapping[str, str] | None
    confirmed: frozenset[UUID] = frozenset()
    denied: frozenset[UUID] = frozenset()
    recorded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Safe:
    """A locked safe: whose duty it is, and whether they took it over (CON-06)."""

    keeper: UUID
    taken_over: bool = False


@dataclass(frozen=True)
class ReleasedParts:
    """Parts of a case, as they stood before the event at `version`, that may go to a school; its answer, once given."""

    to: UUID
    parts: frozenset[Part]
    version: int
    outcome: str | None = None

    def answered(self, outcome: str) -> ReleasedParts:
        """The school said so."""
        return replace(self, outcome=outcome)
