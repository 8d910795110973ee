"""Reports beside each other: of the same events, of one child, and how long they took."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import choice, identifier, many, number, text, time
from services.gateway.schemas.reports import Child, FoundNote, ReportRow


class OfTwoReports(Schema):
    """What is judged of two reports."""

    other = identifier("The other report")
    reasons = text()


class SimilarReport(Schema):
    """A report that is like another one, and in what."""

    report = identifier()
    state = choice(codes.REPORT_STATES)
    received_at = time(required=True)
    same = many(choice(["child", "time", "place", "kind"]))
    judged = choice(["joined", "kept_apart"], "What somebody said of the pair", required=False)


class SimilarReports(Schema):
    """Those most alike first."""

    reports = many(SimilarReport)


class FindChild(Schema):
    """A child: with a birth date, a class or an IIN."""

    child = fields.Nested(Child, required=True)


class FoundOfChild(Schema):
    """What the caller may see about a child, oldest first."""

    reports = many(ReportRow)
    notes = many(FoundNote)


class TurnToBody(Schema):
    """Which body an employee turned to."""

    body = choice(codes.AGENCY_KINDS)
    turned_at = time("When, as the employee says")
    note = text(required=False)


class ResponseTime(Schema):
    """How long one report took, in minutes."""

    report = identifier()
    happened_at = time()
    received_at = time(required=True)
    first_action_at = time()
    to_report = number("From the events")
    to_first_action = number("From the report")


class ResponseTimes(Schema):
    """Newest first; medians of what is shown, in minutes."""

    reports = many(ResponseTime)
    median_to_report = number()
    median_to_first_action = number()
