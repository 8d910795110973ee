"""A seat that a school offers to an agency, in the agency's tenant: where the grant stands, and no more (REF-05)."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from shared.domain import Actor, Aggregate, FirstEvent, registered


@registered
class GrantOffer(Aggregate):
    """The way from the agency to the school's grant; its stream's id is the grant's."""

    TOPIC = "accounts.grant_offer"

    class Offered(FirstEvent):
        TOPIC = "accounts.grant_offered"
        school: UUID
        matter: UUID

    @classmethod
    def offer(cls, *, id: UUID, school: UUID, matter: UUID, by: Actor, at: datetime) -> Self:
        """An offer to the agency whose tenant it stands in."""
        return cls._begin(cls.Offered, id=id, by=by, at=at, school=school, matter=matter)

    def _offered(self, event: Offered) -> None:
        self.school, self.matter = event.school, event.matter
