"""Tables that lists need: ids, codes, dates; disposable, rebuilt by replay. The aggregates decide on access."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, Uuid

from shared.ledger.tables import read_metadata

metadata = read_metadata()

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
