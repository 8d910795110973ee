"""The lists of codes that requests choose from; a contract test keeps them the services' own."""

from __future__ import annotations

KINDS = [
    "physical",
    "psychological",
    "sexual",
    "exploitation",
    "cyberbullying",
    "bullying",
    "neglect",
    "economic",
    "problem_behaviour",
]
SOURCES = [
    "hotline",
    "staff",
    "child_witness",
    "child_victim",
    "parent_or_guardian",
    "relative",
    "acquaintance",
    "neighbour",
    "contact_centre_111",
]
CHANNELS = ["in_person", "written", "verbal", "phone", "email", "social_network", "messenger", "other", "web"]
PLACES = ["school", "home", "outside", "online", "dormitory", "trip_or_exchange", "home_schooling"]
CATEGORIES = ["staff", "parent_or_guardian", "peer", "other_adult", "unknown"]
TIMINGS = ["present", "past", "unknown"]
REPORT_STATES = ["received", "triaged", "under_verification", "confirmed", "not_confirmed", "out_of_scope"]
REPORT_URGENCIES = ["immediate", "urgent", "ordinary"]
WALL_REASONS = ["accused", "close_to_accused"]

SCHOOL_ROLES = [
    "head",
    "deputy",
    "class_teacher",
    "subject_teacher",
    "social_pedagogue",
    "psychologist",
    "school_doctor",
    "safety_engineer",
    "juvenile_police",
]
ROLES_IN_REPORTS = [*SCHOOL_ROLES, "reporter", "department_safeguarding_lead", "auditor"]
ROLES_IN_CASES = [*SCHOOL_ROLES, "triaging_member"]

LEVELS = ["low", "medium", "high"]
FACTOR_ANSWERS = ["yes", "no", "unclear"]
ASSESSMENT_STEPS = [
    "conversation_with_child",
    "medical_check",
    "psychological_examination",
    "fact_finding_questions",
    "how_it_came_to_light",
    "information_gathered",
    "relations_and_conditions",
    "parents_invited",
    "parents_not_invited",
]
AREAS = ["learning", "communication", "self_regulation", "self_esteem"]
ATTENDEES = ["child", "family", "peers"]
CRITERIA = [
    "mood_settled",
    "vitality_raised",
    "taking_part_in_class",
    "relations_in_school",
    "relations_with_parents",
    "relations_within_family",
]
RATINGS = ["positive", "partly", "not"]
LEAVING = ["handed_over", "left_school", "no_longer_needed", "walled"]

PURPOSES = ["notification", "service"]
URGENCIES = ["high", "normal"]
REFERRAL_STATES = [
    "draft",
    "requested",
    "accepted",
    "rejected",
    "in_progress",
    "on_hold",
    "completed",
    "cancelled",
    "failed",
]
AGENCY_KINDS = [
    "police",
    "health",
    "guardianship",
    "minors_commission",
    "social_protection",
    "forensic_medicine",
    "crisis_centre",
    "anti_trafficking",
    "child_services",
    "help_room",
    "ngo",
    "other_competent",
]
AGENCY_CHANNELS = ["amqp", "web"]

LANGUAGES = ["kk", "ru", "en"]
SERVICES = ["reports", "cases", "referrals", "accounts"]
ROLES = [
    *SCHOOL_ROLES,
    *["reporter", "department_analyst", "department_safeguarding_lead", "partner_duty_officer", "trainer"],
    *["auditor", "administrator"],
]
