"""What codes of referrals are called on pages: English here, the other languages in the catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from services.gateway.web.catalogues import noted

FIELDS: Mapping[str, str] = {
    "child_name": noted("The child's name"),
    "birth_date": noted("Date of birth"),
    "sex": noted("Sex"),
    "school_name": noted("School"),
    "school_facts": noted("What the school knows"),
    "what_happened": noted("What happened"),
    "kinds": noted("Kinds of violence"),
    "when_and_where": noted("When and where"),
    "immediate_danger": noted("Immediate danger to life or health"),
    "alleged_offender": noted("Alleged offender"),
    "offender_lives_with_child": noted("The alleged offender lives with the child"),
    "home_address": noted("Home address"),
    "family_situation": noted("Family situation"),
    "guardians": noted("Parents or guardians"),
    "parent_contact": noted("How to reach the parents"),
    "health_conditions": noted("Health"),
    "help_given": noted("Help given so far"),
    "help_needed": noted("Help needed"),
    "injuries_seen": noted("Injuries seen"),
    "language_of_the_child": noted("The child's language"),
    "measures_of_the_school": noted("What the school has done"),
    "questions_to_answer": noted("Questions to answer"),
    "school_contact": noted("Whom to call at the school"),
    "special_needs": noted("Special needs"),
    "wishes_of_the_child": noted("The child's wishes"),
}

VALUES: Mapping[str, str] = {
    "physical": noted("Physical violence"),
    "psychological": noted("Psychological violence"),
    "sexual": noted("Sexual violence"),
    "exploitation": noted("Exploitation"),
    "cyberbullying": noted("Bullying online"),
    "bullying": noted("Bullying"),
    "neglect": noted("Neglect"),
    "economic": noted("Economic violence"),
    "female": noted("Girl"),
    "male": noted("Boy"),
    "kk": noted("Kazakh"),
    "ru": noted("Russian"),
}

REASONS: Mapping[str, str] = {
    "below_threshold": noted("Below our threshold"),
    "not_competent": noted("Not our competence"),
    "no_capacity": noted("No capacity"),
    "not_enough_information": noted("Not enough information"),
    "family_not_found": noted("The family was not found"),
    "help_refused": noted("Help was refused"),
    "other": noted("Other"),
}

OUTCOMES: Mapping[str, str] = {
    "helped": noted("Help was given"),
    "measures_taken": noted("Measures were taken"),
    "proceedings_opened": noted("Proceedings were opened"),
    "child_in_safe_place": noted("The child is in a safe place"),
    "no_grounds_found": noted("No grounds were found"),
    "referred_onward": noted("Referred onward"),
}

CLOCKS: Mapping[str, str] = {
    "acknowledge": noted("Accept or decline by"),
    "begin": noted("Begin by"),
    "report_back": noted("Report the outcome by"),
}

STATES: Mapping[str, str] = {
    "requested": noted("Waiting for your answer"),
    "accepted": noted("Accepted"),
    "in_progress": noted("In progress"),
    "on_hold": noted("On hold"),
    "rejected": noted("Declined"),
    "completed": noted("Completed"),
    "failed": noted("Could not be finished"),
    "cancelled": noted("Taken back by the school"),
}


def word(code: str) -> str:
    """What a value's code is called; a code that has no word yet, as it is."""
    return VALUES.get(code) or REASONS.get(code) or code
