"""The risk group: children at raised risk, or after violence (SSS-06)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.gateway.schemas import codes
from services.gateway.schemas.common import (
    Done,
    anything,
    choice,
    day,
    flag,
    identifier,
    line,
    many,
    number,
    text,
    time,
)

MOST = 50
MOST_MEASURES = 1_000
A_CATEGORY = "Of the policy's list at that level: `problem_behaviour`, `suffered_violence`"


def category(description: str = A_CATEGORY) -> fields.String:
    """A code of a list that the policy holds."""
    checks = [validate.Length(max=60), validate.Regexp(r"^[a-z][a-z0-9_]*$")]
    return fields.String(required=True, validate=checks, metadata={"description": description})


class ChildInGroup(Schema):
    """The child."""

    name = line(longest=200)
    class_name = line(required=False, longest=200)
    birth_date = day(required=False)


class NamedInEntry(Schema):
    """Somebody from whom harm is feared; a name may be unknown."""

    name = line(required=False, longest=200)
    category = choice(codes.CATEGORIES, required=False, nullable=False)
    person = identifier("Where it is somebody of the system: walled off from the entry", required=False)
    role = choice(codes.ROLES_IN_MONITORING, "Where only that much is known", required=False)


class EnterChild(Schema):
    """A child, at which level of prevention and under which category."""

    child = fields.Nested(ChildInGroup, required=True)
    level = choice(codes.PREVENTION_LEVELS)
    category = category()
    reasons = text()
    named = many(NamedInEntry, "Who is named sees nothing of the entry", required=False, most=MOST)
    report = identifier("That led here: whom it keeps away, the entry keeps away as well", required=False)
    case = identifier("As the report", required=False)


class DeclineProposal(Schema):
    """Why the child is not entered."""

    reasons = text()


class WallOffFromEntry(Schema):
    """Somebody to keep away from an entry."""

    person = identifier()
    reason = choice(codes.ENTRY_WALL_REASONS, required=False, nullable=False)
    named = number("Index of the one named who it turned out to be")


class InvolveWorker(Schema):
    """Who works with the child, and may know of the entry."""

    person = identifier()


class ReleaseWorker(Schema):
    """Who does no longer."""

    person = identifier()
    reasons = text()


class AddMeasure(Schema):
    """What is done, by whom, until when. Penalties and harsh measures are refused."""

    what = text()
    nature = choice(codes.NATURES)
    owner = identifier("Works with the child from now on")
    due_on = day(required=False)


class FinishMeasure(Schema):
    """What came of a measure."""

    number = number(required=True, least=1, most=MOST_MEASURES)
    result = text()


class NoteBehaviour(Schema):
    """How behaviour changes, between reviews."""

    change = choice(codes.CHANGES)
    observed = text()


class ReviewEntry(Schema):
    """What the review found."""

    change = choice(codes.CHANGES)
    findings = text()


class LeaveGroup(Schema):
    """Why the child is in the group no longer."""

    reason = choice(codes.LEAVING_GROUP)
    reasons = text()


class ListRiskGroup(Schema):
    """Which states; the open ones where left out."""

    states = many(choice(codes.ENTRY_STATES), required=False, most=MOST)


class EntryState(Done):
    """Where an entry stands."""

    entry = identifier()
    state = choice(codes.ENTRY_STATES)


class MeasureAdded(EntryState):
    """With the measure's number."""

    number = number(required=True)


class ListedEntry(Schema):
    """A row; names stand in the entry alone."""

    entry = identifier()
    state = choice(codes.ENTRY_STATES)
    report = identifier(required=False)
    level = choice(codes.PREVENTION_LEVELS, required=False)
    category = fields.String(allow_none=True)
    begun_at = time(required=True)
    due_at = time("Of the decision, or of the next review")
    change = choice(codes.CHANGES, required=False)


class RiskGroup(Schema):
    """Entries that the caller may see, what is due first first."""

    entries = many(ListedEntry)


class EntryDuty(Schema):
    """What is due on an entry."""

    duty = fields.String(required=True)
    due_at = time(required=True)
    rule = fields.String(required=True)
    missed = flag(required=True)
    overdue = flag(required=True)


class EntryEvent(Schema):
    """What happened."""

    at = time(required=True)
    by = fields.String(required=True)
    event = fields.String(required=True, metadata={"description": "`monitoring.group_measure_added`"})
    facts = anything(required=True)


class GroupEntry(Schema):
    """An entry in full."""

    entry = identifier()
    state = choice(codes.ENTRY_STATES)
    version = number(required=True)
    report = identifier(required=False)
    matters = many(identifier(), "The report and the case that it came of")
    child = fields.Nested(ChildInGroup, allow_none=True)
    level = choice(codes.PREVENTION_LEVELS, required=False)
    category = fields.String(allow_none=True)
    named = many(NamedInEntry)
    walled = many(identifier())
    workers = many(identifier(), "Who works with the child")
    open_measures = many(fields.Integer())
    change = choice(codes.CHANGES, required=False)
    duties = many(EntryDuty)
    history = many(EntryEvent, "Oldest first")
