"""Reports: what is said, and what is found out about it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.gateway.schemas import codes
from services.gateway.schemas.attachments import Attachment
from services.gateway.schemas.common import (
    Done,
    choice,
    day,
    flag,
    formatted,
    identifier,
    line,
    many,
    number,
    text,
    time,
)

MOST = 50  # in a list


class Child(Schema):
    """The child, as far as known."""

    name = line(longest=200)
    class_name = line(required=False, longest=200)
    age = number(least=0, most=18)
    birth_date = day(required=False)
    iin = formatted("iin", "Identification number, 12 digits, where it is known", required=False)


class Accused(Schema):
    """Somebody complained of; a name may be unknown."""

    name = line(required=False, longest=200)
    category = choice(codes.CATEGORIES, required=False, nullable=False)
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
    kinds = many(choice(codes.KINDS), required=False, most=MOST)
    child = fields.Nested(Child, allow_none=True)
    accused = many(Accused, required=False, most=MOST)
    immediate_danger = flag("Danger to life or health now: skips the queue")
    timing = choice(codes.TIMINGS, required=False, nullable=False)
    happened_at = time()
    happened_text = line(required=False, longest=200)
    on_behalf = flag("Entered by staff for somebody else")
    informant = fields.Nested(Informant, allow_none=True)
    retry_secret = fields.String(
        validate=validate.Length(min=32, max=200),
        metadata={
            "description": "Random, made by the sender and kept by nobody else: sent once more with the same "
            "Idempotency-Key and the same words, the same receipt is told again"
        },
    )


class WallOffPerson(Schema):
    """Somebody to keep away from a report."""

    person = identifier()
    reason = choice(codes.WALL_REASONS, required=False, nullable=False)
    accused = number("Index of the one complained of who it turned out to be")


class TakeUrgentAction(Schema):
    """What was done at once."""

    what = text()
    informed = many(line(required=False, longest=200), "Kinds of agency that were told", required=False, most=MOST)


class TriageReport(Schema):
    """What it is, how urgent, who should verify it."""

    kinds = many(choice(codes.KINDS), most=MOST)
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
    kinds = many(choice(codes.KINDS), most=MOST)
    place = choice(codes.PLACES, required=False)
    cases = many(identifier(), required=False, most=MOST)
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


class ReportReceived(ReportState):
    """What whoever reported gets back, once."""

    receipt = fields.String(
        metadata={
            "description": "With it one comes back without an account. Shown this once: asked again with the same "
            "Idempotency-Key, the answer is without it but where a `retry_secret` was sent, and nobody can find it out"
        }
    )


class WriteToReporter(Schema):
    """An answer to whoever reported, or a question."""

    text = text()
    asks = flag("Whether an answer is asked for")


class OfOneReceipt(Schema):
    """A receipt, as it was written down: small letters, spaces and dashes are all the same."""

    receipt = formatted("receipt", "Six groups of four")


class AddFacts(OfOneReceipt):
    """What else is known, or the answer to a question."""

    text = text()
    answers = number("Number of the school's question")


class StateByReceipt(Done):
    """Where a report stands."""

    state = choice(codes.REPORT_STATES)


class Message(Schema):
    """What one of both sides wrote."""

    # `from` is a word of Python's
    from_ = fields.String(data_key="from", required=True, validate=validate.OneOf(["school", "reporter"]))
    at = time(required=True)
    text = text()
    answers = number("The school's question that it answers")
    number = number("Of a message of the school")
    asks = flag("Whether the school asks for an answer")
    by = fields.String(metadata={"description": "Who wrote it, told to staff alone"})


class BreachProgress(Schema):
    """What whoever reported it is told."""

    breach = identifier()
    kind = choice(codes.BREACH_KINDS)
    state = choice(codes.BREACH_STATES)
    reported_at = time(required=True)
    due_at = time(required=True)


class ReportByReceipt(Schema):
    """What whoever holds the receipt is told."""

    state = choice(codes.REPORT_STATES)
    received_at = time(required=True)
    messages = many(Message, "Oldest first")
    attachments = many(Attachment, "Files that came by the receipt")
    breaches = many(BreachProgress, "Retaliation and disclosures that were reported by the receipt")


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
    messages = many(Message, required=False)
    attachments = many(Attachment, required=False)


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
    facts_added_at = time("When whoever reported last said more")


class Reports(Schema):
    """Reports that the caller may see, dangers first."""

    reports = many(ReportRow)


class FoundNote(Schema):
    """A note about a child."""

    note = identifier()
    method = choice(codes.METHODS)
    noted_by = fields.String(required=True)
    noted_at = time(required=True)
    consider_by = time(required=True)
    outcome = choice(codes.NOTE_OUTCOMES, required=False)


class ReportsQuery(Schema):
    """Which reports."""

    states = many(choice(codes.REPORT_STATES), "Open ones where none is given", required=False, most=MOST)


class ReporterIdentity(Schema):
    """Who reported, as far as that was told."""

    report = identifier()
    entered_by = identifier("The member of staff who entered it", required=False)
    on_behalf = flag(required=True)
    informant = fields.Nested(Informant, allow_none=True)


class WaiveDutyOfReport(Schema):
    """A duty that is not acted on, and why."""

    duty = choice(codes.REPORT_DUTIES)
    reason = text()
    best_interests = text()


class CameUpReport(Schema):
    """A missed duty of a report, of a note of a sign, or of a breach."""

    report = identifier(required=False)
    sign_note = identifier(required=False)
    breach = identifier(required=False)
    duty = choice([*codes.REPORT_DUTIES, "sign_consideration", "breach_inquiry"])
    rung = choice(codes.RUNGS)
    due_at = time(required=True)
    climbed_at = time(required=True)
    rule = fields.String(required=True)


class ReportsCameUp(Schema):
    """The longest overdue first."""

    reports = many(CameUpReport)
