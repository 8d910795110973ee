"""How long what a service keeps is kept, what holds it longer, and its destruction through the API by two who lead.

A service says by `retention` until when each of its matters is kept, from the matter's own events and the policy that
was in force when it ended. What is due stays until two persons destroy it; before its time only a law that is named
does. A hold, such as a court's, keeps a matter whatever its time: it is placed and lifted by events, with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from shared.destructions import ApproveDestruction, DestroyAlong, LiftHold, PlaceHold, RequestDestruction
from shared.domain import (
    Actor,
    Aggregate,
    Command,
    DomainError,
    Event,
    FirstEvent,
    NotPermittedError,
    UnknownError,
    registered,
)
from shared.ids import derived_id, new_id
from shared.ledger.erasing import Erasing
from shared.ledger.erasure import Erasure, StillNeededError
from shared.ledger.handling import handles

if TYPE_CHECKING:
    from shared.ledger.application import Answer, TenantLedger

ASK = frozenset({"head", "deputy"})
APPROVE = ASK | {"department_safeguarding_lead"}
WALLED = "walled"
BY_TWO_WHO_LEAD = "ledger.destruction_is_by_two_who_lead"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Until when a matter is kept, by which rule (`<key>@<since>`, several joined by `+`)."""

    until: datetime
    rule: str


Retains = Callable[[Any, Any], Kept | None]
"""(aggregate, TenantLedger) -> until when it is kept; None where that is not known, as while it is open."""


class StillKeptError(DomainError):
    """Its time is not over, and no law was named for destroying it before; `until`, `rule`."""

    code = "ledger.still_kept"


class HoldStateError(DomainError):
    """There is a hold already, or there is none to lift."""

    code = "ledger.hold_state"


@registered
class Hold(Aggregate):
    """What keeps one matter whatever its time."""

    TOPIC = "ledger.hold"

    class Placed(FirstEvent):
        """Something is kept until the hold is lifted, and why: a court's order, a complaint."""

        TOPIC = "ledger.hold_placed"
        stream: UUID
        reason: str

    class PlacedAgain(Event):
        """And once more."""

        TOPIC = "ledger.hold_placed_again"
        reason: str

    class Lifted(Event):
        """Nothing holds it any more, and why."""

        TOPIC = "ledger.hold_lifted"
        reason: str

    @classmethod
    def place(cls, *, tenant: UUID, stream: UUID, reason: str, by: Actor, at: datetime) -> Hold:
        """The first hold of a matter."""
        return cls._begin(cls.Placed, id=hold_of(tenant, stream), by=by, at=at, stream=stream, reason=reason)

    def place_again(self, *, reason: str, by: Actor, at: datetime) -> None:
        """Raises HoldStateError where one stands."""
        if self.stands:
            raise HoldStateError(stands=True)
        self._record(self.PlacedAgain, by=by, at=at, reason=reason)

    def lift(self, *, reason: str, by: Actor, at: datetime) -> None:
        """Raises HoldStateError where none stands."""
        if not self.stands:
            raise HoldStateError(stands=False)
        self._record(self.Lifted, by=by, at=at, reason=reason)

    def _placed(self, event: Placed) -> None:
        self.stands = True

    def _placed_again(self, event: PlacedAgain) -> None:
        self.stands = True

    def _lifted(self, event: Lifted) -> None:
        self.stands = False


def hold_of(tenant: UUID, stream: UUID) -> UUID:
    """The stream of a matter's holds."""
    return derived_id(tenant, "hold", str(stream))


BY_TWO = (RequestDestruction, ApproveDestruction, PlaceHold, LiftHold)
"""What people ask of `Retaining`, which records each denial with its true rule."""


class Retaining(Erasing):
    """The part of an application that keeps, holds and destroys by the API."""

    record_read: Callable[..., None]
    retention: ClassVar[Mapping[type[Aggregate], Retains]] = {}

    def behind_walls(self, tenant: UUID, by: Actor) -> Collection[UUID]:
        """Which matters keep `by` away, as rows know it: those are not even loaded, so that time tells of none."""
        return ()

    def going_along(self, ledger: TenantLedger, stream: UUID) -> dict[str, list[str]]:
        """What of other services goes with a matter, by kind: nothing, unless the service says so."""
        return {}

    @handles(RequestDestruction)
    def request_destruction(self, command: RequestDestruction, ledger: TenantLedger) -> Answer:
        """Begins a destruction. Raises StillKeptError, StillNeededError, NothingToEraseError, UnknownError."""
        self._led_by(command, ASK)
        self._known_to(command, ledger, command.stream)
        found = self.destructible(ledger, command.stream, command.by)
        kept = self.kept_of(ledger, found)
        early = ledger.now() < kept.until
        if early and not command.basis:
            raise StillKeptError(until=kept.until.isoformat(), rule=kept.rule)
        erasure = Erasure.request(
            derived_id(command.command_id, "erasure"),
            [command.stream, *self.belonging_to(ledger, command.stream)],
            basis=command.basis or kept.rule,
            reason=command.reason,
            entered_by="",
            by=command.by,
            at=ledger.now(),
            kept_until=kept.until,
            rule=kept.rule,
            before_time=early,
            along=self.going_along(ledger, command.stream),
            walled=sorted(str(person) for person in getattr(found, "walled", ())),
        )
        return ledger.save(erasure, answer={"erasure": erasure.id})

    @handles(ApproveDestruction)
    def approve_destruction(self, command: ApproveDestruction, ledger: TenantLedger) -> Answer:
        """Another who leads agrees; nothing may have come in between: no reopening, no hold, no wall."""
        self._led_by(command, APPROVE)
        behind, erasure = self.behind_walls(ledger.tenant, command.by), ledger.find(Erasure, command.erasure)
        is_walled = erasure is not None and _keeps_away(ledger, erasure, command.by, behind)
        if erasure is None or is_walled:
            self._deny(command, [command.erasure], WALLED if is_walled else "unknown")
            raise UnknownError(what="erasure")
        self.kept(ledger, erasure.streams[0], command.by)
        erasure.approve(entered_by="", by=command.by, at=ledger.now())
        return ledger.save(erasure, answer={"erasure": erasure.id})

    @handles(DestroyAlong)
    def destroy_along(self, command: DestroyAlong, ledger: TenantLedger) -> Answer:
        """In the name of the two who decided; what is needed here still, or held, stays."""
        going: list[UUID] = []
        for stream in command.streams:
            found = ledger.find(Aggregate, stream)
            needed = self.erasable.get(type(found)) if found is not None else None
            if needed is not None and needed(found) is None and not self.is_held(ledger, stream):
                going += [stream, *self.belonging_to(ledger, stream)]
        if not going or ledger.find(Erasure, command.erasure):
            return ledger.save()
        asked, agreed = (Actor(id=f"person:{one}") for one in (command.requested_by, command.approved_by))
        facts: dict[str, Any] = {"entered_by": command.by.id, "at": ledger.now()}
        erasure = Erasure.request(
            command.erasure, going, basis=command.rule, reason="", rule=command.rule, by=asked, **facts
        )
        erasure.approve(by=agreed, **facts)
        return ledger.save(erasure, answer={"erasure": erasure.id})

    @handles(PlaceHold)
    def place_hold(self, command: PlaceHold, ledger: TenantLedger) -> Answer:
        """Keeps a matter, open or ended."""
        self._led_by(command, APPROVE)
        self._known_to(command, ledger, command.stream)
        facts: dict[str, Any] = {"reason": command.reason, "by": command.by, "at": ledger.now()}
        hold = ledger.find(Hold, hold_of(ledger.tenant, command.stream))
        if hold is None:
            hold = Hold.place(tenant=ledger.tenant, stream=command.stream, **facts)
        else:
            hold.place_again(**facts)
        return ledger.save(hold, answer={"stream": command.stream})

    @handles(LiftHold)
    def lift_hold(self, command: LiftHold, ledger: TenantLedger) -> Answer:
        """Whoever leads lifts it, with a reason."""
        self._led_by(command, APPROVE)
        self._known_to(command, ledger, command.stream)
        hold = ledger.find(Hold, hold_of(ledger.tenant, command.stream))
        if hold is None:
            raise HoldStateError(stands=False)
        hold.lift(reason=command.reason, by=command.by, at=ledger.now())
        return ledger.save(hold, answer={"stream": command.stream})

    def kept(self, ledger: TenantLedger, stream: UUID, by: Actor) -> Kept:
        """Until when a matter that may be destroyed is kept. Raises what `destructible` does."""
        return self.kept_of(ledger, self.destructible(ledger, stream, by))

    def kept_of(self, ledger: TenantLedger, found: Any) -> Kept:
        """Until when that is. Raises StillNeededError where it goes with its case, and not by itself."""
        kept = self.retention[type(found)](found, ledger)
        if kept is None:
            raise StillNeededError(stream=str(found.id), why="ledger.goes_with_its_case")
        return kept

    def destructible(self, ledger: TenantLedger, stream: UUID, by: Actor) -> Any:
        """A matter that has ended and that nothing holds. Raises StillNeededError."""
        found = self.matter(ledger, stream, by)
        needed = self.erasable.get(type(found))
        why = needed(found) if needed else None
        if why is None and self.is_held(ledger, stream):
            why = "ledger.on_hold"
        if why:
            raise StillNeededError(stream=str(stream), why=why)
        return found

    def is_held(self, ledger: TenantLedger, stream: UUID) -> bool:
        """Whether a hold stands."""
        hold = ledger.find(Hold, hold_of(ledger.tenant, stream))
        return hold is not None and hold.stands

    def matter(self, ledger: TenantLedger, stream: UUID, by: Actor) -> Any:
        """A matter that is kept by a rule, to somebody who is not walled off from it. Raises UnknownError."""
        found = ledger.find(Aggregate, stream)
        if found is None or type(found) not in self.retention or walls_off(found, by):
            raise UnknownError(what="matter")
        return found

    def _led_by(self, command: Command, roles: frozenset[str]) -> None:
        if not command.by.roles & roles or command.by.comes_by_grant:
            self._deny(command, [], BY_TWO_WHO_LEAD)
            raise NotPermittedError(rule=BY_TWO_WHO_LEAD)

    def _known_to(self, command: Command, ledger: TenantLedger, stream: UUID) -> None:
        """The matter is there, and keeps nobody away who asks: the access log alone has which of both is not so."""
        is_walled = stream in self.behind_walls(ledger.tenant, command.by)
        found = ledger.find(Aggregate, new_id() if is_walled else stream)
        is_walled = is_walled or (found is not None and walls_off(found, command.by))
        if is_walled or type(found) not in self.retention:
            self._deny(command, [stream], WALLED if is_walled else "unknown")
            raise UnknownError(what="matter")

    def _deny(self, command: Command, ids: Sequence[UUID], rule: str) -> None:
        self.record_read(command.tenant, command.by, type(command).__name__, ids, rule, allowed=False)


def walls_off(found: Any, by: Actor) -> bool:
    """Whether a matter keeps somebody away."""
    by_role = bool(by.roles & frozenset(getattr(found, "walled_roles", ())))
    walled = {str(person) for person in getattr(found, "walled", ())}
    return by_role or (by.person is not None and str(by.person) in walled)


def destructions(application: Any, tenant: UUID, by: Actor, *, streams: Sequence[UUID]) -> dict[str, list[Any]]:
    """What of `streams` is due for destruction, and what was asked for; nothing behind a wall.

    {"due": [{"stream", "kept_until", "rule"}], "held": [stream], "asked": [{"erasure", "stream", "state", "basis",
    "before_time", "kept_until", "requested_by", "approved_by", "complete_at"}]}
    """
    if not by.roles & APPROVE or by.comes_by_grant:
        application.record_read(tenant, by, "destructions", [], BY_TWO_WHO_LEAD, allowed=False)
        raise NotPermittedError(rule=BY_TWO_WHO_LEAD)
    ledger = application.for_tenant(tenant)
    due, held, walled = [], [], application.behind_walls(tenant, by)
    for stream in streams:
        if stream in walled:
            continue
        try:
            kept = application.kept(ledger, stream, by)
        except StillNeededError as needed:
            if needed.facts["why"] == "ledger.on_hold":
                held.append(stream)
            continue
        except DomainError:
            continue
        if kept.until <= ledger.now():
            due.append({"stream": stream, "kept_until": kept.until, "rule": kept.rule})
    asked = _asked(ledger, by, walled)
    ids = [row["stream"] for row in (*due, *asked)]
    application.record_read(tenant, by, "destructions", ids, BY_TWO_WHO_LEAD)
    return {"due": due, "held": held, "asked": asked}


def _keeps_away(ledger: TenantLedger, erasure: Erasure, by: Actor, behind: Collection[UUID]) -> bool:
    """Whether somebody was kept away from what is destroyed, when that was asked for or since."""
    known = str(by.person) in erasure.walled or erasure.streams[0] in behind
    return known or walls_off(ledger.find(Aggregate, erasure.streams[0]), by)


def _asked(ledger: TenantLedger, by: Actor, walled: Collection[UUID]) -> list[dict[str, Any]]:
    begun = ledger.recorder.select_notifications(1, 1_000_000, topics=[Erasure.Requested.TOPIC])
    erasures = [ledger.get(Erasure, one.stream) for one in begun]
    return [_erasure(one) for one in erasures if not _keeps_away(ledger, one, by, walled)]


def _erasure(erasure: Erasure) -> dict[str, Any]:
    return {
        "erasure": erasure.id,
        "stream": erasure.streams[0],
        "state": erasure.state.value,
        "basis": erasure.basis,
        "before_time": erasure.before_time,
        "kept_until": erasure.kept_until,
        "requested_by": erasure.requested_by,
        "approved_by": erasure.approved_by or None,
        "complete_at": erasure.complete_at,
    }


def years_after(moment: datetime, years: int) -> datetime:
    """The same day so many years later; 28 February for a leap day."""
    day = moment.date()
    try:
        then = day.replace(year=day.year + years)
    except ValueError:
        then = day.replace(year=day.year + years, day=28)
    return datetime.combine(then, moment.timetz())


def birthday(born: str, years: int) -> datetime:
    """The day on which somebody born on an ISO date turns so old."""
    return years_after(datetime.combine(date.fromisoformat(born), datetime.min.time(), tzinfo=UTC), years)
