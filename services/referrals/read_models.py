"""Tables that screens and the courier need: ids, codes and dates only; disposable, rebuilt by replay."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid

from shared.ledger.tables import read_metadata

metadata = read_metadata()

directory = Table(
    "directory",
    metadata,
    Column("tenant", Uuid, primary_key=True, comment="the platform, for all schools; or the agency itself"),
    Column("agency", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("virtual_host", Text),
    Column("version", Integer, nullable=False, comment="of the entry: the courier makes a new route when it grows"),
)

referrals_of_cases = Table(
    "referrals_of_cases",
    metadata,
    Column("tenant", Uuid, primary_key=True, comment="the school"),
    Column("referral", Uuid, primary_key=True),
    Column("case", Uuid, nullable=False, index=True),
    Column("agency", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

walls_of_cases = Table(
    "walls_of_cases",
    metadata,
    Column("tenant", Uuid, primary_key=True, comment="the school"),
    Column("case", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
)

partner_inbox = Table(
    "partner_inbox",
    metadata,
    Column("tenant", Uuid, primary_key=True, comment="the agency"),
    Column("referral", Uuid, primary_key=True),
    Column("school", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("acknowledge_by", DateTime(timezone=True), nullable=False),
    Column("begin_by", DateTime(timezone=True), nullable=False),
    Column("report_back_by", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

sending_attempts = Table(
    "sending_attempts",
    metadata,
    Column("tenant", Uuid, primary_key=True, comment="the agency"),
    Column("number", Integer, primary_key=True, comment="of the event in its inbox entry"),
    Column("referral", Uuid, primary_key=True),
    Column("message", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("status", Text, nullable=False, comment="taken, or why not, as a code"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("next_at", DateTime(timezone=True)),
)

messages_to_send = Table(
    "messages_to_send",
    metadata,
    Column("tenant", Uuid, primary_key=True, comment="the agency"),
    Column("referral", Uuid, primary_key=True),
    Column("message", Text, primary_key=True, comment="requested or cancelled"),
    Column("school", Uuid, nullable=False),
)
