"""The choices of the children's pages, by code, and their headings: English here, the other languages in catalogues.

Short words, for whoever reads slowly.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.gateway.web.catalogues import noted

HEADS: Mapping[str, str] = {
    "danger": noted("Is somebody in danger right now?"),
    "what": noted("What happened?"),
    "where": noted("Where did it happen?"),
    "source": noted("Who are you?"),
    "who": noted("Who did it?"),
    "name": noted("Do you want to say your name?"),
}

DANGER: Mapping[str, str] = {"no": noted("No"), "yes": noted("Yes, right now")}

PLACES: Mapping[str, str] = {
    "school": noted("At school"),
    "home": noted("At home"),
    "outside": noted("Outside"),
    "online": noted("Online"),
    "dormitory": noted("In the dormitory"),
    "trip_or_exchange": noted("On a trip"),
    "home_schooling": noted("At lessons at home"),
    "unknown": noted("I do not know"),
}

SOURCES: Mapping[str, str] = {
    "child_victim": noted("It happened to me"),
    "child_witness": noted("I am a child and saw it or heard of it"),
    "parent_or_guardian": noted("I am a parent or guardian"),
    "relative": noted("I am a relative"),
    "neighbour": noted("I am a neighbour"),
    "acquaintance": noted("I am somebody else who knows of it"),
}

CATEGORIES: Mapping[str, str] = {
    "peer": noted("A child or teenager"),
    "staff": noted("Somebody who works at the school"),
    "parent_or_guardian": noted("A parent or guardian"),
    "other_adult": noted("Another adult"),
    "unknown": noted("I do not know"),
}

ROLES: Mapping[str, str] = {
    "head": noted("The head of the school"),
    "deputy": noted("The deputy head"),
    "class_teacher": noted("The class teacher"),
    "subject_teacher": noted("A subject teacher"),
    "psychologist": noted("The psychologist"),
    "social_pedagogue": noted("The social pedagogue"),
    "school_doctor": noted("The doctor or nurse"),
    "safety_engineer": noted("The safety engineer"),
    "juvenile_police": noted("The police officer of the school"),
}

STATES: Mapping[str, str] = {
    "received": noted("It has reached the school. Somebody will look at it soon."),
    "triaged": noted("Somebody has read it and is looking into it."),
    "under_verification": noted("Somebody is finding out what happened."),
    "confirmed": noted("The school works on it, so that it stops."),
    "not_confirmed": noted("The school has looked into it and could not confirm it. You can say more."),
    "out_of_scope": noted("It was passed on to those who can help."),
}
