"""Reports: what is said, and what is found out about it."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import Done, choice, flag, identifier, line, many, number, text, time


class Child(Schema):
    """The child, as far as known."""

    name = line(longest=200)
    class_name = line(required=False, longest=200)
    age = number(least=0, most=18)


class Accused(Schema):
    """Somebody complained of; a name may be unknown."""

    name = line(required=False, longest=200)
    category = choice(codes.CATEGORIES, required=False)
    person = identifier("Where it is somebody of the system: walled off from the report", required=False)
    role = choice(codes.ROLES_IN_REPORTS, "Where only that much is known", required=False)


class Informant(Schema):
    """Who reports, where that is told: kept apart and sealed."""

    name = line(required=False, longest=200)
    contact = line(required=False, longest=200)


class ReceiveReport(Schema):
    """A fact or a suspicion of violence, or problem behaviour."""

    source = choice(codes.SOURCES)
    channel = choice(codes.CHANNELS)
    description = text("In the reporter's own words")
    place = choice(codes.PLACES, required=False)
    kinds = many(choice(codes.KINDS), required=False)
    child = fields.Nested(Child, allow_none=True)
    accused = many(Accused, required=False)
    immediate_danger = flag("Danger to life or health now: skips the queue")
    timing = choice(codes.TIMINGS, required=False)
    happened_at = time()
    happened_text = line(required=False, longest=200)
    on_behalf = flag("Entered by staff for somebody else")
    informant = fields.Nested(Informant, allow_none=True)


class WallOffPerson(Schema):
    """Somebody to keep away from a report."""

    person = identifier()
    reason = choice(codes.WALL_REASONS, required=False)
    accused = number("Index of the one complained of who it turned out to be")


class TakeUrgentAction(Schema):
    """What was done at once."""

    what = text()
    informed = many(fields.String(), "Kinds of agency that were told", required=False)


class TriageReport(Schema):
    """What it is, how urgent, who should verify it."""

    kinds = many(choice(codes.KINDS))
    urgency = choice(codes.REPORT_URGENCIES)
    immediate_danger = flag()
    note = text(required=False)
    owner = identifier(required=False)


class BeginVerification(Schema):
    """Who verifies; the one proposed at triage, or else whoever asks, where left out."""

    owner = identifier(required=False)


class RecordVerificationStep(Schema):
    """What was done to find out, and what was found."""

    what = text()
    finding = text()


class ConfirmReport(Schema):
    """It is a fact: it joins `cases`, opens `count_of_cases` new ones (one where it joins none), or both."""

    reasons = text()
    kinds = many(choice(codes.KINDS))
    place = choice(codes.PLACES, required=False)
    cases = many(identifier(), required=False)
    count_of_cases = number(least=0, most=50)


class EndReport(Schema):
    """Why it ends here."""

    reasons = text()


class OpenReporterIdentity(Schema):
    """Why the reporter's identity must be known; the opening is an event."""

    reason = text()


class ReportState(Done):
    """Where a report stands."""

    report = identifier()
    state = choice(codes.REPORT_STATES)


class ReportStatus(Schema):
    """What whoever reported it is told."""

    report = identifier()
    state = choice(codes.REPORT_STATES)
    received_at = time(required=True)


class VerificationStep(Schema):
    """A step of the verification."""

    at = time(required=True)
    by = fields.String(required=True)
    what = text()
    finding = text()


class Report(ReportStatus):
    """A report in full; to whoever only reported it, its status."""

    version = number()
    source = choice(codes.SOURCES, required=False)
    channel = choice(codes.CHANNELS, required=False)
    place = choice(codes.PLACES, required=False)
    kinds = many(choice(codes.KINDS), required=False)
    description = text(required=False)
    child = fields.Nested(Child, allow_none=True)
    accused = many(Accused, required=False)
    walled = many(identifier(), required=False)
    immediate_danger = flag()
    timing = choice(codes.TIMINGS, required=False)
    happened_at = time()
    happened_text = line(required=False)
    on_behalf = flag()
    reporter = fields.String(metadata={"description": "The report's pseudonym"})
    urgency = choice(codes.REPORT_URGENCIES, required=False)
    owner = identifier(required=False)
    steps = many(VerificationStep, required=False)
    cases = many(identifier(), required=False)
    reasons = fields.String(allow_none=True)


class ReportRow(Schema):
    """A report in a list."""

    report = identifier()
    state = choice(codes.REPORT_STATES)
    source = choice(codes.SOURCES)
    channel = choice(codes.CHANNELS)
    place = choice(codes.PLACES, required=False)
    immediate_danger = flag(required=True)
    urgency = choice(codes.REPORT_URGENCIES, required=False)
    owner = identifier(required=False)
    received_at = time(required=True)
    first_action_due_at = time()
    verification_due_at = time()


class Reports(Schema):
    """Reports that the caller may see, dangers first."""

    reports = many(ReportRow)


class ReportsQuery(Schema):
    """Which reports."""

    states = many(choice(codes.REPORT_STATES), "Open ones where none is given", required=False)


class ReporterIdentity(Schema):
    """Who reported, as far as that was told."""

    report = identifier()
    entered_by = identifier("The member of staff who entered it", required=False)
    on_behalf = flag(required=True)
    informant = fields.Nested(Informant, allow_none=True)
