"""How every handler and query comes to what it is about: found in the tenant, open to the caller, denials recorded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from sqlalchemy import Select

from services.monitoring.application.walls import wall_before_entry
from services.monitoring.domain import access
from services.monitoring.domain.access import Act, Around, Decision
from services.monitoring.domain.group_entry import GroupEntry
from services.monitoring.domain.matter_walls import MatterWalls, walls_of
from shared.domain import Actor, Aggregate, Command, NotPermittedError, UnknownError
from shared.ids import new_id
from shared.ledger.application import TenantLedger
from shared.tenancy import InTenancy

A = TypeVar("A", bound=Aggregate)


class Seeing(InTenancy):
    """Base of the handlers of this service."""

    def require(self, decision: Decision, tenant: UUID, by: Actor, what: str, ids: Sequence[UUID] = ()) -> str:
        """The rule that allows it; records a denial with its true rule."""
        if not decision.allowed:
            self.deny(decision, tenant, by, what, ids)
        return decision.rule

    def deny(self, decision: Decision, tenant: UUID, by: Actor, what: str, ids: Sequence[UUID]) -> NoReturn:
        """Records a denial with its true rule, and raises what the caller is told."""
        self.record_read(tenant, by, what, ids, decision.rule, allowed=False)
        if decision.hidden:
            raise UnknownError(what=what)
        raise NotPermittedError(rule=decision.rule)

    def known(self, ledger: TenantLedger, kind: type[A], id: UUID, what: str, by: Actor) -> A:
        """The aggregate of that id; records that somebody tried one that there is not. Raises UnknownError."""
        found = ledger.find(kind, id)
        if found is None:
            self.record_read(ledger.tenant, by, what, [id], "monitoring.unknown", allowed=False)
            raise UnknownError(what=what)
        return found

    # ---- what the service organises

    def organises(self, ledger: TenantLedger, by: Actor, what: str) -> None:
        """Prevention of the school is the service's work. Raises NotPermittedError."""
        self.require(access.may_organise(by), ledger.tenant, by, what)

    def organised(self, ledger: TenantLedger, kind: type[A], id: UUID, what: str, command: Command) -> A:
        """What a member of the service changes."""
        self.organises(ledger, command.by, what)
        found = self.known(ledger, kind, id, what, command.by)
        found.expects(command.expected_version)
        return found

    # ---- the risk group

    def entry(self, ledger: TenantLedger, id: UUID, act: Act, by: Actor, version: int | None = None) -> GroupEntry:
        """The entry, where `by` may do `act` with it."""
        entry, _ = self.entry_and_rule(ledger, id, act, by)
        entry.expects(version)
        return entry

    def entry_and_rule(self, ledger: TenantLedger, id: UUID, act: Act, by: Actor) -> tuple[GroupEntry, str]:
        """The same with the rule that allows it.

        A walled one costs what one that there is not costs, so that time does not tell them apart. The rows of walls
        may be late by moments; what decides is the entry, by `access`.
        """
        self.stand_before_no_wall(ledger, by, GroupEntry, id, wall_before_entry(ledger.tenant, id, by))
        entry = self.known(ledger, GroupEntry, id, "entry", by)
        decision = access.decide(act, entry, by, self.around(ledger, entry))
        return entry, self.require(decision, ledger.tenant, by, "entry", [id])

    def stand_before_no_wall(
        self, ledger: TenantLedger, by: Actor, kind: type[Aggregate], id: UUID, question: Select[Any]
    ) -> None:
        """Refuses where the read model knows of a wall, at the cost of an id of nothing (CON-08)."""
        with self.read(ledger.tenant) as connection:
            is_walled = bool(connection.scalar(question))
        if is_walled:
            ledger.find(kind, new_id())
            self.deny(access.BEHIND_A_WALL, ledger.tenant, by, "entry", [id])

    def around(self, ledger: TenantLedger, entry: GroupEntry) -> Around:
        """The roles that the policy names, and whom the matters of an entry keep away."""
        heard = self._walls(ledger, entry.matters)
        return Around(
            roles=self.group_roles(ledger),
            walled=frozenset().union(*(one.walled for one in heard)),
            walled_roles=frozenset().union(*(one.walled_roles for one in heard)),
        )

    def walled_from(self, ledger: TenantLedger, matters: Collection[UUID]) -> frozenset[UUID]:
        """Whom reports and cases keep away by name, as far as heard."""
        return frozenset().union(*(one.walled for one in self._walls(ledger, matters)))

    def _walls(self, ledger: TenantLedger, matters: Collection[UUID]) -> list[MatterWalls]:
        heard = (ledger.find(MatterWalls, walls_of(matter)) for matter in matters)
        return [one for one in heard if one is not None]

    def group_roles(self, ledger: TenantLedger) -> frozenset[str]:
        """The roles of the service whose work the risk group is."""
        return frozenset(ledger.book.at("monitoring.risk_group_roles", ledger.now()).value)
