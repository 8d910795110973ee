"""How every service erases: asked for by one, approved by another, carried out and completed by the clock.

Carrying out may be broken off anywhere and begun again: tombstones first, so that nothing is added to the streams; then
the journal outside the database; then the keys with the public rows; then the tenant's key is replaced, so that copies
of the destroyed keys in older backups open no more; then the event that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from shared.domain import Actor, Aggregate, Command, UnknownError
from shared.duties import MissDeadline
from shared.ids import derived_id
from shared.ledger.destroying import destroy_tenants_again
from shared.ledger.erasure import (
    CARRY_OUT,
    Erasure,
    ErasureState,
    ErasureStateError,
    NothingToEraseError,
    StillNeededError,
)
from shared.ledger.handling import handles
from shared.ledger.key_rows import destroy_stream_key, is_erased, renew_tenant_key
from shared.ledger.recorder import VersionTakenError, microseconds
from shared.sealing.keys import Destroyed

if TYPE_CHECKING:
    from shared.ledger.application import Answer, LedgerParts, TenantLedger

Needed = Callable[[Any], str | None]
"""Whether what an aggregate stands for is still needed: the code of what needs it, or None."""


@dataclass(frozen=True, kw_only=True)
class RequestErasure(Command):
    """Asks that streams be erased, with those that belong to them; `basis` cites the law or the request.

    `entered_by` is who typed it in, where that was somebody else: an operator at the command line.
    """

    streams: Sequence[UUID]
    basis: str
    reason: str = ""
    entered_by: str = ""


@dataclass(frozen=True, kw_only=True)
class ApproveErasure(Command):
    """Another person agrees to an erasure; `entered_by` as in RequestErasure."""

    erasure: UUID
    entered_by: str = ""


class Erasing:
    """The part of an application that erases; a service says by `erasable` what may be erased, and when."""

    name: str
    parts: LedgerParts
    for_tenant: Callable[[UUID], TenantLedger]

    erasable: ClassVar[Mapping[type[Aggregate], Needed]] = {}

    def belonging_to(self, ledger: TenantLedger, stream: UUID) -> Sequence[UUID]:
        """The streams that are erased together with this one: none, unless the service says so."""
        return ()

    @handles(RequestErasure)
    def request_erasure(self, command: RequestErasure, ledger: TenantLedger) -> Answer:
        """Begins an erasure. Raises NothingToEraseError, StillNeededError."""
        streams: list[UUID] = []
        for named in command.streams:
            self._check(ledger, named, command.by)
            streams += [named, *self.belonging_to(ledger, named)]
        erasure = Erasure.request(
            derived_id(command.command_id, "erasure"),
            streams,
            basis=command.basis,
            reason=command.reason,
            entered_by=command.entered_by,
            by=command.by,
            at=ledger.now(),
        )
        return ledger.save(erasure, answer={"erasure": erasure.id})

    @handles(ApproveErasure)
    def approve_erasure(self, command: ApproveErasure, ledger: TenantLedger) -> Answer:
        """Approves; the clock then carries it out. Raises SamePersonError, StillNeededError."""
        erasure = ledger.get(Erasure, command.erasure)
        for stream in erasure.streams:
            self._check(ledger, stream, command.by, belonging=True)
        erasure.approve(entered_by=command.entered_by, by=command.by, at=ledger.now())
        return ledger.save(erasure, answer={"erasure": erasure.id})

    def miss_erasure_deadline(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """What the clock finds due of an erasure: carries it out, or completes it."""
        erasure = ledger.get(Erasure, command.stream)
        if command.duty == CARRY_OUT:
            if erasure.state is not ErasureState.APPROVED:
                raise ErasureStateError(state=erasure.state.value)
            for _ in self.destroy(command.tenant, erasure, by=command.by):
                pass
            erasure.carry_out(by=command.by, at=ledger.now())
        else:
            erasure.complete(by=command.by, at=ledger.now())
        return ledger.save(erasure, answer={"erasure": erasure.id})

    def destroy(self, tenant: UUID, erasure: Erasure | Ending, *, by: Actor) -> Iterator[tuple[int, int]]:
        """Ends the streams with tombstones and destroys their keys, for good; yields (done, all) stream keys."""
        for stream in erasure.streams:
            self._end(tenant, stream, erasure, by)
        self._destroy_keys(tenant, erasure.id, erasure.streams)
        yield from renew_tenant_key(self.parts.database, tenant, self.parts.tenant_keys)

    def destroy_again(self, by: Actor) -> int:
        """Destroys what a restored backup brought back: every key of the journal; gives how many there were.

        A stream whose tombstone the backup does not have gets another one, by whoever restores; so do logs of destroyed
        tenants their last event.
        """
        application: Any = self
        tenants = destroy_tenants_again(application, by)
        found: dict[UUID, list[Destroyed]] = {}
        for one in self.parts.tenant_keys.destroyed():
            if self._is_back(one.tenant, one.stream):
                found.setdefault(one.tenant, []).append(one)
        for tenant, back in found.items():
            for one in back:
                self._end(tenant, one.stream, self._erasure_of(one), by)
                destroy_stream_key(self.parts.database, tenant, self.name, one.stream)
                self.parts.key_cache.forget(tenant, one.stream)
            for _ in renew_tenant_key(self.parts.database, tenant, self.parts.tenant_keys):
                pass
        return tenants + sum(map(len, found.values()))

    def _destroy_keys(self, tenant: UUID, erasure: UUID, streams: Sequence[UUID]) -> None:
        now = microseconds(self.parts.clock.now())
        self.parts.tenant_keys.note_destroyed(
            [Destroyed(tenant=tenant, stream=stream, erasure=erasure, destroyed_at=now) for stream in streams]
        )
        for stream in streams:
            destroy_stream_key(self.parts.database, tenant, self.name, stream)
            self.parts.key_cache.forget(tenant, stream)

    def _check(self, ledger: TenantLedger, stream: UUID, by: Actor, *, belonging: bool = False) -> None:
        found = ledger.find(Aggregate, stream)
        if by.person is not None and by.person in getattr(found, "walled", ()):
            raise UnknownError(what="stream")  # whoever is walled off knows of nothing here, and erases nothing
        needed = None if found is None else self.erasable.get(type(found))
        if found is None or (needed is None and not belonging):
            raise NothingToEraseError(streams=[str(stream)])
        why = needed(found) if needed else None
        if why:
            raise StillNeededError(stream=str(stream), why=why)

    def _end(self, tenant: UUID, stream: UUID, erasure: Erasure | Ending, by: Actor) -> None:
        """Appends the tombstone, behind whatever somebody else appends meanwhile; does nothing where there is one."""
        while not is_erased(self.parts.database, tenant, self.name, stream):
            ledger = self.for_tenant(tenant)
            last = ledger.recorder.select_events(stream, desc=True, limit=1)
            if not last:
                return
            event_class: Any = Erasure.StreamErased
            tombstone = event_class(
                originator_id=stream,
                originator_version=last[0].originator_version + 1,
                timestamp=ledger.now(),
                actor=by.id,
                erasure=erasure.id,
                basis=erasure.basis,
                requested_by=erasure.requested_by,
                approved_by=erasure.approved_by,
                together_with=[str(other) for other in erasure.streams if other != stream],
            )
            try:
                ledger.event_store.put([tombstone])
            except VersionTakenError:
                continue
            self.parts.woken(tenant)

    def _is_back(self, tenant: UUID, stream: UUID) -> bool:
        """Whether a stream that was erased has its key again, or lacks its tombstone."""
        ledger = self.for_tenant(tenant)
        if not ledger.recorder.select_events(stream, limit=1):
            return False
        return ledger.keys.has(stream) or not is_erased(self.parts.database, tenant, self.name, stream)

    def _erasure_of(self, one: Destroyed) -> Erasure | Ending:
        """The erasure as its event tells it; where the backup is older than it, what the journal knows."""
        try:
            return self.for_tenant(one.tenant).get(Erasure, one.erasure)
        except UnknownError:
            return Ending(id=one.erasure)


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What tombstones say where no erasure can be read: only the journal is left, or a tenant is destroyed."""

    id: UUID
    basis: str = "ledger.journal_of_destroyed_keys"
    requested_by: str = ""
    approved_by: str = ""
    streams: Sequence[UUID] = ()
