"""The tables that every service's database has, in three schemas: `ledger`, `messages`, `read`.

Tenant first in every key. On SQLite, which has no schemas, the names stand alone (`schema_translate_map`).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, Uuid

SCHEMAS = ("ledger", "messages", "read")
ledger_metadata = MetaData()


def read_metadata() -> MetaData:
    """The metadata on which a service puts its read models (schema `read`)."""
    return MetaData(schema="read")


def _tenant() -> Column[object]:
    return Column("tenant", Uuid, primary_key=True)


heads = Table(
    "heads",
    ledger_metadata,
    _tenant(),
    Column("log", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("edge", LargeBinary, nullable=False, comment="the Merkle tree's right edge, 32 bytes a node, largest first"),
    Column("recorded_at", BigInteger, nullable=False, comment="of the last event, microseconds since 1970 UTC"),
    Column("public_number", BigInteger, nullable=False),
    Column("incarnation", Uuid, nullable=False),
    schema="ledger",
)

events = Table(
    "events",
    ledger_metadata,
    _tenant(),
    Column("log", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("stream", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("topic", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("cause", Uuid),
    Column("correlation", Uuid),
    Column("payload", LargeBinary, nullable=False, comment="sealed: shared/sealing/seal.py"),
    Column("key_commitment", LargeBinary, nullable=False),
    Column("leaf_version", Integer, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Index("events_by_stream", "tenant", "log", "stream", "version", unique=True),
    schema="ledger",
)

stream_keys = Table(
    "stream_keys",
    ledger_metadata,
    _tenant(),
    Column("stream", Uuid, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    schema="ledger",
)

key_floors = Table(
    "key_floors",
    ledger_metadata,
    _tenant(),
    Column("generation", Integer, nullable=False, comment="the oldest of the tenant's key that may wrap a new key"),
    schema="ledger",
)

public_events = Table(
    "public_events",
    ledger_metadata,
    _tenant(),
    Column("number", BigInteger, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("body", Text, nullable=False, comment="JSON, ids and codes only"),
    Column("happened_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("cause", Uuid),
    Column("correlation", Uuid),
    Column("hash", LargeBinary, nullable=False, comment="of the event's leaf"),
    Column("incarnation", Uuid, nullable=False),
    schema="ledger",
)

checkpoints = Table(
    "checkpoints",
    ledger_metadata,
    _tenant(),
    Column("log", Text, primary_key=True),
    Column("size", BigInteger, primary_key=True),
    Column("edge", LargeBinary, nullable=False),
    Column("note", Text, nullable=False, comment="C2SP signed note"),
    schema="ledger",
)

tiles = Table(
    "tiles",
    ledger_metadata,
    _tenant(),
    Column("log", Text, primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("index", BigInteger, primary_key=True),
    Column("root", LargeBinary, nullable=False, comment="over the tile's hashes; before them: read without them"),
    Column("hashes", LargeBinary, nullable=False, comment="256 of 32 bytes: leaves, or roots of the tiles below"),
    schema="ledger",
)

commands_done = Table(
    "commands_done",
    ledger_metadata,
    _tenant(),
    Column("command", Uuid, primary_key=True),
    Column("answer", LargeBinary, nullable=False, comment="JSON, sealed under the command's own key"),
    Column("position", BigInteger, nullable=False),
    schema="messages",
)

inbox = Table(
    "inbox",
    ledger_metadata,
    _tenant(),
    Column("source", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    Column("outcome", Text, nullable=False, comment="done, ignored, or the code of a refusal"),
    schema="messages",
)

lanes = Table(
    "lanes",
    ledger_metadata,
    _tenant(),
    Column("source", Text, primary_key=True),
    Column("number", BigInteger, nullable=False, comment="of the last public event handled"),
    Column("incarnation", Uuid, nullable=False),
    schema="messages",
)

waiting_lanes = Table(
    "waiting_lanes",
    ledger_metadata,
    _tenant(),
    Column("source", Text, primary_key=True),
    Column("retry_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column(
        "reason", Text, nullable=False, comment="gap, silence, or an error's type; stopped lanes begin with 'alarm:'"
    ),
    Column("since", BigInteger, comment="when it came to wait, microseconds since 1970 UTC"),
    schema="messages",
)

relay_cursors = Table(
    "relay_cursors",
    ledger_metadata,
    _tenant(),
    Column("number", BigInteger, nullable=False, comment="of the last public event that the broker confirmed"),
    schema="messages",
)

due = Table(
    "due",
    ledger_metadata,
    _tenant(),
    Column("stream", Uuid, primary_key=True),
    Column("duty", Text, primary_key=True),
    Column("step", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("rule", Text, nullable=False),
    schema="messages",
)

uploads = Table(
    "uploads",
    ledger_metadata,
    _tenant(),
    Column("stream", Uuid, primary_key=True),
    Column("blob", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False, comment="a piece of a file: shared/ledger/blobs.py"),
    Column("at", BigInteger, nullable=False, comment="microseconds since 1970 UTC"),
    schema="messages",
)

blobs = Table(
    "blobs",
    ledger_metadata,
    _tenant(),
    Column("stream", Uuid, primary_key=True),
    Column("blob", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False, comment="a piece of a file, whose hash stands in an event"),
    schema="messages",
)

climbed = Table(
    "climbed",
    ledger_metadata,
    _tenant(),
    Column("stream", Uuid, primary_key=True),
    Column("duty", Text, primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("told", Text, nullable=False, comment="JSON: person:<id> or role:<role>"),
    Column("due_at", BigInteger, nullable=False, comment="of the duty itself"),
    Column("climbed_at", BigInteger, nullable=False),
    Column("rule", Text, nullable=False),
    schema="messages",
)

positions = Table(
    "positions",
    ledger_metadata,
    _tenant(),
    Column("position", BigInteger, nullable=False, comment="of the last event that the follower projected"),
    schema="read",
)

APPEND_ONLY = (events, public_events, checkpoints, tiles, commands_done, inbox)
TENANT_TABLES = tuple(ledger_metadata.sorted_tables)
