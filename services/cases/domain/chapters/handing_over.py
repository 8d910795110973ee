"""Material is handed over, and deleted by whoever collected it: computer, recycle bin, e-mail (CON-04)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from services.cases.domain.values import Deletion
from shared.domain import Actor, Event


class HandingOver(Chapter):
    """Whoever hands over says of each place that nothing is left there; nobody can say it for another."""

    class MaterialHandedOver(Event):
        """`person` gave what the inquiry needs to `to`, and what became of the rest in each place (CON-04)."""

        TOPIC = "cases.material_handed_over"
        person: UUID
        to: UUID
        material: str
        computer: str
        recycle_bin: str
        email: str

    def hand_over_material(
        self,
        *,
        to: UUID,
        material: str,
        computer: Deletion,
        recycle_bin: Deletion,
        email: Deletion,
        by: Actor,
        at: datetime,
    ) -> None:
        """A member hands over to another, and confirms each place; also once the case is closed, as often as needed."""
        rules.person_is_on_the_team(self, by.person)
        rules.person_is_on_the_team(self, to)
        rules.material_goes_to_another(by, to)
        self._record(
            self.MaterialHandedOver,
            by=by,
            at=at,
            person=by.person,
            to=to,
            material=material,
            computer=computer.value,
            recycle_bin=recycle_bin.value,
            email=email.value,
        )

    def _material_handed_over(self, event: MaterialHandedOver) -> None:
        self.handed_over.add(event.person)
