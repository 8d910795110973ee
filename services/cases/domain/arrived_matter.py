"""What another school released of a child's case, as a matter of this school's own, under its own keys (CON-08)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.errors import BehindAWallError
from services.cases.domain.values import Role
from shared.domain import Actor, Aggregate, Event, FirstEvent, NotPermittedError, registered
from shared.ids import derived_id


def matter_of(transfer: UUID) -> UUID:
    """The stream at the receiving school."""
    return derived_id(transfer, "arrived_matter")


@registered
class ArrivedMatter(Aggregate):
    """Until it is accepted it says from where and which parts, nothing of them. It keeps away whom the case does."""

    TOPIC = "cases.arrived_matter"

    class Offered(FirstEvent):
        """A school released parts of a case to this one."""

        TOPIC = "cases.matter_offered"
        transfer: UUID
        school: UUID
        case: UUID
        parts: list[str]
        walled: list[str]

    class Accepted(Event):
        """The head took it: from here on its content is this school's own."""

        TOPIC = "cases.matter_accepted"
        transfer: UUID
        school: UUID
        case: UUID
        content: dict[str, Any]
        walled: list[str]

    class Declined(Event):
        """The head did not, and says why; nothing came."""

        TOPIC = "cases.matter_declined"
        transfer: UUID
        school: UUID
        case: UUID
        reason: str

    class WalledOff(Event):
        """The case keeps somebody else away since then: so does what came of it (REP-02)."""

        TOPIC = "cases.matter_walled_off"
        transfer: UUID
        school: UUID
        case: UUID
        walled: list[str]

    @classmethod
    def offer(
        cls,
        *,
        transfer: UUID,
        school: UUID,
        case: UUID,
        parts: Collection[str],
        walled: Collection[UUID],
        by: Actor,
        at: datetime,
    ) -> Self:
        """By policy, with the walls of the case."""
        rules.system_acts(by)
        return cls._begin(
            cls.Offered,
            id=matter_of(transfer),
            by=by,
            at=at,
            transfer=transfer,
            school=school,
            case=case,
            parts=sorted(parts),
            walled=sorted(map(str, walled)),
        )

    def accept(self, *, content: Mapping[str, Any], walled: Collection[UUID], by: Actor, at: datetime) -> None:
        """Takes what was released; who was walled off since the offer is kept away, too."""
        rules.matter_is_not_answered(self)
        walls = sorted(map(str, self.walled | set(walled)))
        self._record(self.Accepted, by=by, at=at, **self._whence(), content=dict(content), walled=walls)

    def decline(self, *, reason: str, by: Actor, at: datetime) -> None:
        """Takes nothing."""
        rules.matter_is_not_answered(self)
        self._record(self.Declined, by=by, at=at, **self._whence(), reason=reason)

    def wall_off(self, *, walled: Collection[UUID], by: Actor, at: datetime) -> None:
        """By policy; each once, and nobody where nothing came."""
        rules.system_acts(by)
        new = sorted(map(str, set(walled) - self.walled))
        if new and self.state != "declined":
            self._record(self.WalledOff, by=by, at=at, **self._whence(), walled=new)

    def may_decide(self, by: Actor, heads: Collection[UUID]) -> str:
        """The head; the deputy where every head of the school is walled off. Gives the rule, or refuses."""
        if by.person is not None and by.person in self.walled:
            raise BehindAWallError
        if Role.HEAD in by.roles and not by.comes_by_grant:
            return "head"
        if Role.DEPUTY in by.roles and heads and set(heads) <= self.walled:
            return "deputy_stands_in"
        raise NotPermittedError(rule="CON-08")

    def _whence(self) -> dict[str, UUID]:
        return {"transfer": self.transfer, "school": self.school, "case": self.case}

    def _offered(self, event: Offered) -> None:
        self.transfer, self.school, self.case = event.transfer, event.school, event.case
        self.parts, self.walled = event.parts, frozenset(map(UUID, event.walled))
        self.state = "offered"

    def _accepted(self, event: Accepted) -> None:
        self.state, self.walled = "accepted", frozenset(map(UUID, event.walled))

    def _walled_off(self, event: WalledOff) -> None:
        self.walled |= frozenset(map(UUID, event.walled))

    def _declined(self, event: Declined) -> None:
        self.state = "declined"
