"""Tables that lists need: ids, codes, dates; disposable, rebuilt by replay. The aggregates decide on access."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, Table, Text, Uuid

from shared.ledger.tables import read_metadata

metadata = read_metadata()

broken_glass = Table(
    "broken_glass",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("notice", Uuid, primary_key=True),
    Column("to_whom", Text, primary_key=True, comment="person:<id>, or role:<role>"),
    Column("kind", Text, nullable=False),
    Column("case", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True)),
)

register_entries = Table(
    "register_entries",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("case", Uuid, primary_key=True),
    Column("register_year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("opened_at", Text, nullable=False, comment="ISO 8601, UTC"),
    Column("level", Text),
    Column("is_open", Boolean, nullable=False),
    Index("register_entries_by_number", "tenant", "register_year", "number", unique=True),
)

team = Table(
    "team",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
    Column("case", Uuid, primary_key=True),
    Column("role", Text, nullable=False),
)

walls = Table(
    "walls",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
    Column("case", Uuid, primary_key=True),
)

case_figures = Table(
    "case_figures",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("case", Uuid, primary_key=True),
    Column("happened_at", Text, comment="ISO 8601, UTC, as all of these"),
    Column("received_at", Text),
    Column("first_action_at", Text),
    Column("opened_at", Text, nullable=False),
    Column("closed_at", Text),
    Column("first_level", Text),
    Column("level", Text),
    Column("reopened", Integer, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("reviews_with_change", Integer, nullable=False),
    Column("counted_to", Integer, nullable=False, comment="the version of the last event that was counted"),
)

case_facets = Table(
    "case_facets",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("case", Uuid, primary_key=True),
    Column("facet", Text, primary_key=True, comment="kind, place, aggressor, weekday, measure"),
    Column("code", Text, primary_key=True),
)

notices = Table(
    "notices",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("notice", Uuid, primary_key=True),
    Column("school", Uuid, nullable=False),
    Column("service", Text, nullable=False),
    Column("matter", Uuid, nullable=False),
    Column("duty", Text, nullable=False),
    Column("due_at", Text, nullable=False, comment="ISO 8601, UTC"),
    Column("climbed_at", Text, nullable=False, comment="ISO 8601, UTC"),
    Column("rule", Text, nullable=False),
)

notice_walls = Table(
    "notice_walls",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
    Column("notice", Uuid, primary_key=True),
)

arrived_matters = Table(
    "arrived_matters",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("matter", Uuid, primary_key=True),
    Column("school", Uuid, nullable=False, comment="that released it"),
    Column("state", Text, nullable=False),
    Column("at", Text, nullable=False, comment="ISO 8601, UTC"),
)

walls_of_matters = Table(
    "walls_of_matters",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("matter", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
)
