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
METHODS = [
    "observing_the_victim",
    "observing_aggressors",
    "watching_social_networks",
    "analysing_work",
    "talking",
    "visiting_home",
]
NOTE_OUTCOMES = ["watched_on", "reported", "no_concern"]
BREACH_KINDS = ["retaliation", "disclosure_of_reporter", "disclosure_of_information"]
BREACH_OUTCOMES = ["substantiated", "unsubstantiated"]
BREACH_STATES = ["breach_reported", "breach_under_inquiry", *BREACH_OUTCOMES]
WALL_REASONS = ["accused", "close_to_accused", "joined_report"]

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
NATURES = ["help", "encouragement", "teaching", "teaching_of_parents", "penalty", "harsh_measure"]
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
MEDICAL_HELP = ["urgent_help", "medical_examination", "ambulance"]
MEDICAL_HELPERS = ["staff", "school_medical_worker", "ambulance_crew", "medical_organisation", "nobody"]
WAITING_OUTCOMES = ["decided", "declined", "silent", "no_longer_needed"]
GROUNDS = ["topic_of_the_case", "tasks_of_the_situation", "leadership_skills"]
ADULTS = ["staff", "parent_or_guardian", "other_adult"]
TELLINGS = ["at_once", "later", "by_the_agency"]
DELETIONS = ["deleted", "nothing_there"]
RELEASES = ["left_school", "other_duties", "at_own_request", "agreement_ended"]
TRAINING = ["valid", "in_grace", "lapsed", "not_asked"]
MONTH_STATES = ["owed", "held", "missed", "held_late"]
FACETS = ["kind", "place", "aggressor", "class", "weekday", "measure"]
SEAT_RIGHTS = ["see_materials", "take_part"]
SEAT_ENDINGS = ["no_longer_needed", "replaced", "by_the_agency", "walled", "case_closed"]
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
MESSAGES = ["requested", "cancelled"]
AGENCY_CHANNELS = ["amqp", "web", "webhook", "link"]

KINDS_OF_CASE = [kind for kind in KINDS if kind != "problem_behaviour"]
SERVICES_OFFERED = [
    "hospital",
    "outpatient_care",
    "forensic_examination",
    "crisis_help",
    "anti_trafficking_help",
    "services_for_children",
    "psychological_help",
    "legal_help",
    "shelter",
]

ROLES_IN_MONITORING = [*SCHOOL_ROLES, "department_safeguarding_lead", "auditor"]
PREVENTION_LEVELS = ["secondary", "tertiary"]
ENTRY_STATES = ["proposed", "in_group", "left", "declined"]
ENTRY_WALL_REASONS = ["accused", "close_to_accused"]
CHANGES = ["better", "unchanged", "worse"]
LEAVING_GROUP = ["behaviour_changed", "case_opened", "left_school", "entered_in_error"]
AUDIENCES = ["staff", "pupils", "parents"]
TOPICS = [
    "protection",
    "documents",
    "kinds_of_violence",
    "ways_to_report",
    "prevention",
    "detection",
    "response",
    "psychological_and_pedagogical_help",
]
MEANS = [
    "meeting",
    "class_hour",
    "conference",
    "consultation",
    "letter",
    "leaflet",
    "poster",
    "website",
    "messenger",
    "school_event",
]
RISK_SUBJECTS = ["children", "place", "trip", "school_event"]
TENDENCIES = ["may_suffer", "may_commit"]
TRIP_STATES = ["planned", "held", "called_off"]
CAMPAIGN_STATES = ["planned", "held", "called_off"]
GUESTS = ["expert", "specialist", "volunteer"]
GUEST_PURPOSES = ["inform", "train"]
INVITATION_STATES = ["invited", "came", "declined"]
GUEST_DECLINES = ["declined", "no_answer", "did_not_come", "withdrawn"]

LANGUAGES = ["kk", "ru", "en"]
SERVICES = ["reports", "cases", "referrals", "monitoring", "accounts"]
ROLES = [
    *SCHOOL_ROLES,
    *["reporter", "department_analyst", "department_safeguarding_lead", "partner_duty_officer", "trainer"],
    *["auditor", "administrator", "interagency_member"],
]
UNITS = ["minutes", "hours", "working_hours", "days", "working_days", "count"]
RUNGS = ["owner", "coordinator", "head", "department"]
REPORT_DUTIES = ["first_action", "verification"]
CASE_DUTIES = [
    "risk_assessment",
    "reassessment",
    "inform_agencies",
    "plan_review",
    "own_measures",
    "support_plan",
    "session",
]
TASKS = ["interagency_task"]
SERVICE_DUTIES = ["member_training", "service_meeting"]
CLOCKS = ["acknowledge", "begin", "report_back"]
NEXT_ACTIONS = [
    *CASE_DUTIES,
    *TASKS,
    "coordinator_missing",
    "warning_not_accepted",
    "assessment_step_missing",
    "agency_awaited",
    "medical_help_awaited",
    "participation_unconfirmed",
    "decision_not_recorded",
    "criteria_not_lasting",
]
PARTS = ["child", "risk", "plans", "help", "change"]
