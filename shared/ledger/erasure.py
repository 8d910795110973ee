"""An erasure: one asks for it, another approves; then keys are destroyed and a tombstone ends each stream's history.

    requested -> approved -> carried out -> completed

Completed is what has outlived every backup of the keys: until then a backup could still undo it. What was erased stays
in the tree, unreadable; the tombstone says who, when and on which legal basis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.domain import Actor, Aggregate, DomainError, Event, FirstEvent, registered
from shared.duties import Meets, Opens
from shared.ledger.tombstone import STREAM_ERASED

KEY_BACKUPS_KEPT = timedelta(days=30)
"""How long backups of the key folder are kept at most (deploy/runbooks); an erasure is complete only behind that."""

CARRY_OUT, COMPLETE = "erasure_carry_out", "erasure_complete"
ERASURE_DUTIES_OF_THE_CLOCK = frozenset({CARRY_OUT, COMPLETE})
RULE = "ledger.erasure"


class ErasureState(StrEnum):
    """How far an erasure is."""

    REQUESTED = "requested"
    APPROVED = "approved"
    CARRIED_OUT = "carried_out"
    COMPLETED = "completed"


class NothingToEraseError(DomainError):
    """No stream is named, or one that this tenant has not, or that is erased already; `streams` names those."""

    code = "ledger.nothing_to_erase"


class StillNeededError(DomainError):
    """A matter that is open is not erased; `why` says what keeps it, `stream` which one."""

    code = "ledger.still_needed"


class SamePersonError(DomainError):
    """Who asked for an erasure can't approve it."""

    code = "ledger.erasure_by_the_same_person"


class ErasureStateError(DomainError):
    """The erasure is not where this could be done; `state` says where it is."""

    code = "ledger.erasure_state"


@registered
class Erasure(Aggregate):
    """The erasure of some streams of one tenant's log, by two persons."""

    TOPIC = "ledger.erasure"

    class Requested(FirstEvent):
        """Somebody asks that streams be erased; `basis` cites the law or the person's request, `entered_by` is who
        typed it in for them, if anybody did.
        """

        TOPIC = "ledger.erasure_requested"
        streams: list[str]
        basis: str
        reason: str
        entered_by: str
        kept_until: datetime | None = None
        rule: str = ""
        before_time: bool = False
        walled: list[str] | None = None
        along: dict[str, list[str]] | None = None

    class Approved(Event):
        """Another person agrees; from here on the clock carries it out, whatever happens."""

        TOPIC = "ledger.erasure_approved"
        entered_by: str
        requested_by: str = ""
        rule: str = ""
        along: dict[str, list[str]] | None = None

    class CarriedOut(Event):
        """The keys are destroyed; `complete_at` is when the last backup of them has expired."""

        TOPIC = "ledger.erasure_carried_out"
        complete_at: datetime
        rule: str

    class Completed(Event):
        """No backup of the keys is left."""

        TOPIC = "ledger.erasure_completed"

    class StreamErased(Event):
        """The tombstone: it ends the history of an erased stream, not this one. A standing key of the tenant seals it,
        as the stream's own is destroyed.
        """

        TOPIC = STREAM_ERASED
        erasure: UUID
        basis: str
        requested_by: str
        approved_by: str
        together_with: list[str]

    @classmethod
    def request(
        cls,
        id: UUID,
        streams: Sequence[UUID],
        *,
        basis: str,
        reason: str,
        entered_by: str,
        by: Actor,
        at: datetime,
        **facts: Any,
    ) -> Erasure:
        """A new erasure; `facts` are `kept_until`, `rule`, `before_time`, `walled`, `along`, where its time was
        looked at.

        Raises NothingToEraseError.
        """
        if not streams:
            raise NothingToEraseError(streams=[])
        named = [str(stream) for stream in dict.fromkeys(streams)]
        return cls._begin(
            cls.Requested,
            id=id,
            by=by,
            at=at,
            streams=named,
            basis=basis,
            reason=reason,
            entered_by=entered_by,
            **({"kept_until": None, "rule": "", "before_time": False, "walled": None, "along": None} | facts),
        )

    def _requested(self, event: Requested) -> None:
        self.streams = [UUID(stream) for stream in event.streams]
        self.basis = event.basis
        self.requested_by = event.actor
        self.approved_by = ""
        self.kept_until, self.before_time = event.kept_until, event.before_time
        self.walled = frozenset(event.walled or ())
        self.rule, self.along = event.rule, event.along or {}
        self.state = ErasureState.REQUESTED
        self.complete_at: datetime | None = None

    def approve(self, *, entered_by: str, by: Actor, at: datetime) -> None:
        """Raises SamePersonError, ErasureStateError."""
        self._must_be(ErasureState.REQUESTED)
        if by.id == self.requested_by:
            raise SamePersonError
        self._record(
            self.Approved,
            by=by,
            at=at,
            entered_by=entered_by,
            requested_by=self.requested_by,
            rule=self.rule,
            along=self.along or None,
        )

    def carry_out(self, *, by: Actor, at: datetime) -> None:
        """Says that the keys are destroyed. Raises ErasureStateError."""
        self._must_be(ErasureState.APPROVED)
        self._record(self.CarriedOut, by=by, at=at, complete_at=at + KEY_BACKUPS_KEPT, rule=RULE)

    def complete(self, *, by: Actor, at: datetime) -> None:
        """Says that no backup of the keys is left. Raises ErasureStateError, also before that time."""
        self._must_be(ErasureState.CARRIED_OUT)
        if self.complete_at is None or at < self.complete_at:
            raise ErasureStateError(state=self.state.value)
        self._record(self.Completed, by=by, at=at)

    def _must_be(self, state: ErasureState) -> None:
        if self.state is not state:
            raise ErasureStateError(state=self.state.value)

    def _approved(self, event: Approved) -> None:
        self.approved_by = event.actor
        self.state = ErasureState.APPROVED

    def _carried_out(self, event: CarriedOut) -> None:
        self.complete_at = event.complete_at
        self.state = ErasureState.CARRIED_OUT

    def _completed(self, _: Completed) -> None:
        self.state = ErasureState.COMPLETED


def when_approved(event: Erasure.Approved) -> Sequence[Opens | Meets]:
    """The clock carries it out at once."""
    return [_opens(CARRY_OUT, event.originator_id, event.timestamp)]


def when_carried_out(event: Erasure.CarriedOut) -> Sequence[Opens | Meets]:
    """Done; to be completed when the last backup has expired."""
    stream = event.originator_id
    return [Meets(duty=CARRY_OUT, stream=stream), _opens(COMPLETE, stream, event.complete_at)]


def when_completed(event: Erasure.Completed) -> Sequence[Opens | Meets]:
    """Nothing is left to do."""
    return [Meets(duty=COMPLETE, stream=event.originator_id)]


DUTIES: Mapping[str, Callable[[Any], Sequence[Opens | Meets]]] = {
    Erasure.Approved.TOPIC: when_approved,
    Erasure.CarriedOut.TOPIC: when_carried_out,
    Erasure.Completed.TOPIC: when_completed,
}


def _opens(duty: str, stream: UUID, at: datetime) -> Opens:
    return Opens(duty=duty, stream=stream, due_at=at, owner="role:administrator", rule=RULE)
