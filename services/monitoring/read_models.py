"""Tables that lists need: ids, codes, dates; disposable, rebuilt by replay. Names and texts stay in the ledger."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Table, Text, Uuid

from shared.ledger.tables import read_metadata

metadata = read_metadata()

group_entries = Table(
    "group_entries",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("entry", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("report", Uuid),
    Column("level", Text),
    Column("category", Text),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), comment="of the decision, or of the next review"),
    Column("change", Text, comment="how behaviour had changed when somebody looked last"),
    Column("names_the_service", Boolean, nullable=False, comment="somebody of the school is named in it"),
)

walled_from_entries = Table(
    "walled_from_entries",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("entry", Uuid, primary_key=True),
    Column("whom", Text, primary_key=True, comment="a person's id, or role:<role>"),
    Column("named", Text, primary_key=True, comment="index of the one named, or empty"),
)

workers_of_entries = Table(
    "workers_of_entries",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("entry", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
)

matters_of_entries = Table(
    "matters_of_entries",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("entry", Uuid, primary_key=True),
    Column("matter", Uuid, primary_key=True),
)

walled_from_matters = Table(
    "walled_from_matters",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("matter", Uuid, primary_key=True),
    Column("person", Uuid, primary_key=True),
)

roles_walled_from_matters = Table(
    "roles_walled_from_matters",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("matter", Uuid, primary_key=True),
    Column("role", Text, primary_key=True),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("campaign", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("means", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("held_on", Date),
)

staff_trainings = Table(
    "staff_trainings",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("training", Uuid, primary_key=True),
    Column("held_on", Date, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("count", Integer, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("invitation", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("guest", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("invited_for", Date, nullable=False),
    Column("came_on", Date),
)

informing = Table(
    "informing",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("source", Uuid, primary_key=True, comment="the campaign, training or invitation"),
    Column("audience", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("informed_on", Date, comment="when it was held, or the guest came"),
    Column("reached", Integer),
    Column("out_of", Integer),
)

risks = Table(
    "risks",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("risk", Uuid, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("tendency", Text),
    Column("trip", Uuid),
    Column("walk", Uuid),
    Column("likelihood", Text, nullable=False),
    Column("consequence", Text, nullable=False),
    Column("residual", Text, nullable=False),
    Column("owner", Uuid, nullable=False),
    Column("review_by", DateTime(timezone=True), nullable=False),
    Column("closed", Boolean, nullable=False),
)

trips = Table(
    "trips",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("trip", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("abroad", Boolean, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("leader", Uuid, nullable=False),
    Column("assess_by", DateTime(timezone=True), nullable=False),
    Column("assessed", Boolean, nullable=False),
)

walks = Table(
    "walks",
    metadata,
    Column("tenant", Uuid, primary_key=True),
    Column("walk", Uuid, primary_key=True),
    Column("taken_on", Date, nullable=False),
    Column("found", Integer, nullable=False, comment="how many findings"),
)
