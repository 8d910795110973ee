"""When the department changed something, every school follows; when cases tell of seats, grants follow; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.accounts import commands, incoming
from shared.domain import Command
from shared.policy import Heard


def when_department_changed_carry_change(event: incoming.DepartmentChanged, heard: Heard) -> Sequence[Command]:
    """Carried by a reaction, so that it goes on where it was broken off."""
    name = "when_department_changed_carry_change"
    return [
        commands.CarryChange(
            tenant=heard.tenant,
            command_id=heard.command_id(name),
            by=heard.actor(name),
            cause=heard.id,
            change=event.change,
        )
    ]


def when_interagency_seat_offered_ask_grant(event: incoming.SeatOffered, heard: Heard) -> Sequence[Command]:
    """The school's head offered a seat: the agency is asked for a person."""
    return [
        commands.AskGrant(
            grant=event.seat,
            agency=event.agency,
            rights=tuple(event.rights),
            ends_at=event.ends_at,
            walled=tuple(event.walled),
            **_told("when_interagency_seat_offered_ask_grant", event, heard),
        )
    ]


def when_interagency_seat_ended_end_grant(event: incoming.SeatEnded, heard: Heard) -> Sequence[Command]:
    """A seat that is gone opens nothing."""
    told = _told("when_interagency_seat_ended_end_grant", event, heard)
    return [commands.EndGrant(grant=event.seat, reason=event.reason, **told)]


def when_case_closed_end_grants(event: incoming.CaseClosed, heard: Heard) -> Sequence[Command]:
    """With the case end all its grants."""
    return [commands.EndGrantsOfMatter(**_told("when_case_closed_end_grants", event, heard))]


def when_person_walled_off_keep_away(event: incoming.PeopleWalledOff, heard: Heard) -> Sequence[Command]:
    """Whom the case keeps away, its grants keep away (REP-02)."""
    told = _told("when_person_walled_off_keep_away", event, heard)
    return [commands.KeepAwayFromGrants(people=tuple(event.walled), **told)] if event.walled else []


def _told(policy: str, event: incoming.CaseTold, heard: Heard) -> dict[str, Any]:
    return {
        "matter": event.matter,
        "tenant": heard.tenant,
        "command_id": heard.command_id(policy),
        "by": heard.actor(policy),
        "cause": heard.id,
    }
