"""Tables that lists need: ids, codes, dates; disposable, rebuilt by replay. Names and texts stay in the ledger."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Integer, Table, Text, Uuid

from shared.ledger.tables import read_metadata

metadata = read_metadata()

reports = Table(
    "reports",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("report", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("place", Text),
    Column("immediate_danger", Boolean, nullable=False),
    Column("urgency", Text),
    Column("owner", Uuid),
    Column("triaged_by", Text, nullable=False),
    Column("about_the_service", Boolean, nullable=False, comment="somebody of the school is complained of"),
    Column("received_at", DateTime(timezone=True), nullable=False, index=True),
    Column("first_action_due_at", DateTime(timezone=True), nullable=False),
    Column("verification_due_at", DateTime(timezone=True)),
)

added_facts = Table(
    "added_facts",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("report", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

kinds_of_reports = Table(
    "kinds_of_reports",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("report", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
)

walled_persons = Table(
    "walled_persons",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("report", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
)

walled_roles = Table(
    "walled_roles",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("report", Uuid, primary_key=True),
    Column("accused", Text, primary_key=True, comment="index of the one complained of"),
    Column("role", Text, nullable=False),
)

cases_of_reports = Table(
    "cases_of_reports",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("report", Uuid, primary_key=True),
    Column("case", Uuid, primary_key=True),
)

walled_from_cases = Table(
    "walled_from_cases",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("case", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
)

team_members = Table(
    "team_members",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("case", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
    Column("left", Boolean, nullable=False),
)

child_marks = Table(
    "child_marks",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True, comment="what the mark is made of"),
    Column("mark", Text, primary_key=True, comment="a keyed hash: equal for what is told of one child"),
    Column("subject", Uuid, primary_key=True, comment="the report or note about the child"),
)

sign_notes = Table(
    "sign_notes",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("note", Uuid, primary_key=True),
    Column("method", Text, nullable=False),
    Column("noted_by", Text, nullable=False),
    Column("noted_at", DateTime(timezone=True), nullable=False),
    Column("consider_by", DateTime(timezone=True), nullable=False),
    Column("about_the_service", Boolean, nullable=False, comment="somebody of the school is named in it"),
    Column("outcome", Text),
)

walled_from_notes = Table(
    "walled_from_notes",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("note", Uuid, primary_key=True),
    Column("whom", Text, primary_key=True, comment="a person's id, or role:<role>"),
)

breaches = Table(
    "breaches",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("breach", Uuid, primary_key=True),
    Column("report", Uuid, comment="that it belongs to, where that is known"),
)

walled_from_breaches = Table(
    "walled_from_breaches",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("breach", Uuid, primary_key=True),
    Column("whom", Text, primary_key=True, comment="a person's id, or role:<role>"),
    Column("accused", Text, primary_key=True, comment="index of the one complained of, or empty"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("receipt", Uuid, primary_key=True, comment="its keyed hash, as the stream of it"),
    Column("report", Uuid, nullable=False, comment="that it leads to"),
)

reports_of_notes = Table(
    "reports_of_notes",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("note", Uuid, primary_key=True),
    Column("report", Uuid, primary_key=True, comment="filed because of the note: its walls hold here as well"),
)

times_of_reports = Table(
    "times_of_reports",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("report", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, comment="when it happened, or else was told"),
)

judged_pairs = Table(
    "judged_pairs",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("pair", Uuid, primary_key=True),
    Column("report", Uuid, nullable=False),
    Column("other", Uuid, nullable=False),
    Column("judged", Text, nullable=False, comment="joined, kept_apart"),
)

adult_marks = Table(
    "adult_marks",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("mark", Text, primary_key=True, comment="a keyed hash of a name, or person:<id>"),
    Column("report", Uuid, primary_key=True),
)

response_times_of_reports = Table(
    "response_times_of_reports",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("report", Uuid, primary_key=True),
    Column("happened_at", DateTime(timezone=True)),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("first_action_at", DateTime(timezone=True)),
)
