"""The risk group as rows: which entries there are, and whom each is kept from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.monitoring.domain.group_entry import GroupEntry
from services.monitoring.domain.matter_walls import MatterWalls
from services.monitoring.domain.values import EntryState
from services.monitoring.projections.rows import change, drop, put
from services.monitoring.read_models import (
    group_entries,
    matters_of_entries,
    roles_walled_from_matters,
    walled_from_entries,
    walled_from_matters,
    workers_of_entries,
)


def proposed(connection: Connection, tenant: UUID, event: GroupEntry.Proposed) -> None:
    """A row of which only the report is known."""
    put(
        connection,
        group_entries,
        tenant,
        {"entry": event.originator_id},
        state=EntryState.PROPOSED.value,
        report=event.report,
        begun_at=event.timestamp,
        due_at=event.decide_by,
        names_the_service=bool(event.walled or event.walled_roles),
    )
    put(connection, matters_of_entries, tenant, {"entry": event.originator_id, "matter": event.report})
    for whom in [*map(str, event.walled), *(f"role:{role}" for role in event.walled_roles)]:
        _wall(connection, tenant, event.originator_id, whom)


def entered(connection: Connection, tenant: UUID, event: GroupEntry.Entered) -> None:
    """A child in the group."""
    put(
        connection,
        group_entries,
        tenant,
        {"entry": event.originator_id},
        state=EntryState.IN_GROUP.value,
        begun_at=event.timestamp,
        names_the_service=False,
    )
    _taken_in(connection, tenant, event)


def proposal_accepted(connection: Connection, tenant: UUID, event: GroupEntry.ProposalAccepted) -> None:
    """The child of a proposal."""
    _taken_in(connection, tenant, event)


def _taken_in(connection: Connection, tenant: UUID, event: Any) -> None:
    entry = event.originator_id
    known = {"level": event.level, "category": event.category, "due_at": event.review_by}
    change(connection, group_entries, tenant, {"entry": entry}, state=EntryState.IN_GROUP.value, **known)
    for matter in event.matters:
        put(connection, matters_of_entries, tenant, {"entry": entry, "matter": matter})
    for person in event.walled:
        _wall(connection, tenant, entry, str(person))
    for index, one in enumerate(event.named):
        if one["role"] is not None and one["person"] is None:
            _wall(connection, tenant, entry, f"role:{one['role']}", str(index))
    if event.walled or event.walled_roles:
        change(connection, group_entries, tenant, {"entry": entry}, names_the_service=True)


def person_walled_off(connection: Connection, tenant: UUID, event: GroupEntry.PersonWalledOff) -> None:
    """One more is kept away; a role is free again when it is known who of its holders it is."""
    entry = event.originator_id
    if event.named is not None:
        drop(connection, walled_from_entries, tenant, {"entry": entry, "named": str(event.named)})
    _wall(connection, tenant, entry, str(event.person))
    drop(connection, workers_of_entries, tenant, {"entry": entry, "person": event.person})
    change(connection, group_entries, tenant, {"entry": entry}, names_the_service=True)


def worker_involved(connection: Connection, tenant: UUID, event: GroupEntry.WorkerInvolved) -> None:
    """May know of the entry."""
    put(connection, workers_of_entries, tenant, {"entry": event.originator_id, "person": event.person})


def worker_released(connection: Connection, tenant: UUID, event: GroupEntry.WorkerReleased) -> None:
    """May no longer."""
    drop(connection, workers_of_entries, tenant, {"entry": event.originator_id, "person": event.person})


def measure_added(connection: Connection, tenant: UUID, event: GroupEntry.MeasureAdded) -> None:
    """Its owner works with the child."""
    put(connection, workers_of_entries, tenant, {"entry": event.originator_id, "person": event.owner})


def behaviour_noted(connection: Connection, tenant: UUID, event: GroupEntry.BehaviourNoted) -> None:
    """How behaviour had changed last."""
    change(connection, group_entries, tenant, {"entry": event.originator_id}, change=event.change)


def reviewed(connection: Connection, tenant: UUID, event: GroupEntry.Reviewed) -> None:
    """The same, and when the next review is due."""
    known = {"change": event.change, "due_at": event.review_by}
    change(connection, group_entries, tenant, {"entry": event.originator_id}, **known)


def left(connection: Connection, tenant: UUID, event: GroupEntry.Left) -> None:
    """In the group no longer."""
    known = {"state": EntryState.LEFT.value, "due_at": None}
    change(connection, group_entries, tenant, {"entry": event.originator_id}, **known)


def proposal_declined(connection: Connection, tenant: UUID, event: GroupEntry.ProposalDeclined) -> None:
    """Never was."""
    known = {"state": EntryState.DECLINED.value, "due_at": None}
    change(connection, group_entries, tenant, {"entry": event.originator_id}, **known)


def walled_off_from_matter(connection: Connection, tenant: UUID, event: MatterWalls.PersonWalledOff) -> None:
    """Kept away from every entry that came of the matter."""
    put(connection, walled_from_matters, tenant, {"matter": event.matter, "person": event.person})


def roles_walled_off_from_matter(connection: Connection, tenant: UUID, event: MatterWalls.RolesWalledOff) -> None:
    """Kept away from now on are these roles and no others."""
    drop(connection, roles_walled_from_matters, tenant, {"matter": event.matter})
    for role in event.roles:
        put(connection, roles_walled_from_matters, tenant, {"matter": event.matter, "role": role})


def _wall(connection: Connection, tenant: UUID, entry: UUID, whom: str, named: str = "") -> None:
    put(connection, walled_from_entries, tenant, {"entry": entry, "whom": whom, "named": named})


PROJECTIONS: Mapping[str, Callable[[Connection, UUID, Any], None]] = {
    GroupEntry.Proposed.TOPIC: proposed,
    GroupEntry.Entered.TOPIC: entered,
    GroupEntry.ProposalAccepted.TOPIC: proposal_accepted,
    GroupEntry.ProposalDeclined.TOPIC: proposal_declined,
    GroupEntry.PersonWalledOff.TOPIC: person_walled_off,
    GroupEntry.WorkerInvolved.TOPIC: worker_involved,
    GroupEntry.WorkerReleased.TOPIC: worker_released,
    GroupEntry.MeasureAdded.TOPIC: measure_added,
    GroupEntry.BehaviourNoted.TOPIC: behaviour_noted,
    GroupEntry.Reviewed.TOPIC: reviewed,
    GroupEntry.Left.TOPIC: left,
    MatterWalls.PersonWalledOff.TOPIC: walled_off_from_matter,
    MatterWalls.RolesWalledOff.TOPIC: roles_walled_off_from_matter,
}
