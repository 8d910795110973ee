"""Tables that lists need: ids, codes, dates; disposable, rebuilt by replay. Names and texts stay in the ledger."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Table, Text, Uuid

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
