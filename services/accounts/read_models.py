"""Tables that lists need: ids and dates; disposable, rebuilt by replay. Names stay in the ledger."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Table, Text, Uuid

from shared.ledger.tables import read_metadata

metadata = read_metadata()

people = Table(
    "people",
    metadata,
    Column("tenant", Uuid, primary_key=True, comment="the person's home"),
    Column("person", Uuid, primary_key=True),
    Column("registered_at", DateTime(timezone=True), nullable=False),
)

engagements = Table(
    "engagements",
    metadata,
    Column("tenant", Uuid, primary_key=True, comment="the department"),
    Column("engagement", Uuid, primary_key=True),
    Column("auditor", Uuid, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False, comment="open or closed"),
)

grant_offers = Table(
    "grant_offers",
    metadata,
    Column("tenant", Uuid, primary_key=True, comment="the agency"),
    Column("grant", Uuid, primary_key=True),
    Column("offered_at", DateTime(timezone=True), nullable=False),
)
