"""The register of papers (CON-06): which locked safes a school has, and who of the service keeps each."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from services.cases.domain import errors, rules
from services.cases.domain.values import Safe
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered
from shared.ids import derived_id


def paper_register_id(tenant: UUID) -> UUID:
    """Each school has one."""
    return derived_id(tenant, "cases.paper_register")


@registered
class PaperRegister(Aggregate):
    """Safes and their keepers; what lies in a safe of a case stands in the case, for its team alone."""

    TOPIC = "cases.paper_register"

    class Begun(FirstEvent):
        """The school's register of papers began."""

        TOPIC = "cases.paper_register_begun"

    class SafeSetUp(Event):
        """There is a locked safe, at a place (CON-06)."""

        TOPIC = "cases.safe_set_up"
        safe: UUID
        place: str

    class KeeperNamed(Event):
        """Whose duty the safe is from now on, once they take it over; until then nobody keeps it (CON-06)."""

        TOPIC = "cases.safe_keeper_named"
        safe: UUID
        keeper: UUID
        reason: str

    class SafeTakenOver(Event):
        """The keeper has the key, and answers for what is in it (CON-06)."""

        TOPIC = "cases.safe_taken_over"
        safe: UUID
        keeper: UUID

    @classmethod
    def begin(cls, *, tenant: UUID, by: Actor, at: datetime) -> Self:
        """The register of a school that has none yet."""
        return cls._begin(cls.Begun, id=paper_register_id(tenant), by=by, at=at)

    def set_up_safe(self, *, safe: UUID, place: str, keeper: UUID, by: Actor, at: datetime) -> None:
        """The head or the deputy says where a safe is, and whose duty it is."""
        rules.head_acts(by, "CON-06")
        self._record(self.SafeSetUp, by=by, at=at, safe=safe, place=place)
        self._record(self.KeeperNamed, by=by, at=at, safe=safe, keeper=keeper, reason="set_up")

    def name_keeper(self, *, safe: UUID, keeper: UUID, reason: str, by: Actor, at: datetime) -> None:
        """The head or the deputy gives the duty to another."""
        rules.head_acts(by, "CON-06")
        self._known(safe)
        self._record(self.KeeperNamed, by=by, at=at, safe=safe, keeper=keeper, reason=reason)

    def take_over_safe(self, *, safe: UUID, by: Actor, at: datetime) -> None:
        """Whoever was named takes the key, as one of the service; twice is harmless."""
        rules.service_acts(by, "CON-06")
        known = self._known(safe)
        rules.keeper_was_named(known, by)
        if not known.taken_over:
            self._record(self.SafeTakenOver, by=by, at=at, safe=safe, keeper=by.person)

    def keeper_of(self, safe: UUID) -> UUID:
        """Who answers for a safe; raises NoSuchSafeError, SafeWithoutKeeperError."""
        known = self._known(safe)
        rules.safe_is_kept(safe, known)
        return known.keeper

    def _known(self, safe: UUID) -> Safe:
        if safe not in self.safes:
            raise errors.NoSuchSafeError(safe=str(safe))
        return self.safes[safe]

    def _begun(self, event: Begun) -> None:
        self.safes: dict[UUID, Safe] = {}
        self.places: dict[UUID, str] = {}

    def _safe_set_up(self, event: SafeSetUp) -> None:
        self.places[event.safe] = event.place

    def _keeper_named(self, event: KeeperNamed) -> None:
        self.safes[event.safe] = Safe(event.keeper)

    def _safe_taken_over(self, event: SafeTakenOver) -> None:
        self.safes[event.safe] = Safe(event.keeper, taken_over=True)
