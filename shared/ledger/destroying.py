"""How a service destroys a tenant: a last event in each of its logs, then every key, every public row's content.

The last event is sealed under a key of the platform's, which stays: so it opens when nothing else of the tenant does,
and is appended again where a backup from before is put back. It ends every stream of its log, as a tombstone ends one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update

from shared.domain import Actor
from shared.ids import derived_id
from shared.ledger.append import AppendRequest, SealedEvent, append
from shared.ledger.database import Database
from shared.ledger.destruction import TenantDestruction, destruction_id
from shared.ledger.incarnation import LOG_RESTORED
from shared.ledger.key_rows import raise_floor
from shared.ledger.recorder import RecordedEvent, microseconds
from shared.ledger.tables import blobs, events, heads, public_events, stream_keys, uploads
from shared.ledger.tombstone import NO_GENERATION, TENANT_DESTROYED
from shared.sealing.seal import Place, event_key, key_commitment, seal, unseal

if TYPE_CHECKING:
    from shared.ledger.application import LedgerApplication


@dataclass(frozen=True, kw_only=True)
class LastWord:
    """What the last event of a destroyed tenant's log says; persons by id."""

    destruction: UUID
    reason: str
    decided_by: str
    approved_by: str

    def encode(self) -> bytes:
        """JSON."""
        return json.dumps({name: str(value) for name, value in vars(self).items()}, sort_keys=True).encode()


def decide(
    application: LedgerApplication, tenant: UUID, *, by: Actor, approved_by: str, reason: str
) -> TenantDestruction:
    """Records the decision in the platform's log; gives the one recorded before, where there is one.

    Raises SamePersonDestroysError, PlatformStaysError, NoReasonError.
    """
    platform = application.parts.platform
    ledger = application.for_tenant(platform)
    found = ledger.find(TenantDestruction, destruction_id(platform, tenant))
    if found is not None:
        return found
    sizes = {log: size for log, size in _logs(application.parts.database, tenant) if size}
    decided = TenantDestruction.decide(
        platform=platform,
        tenant=tenant,
        reason=reason,
        sizes=sizes,
        by=by,
        approved_by=approved_by,
        at=ledger.now(),
    )
    ledger.save(decided)
    application.parts.woken(platform)
    return decided


def end_logs(application: LedgerApplication, tenant: UUID, word: LastWord, by: Actor) -> None:
    """Appends the last event to each of a tenant's logs that has events; no stream begins in any of them from here."""
    database = application.parts.database
    raise_floor(database, tenant, NO_GENERATION)
    for log, size in _logs(database, tenant):
        if size and not is_ended(database, tenant, log):
            event = _sealed(application, tenant, log, word, by)
            append(database, AppendRequest(tenant=tenant, log=log, events=[event]))


def destroy_rows(application: LedgerApplication, tenant: UUID) -> None:
    """Destroys the wrapped keys of a tenant whose log has ended, and empties its public rows."""
    database, log = application.parts.database, application.name
    application.parts.key_cache.forget_all_of(tenant)
    if not database.is_sqlite:
        with database.autocommit() as connection:
            connection.execute(text("SELECT ledger.destroy_tenant(:tenant)"), {"tenant": tenant})
        return
    if not is_ended(database, tenant, log):
        return
    with database.tenant(tenant) as connection:
        for table in (stream_keys, uploads, blobs):
            connection.execute(delete(table).where(table.c.tenant == tenant))
        kept = public_events.c.type.like(f"%.{LOG_RESTORED}")
        of_tenant = (public_events.c.tenant == tenant, public_events.c.type != "erased", ~kept)
        connection.execute(update(public_events).where(*of_tenant).values(type="erased", body="{}"))


def destroy_tenants_again(application: LedgerApplication, by: Actor) -> int:
    """Destroys what a restored backup brought back of destroyed tenants; gives how many tenants were back."""
    back = 0
    for tenant in application.parts.tenant_keys.destroyed_tenants():
        application.parts.tenant_keys.destroy_tenant(tenant)
        if not _is_back(application, tenant):
            continue
        found = _decided(application, tenant)
        end_logs(application, tenant, word_of(application, tenant, found), by)
        destroy_rows(application, tenant)
        application.parts.woken(tenant)
        back += 1
    return back


def word_of(application: LedgerApplication, tenant: UUID, found: TenantDestruction | None) -> LastWord:
    """What the decision says; where a backup is older than it, what the key folder's marker knows: that it was."""
    return LastWord(
        destruction=destruction_id(application.parts.platform, tenant),
        reason=found.reason if found else "ledger.marker_of_destroyed_tenant",
        decided_by=found.decided_by if found else "",
        approved_by=found.approved_by if found else "",
    )


def open_last(application: LedgerApplication, recorded: RecordedEvent) -> dict[str, Any]:
    """The facts of a destroyed tenant's last event. Raises UnsealError."""
    said: dict[str, Any] = json.loads(unseal(last_key(application, recorded), recorded.place(), recorded.state))
    return said


def last_key(application: LedgerApplication, recorded: RecordedEvent) -> bytes:
    """The key of a destroyed tenant's last event."""
    key = application.keys(application.parts.platform).standing("destroyed tenants")
    return event_key(key, recorded.stream, recorded.originator_version)


def is_ended(database: Database, tenant: UUID, log: str) -> bool:
    """Whether a tenant's log has its last event."""
    stream = destruction_stream(tenant, log)
    chosen = select(events.c.position).where(
        events.c.tenant == tenant, events.c.log == log, events.c.stream == stream, events.c.topic == TENANT_DESTROYED
    )
    with database.tenant(tenant) as connection:
        return connection.execute(chosen.limit(1)).first() is not None


def destruction_stream(tenant: UUID, log: str) -> UUID:
    """The stream of a log's last event, which has no other."""
    return derived_id(tenant, "destroyed", log)


def _sealed(application: LedgerApplication, tenant: UUID, log: str, word: LastWord, by: Actor) -> SealedEvent:
    key = application.keys(application.parts.platform).standing("destroyed tenants")
    stream = destruction_stream(tenant, log)
    own = event_key(key, stream, 1)
    place = Place(log=log, tenant=tenant, stream=stream, version=1, topic=TENANT_DESTROYED, actor=by.id)
    return SealedEvent(
        stream=stream,
        version=1,
        topic=TENANT_DESTROYED,
        actor=by.id,
        payload=seal(own, place, word.encode()),
        key_commitment=key_commitment(own),
        happened_at=microseconds(application.clock.now()),
    )


def _logs(database: Database, tenant: UUID) -> Sequence[tuple[str, int]]:
    chosen = select(heads.c.log, heads.c.size).where(heads.c.tenant == tenant).order_by(heads.c.log)
    with database.tenant(tenant) as connection:
        return [(row.log, row.size) for row in connection.execute(chosen)]


def _decided(application: LedgerApplication, tenant: UUID) -> TenantDestruction | None:
    platform = application.parts.platform
    return application.for_tenant(platform).find(TenantDestruction, destruction_id(platform, tenant))


def _is_back(application: LedgerApplication, tenant: UUID) -> bool:
    database = application.parts.database
    if any(size and not is_ended(database, tenant, log) for log, size in _logs(database, tenant)):
        return True
    chosen = select(func.count()).select_from(stream_keys).where(stream_keys.c.tenant == tenant)
    with database.tenant(tenant) as connection:
        return bool(connection.scalar(chosen))
