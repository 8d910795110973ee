"""When another service's event is heard, what we do about it; pure."""

from __future__ import annotations

from collections.abc import Sequence

from services.monitoring.commands import HearOfMatter, OpenJournal, ProposeEntry
from services.monitoring.incoming import MatterHeardOf, ProblemBehaviourReported, SchoolRegistered
from shared.domain import Command
from shared.policy import Heard


def when_problem_behaviour_reported_propose_entry(event: ProblemBehaviourReported, heard: Heard) -> Sequence[Command]:
    """Problem behaviour goes to the risk group's desk and is not dropped (REP-01, SSS-06)."""
    name = "when_problem_behaviour_reported_propose_entry"
    return [
        ProposeEntry(
            tenant=heard.tenant,
            command_id=heard.command_id(name),
            by=heard.actor(name),
            cause=heard.id,
            report=event.report,
            walled=tuple(event.walled),
            walled_roles=tuple(event.walled_roles),
        )
    ]


def when_school_registered_open_journal(event: SchoolRegistered, heard: Heard) -> Sequence[Command]:
    """Every school assesses risks regularly, from its first day on (RSK-06)."""
    name = "when_school_registered_open_journal"
    by, command_id = heard.actor(name), heard.command_id(name)
    return [OpenJournal(tenant=heard.tenant, command_id=command_id, by=by, cause=heard.id)]


def when_matter_heard_of_hear_of_matter(event: MatterHeardOf, heard: Heard) -> Sequence[Command]:
    """Whom a report or a case keeps away sees no entry that came of it (REP-02)."""
    name = "when_matter_heard_of_hear_of_matter"
    return [
        HearOfMatter(
            tenant=heard.tenant,
            command_id=heard.command_id(name),
            by=heard.actor(name),
            cause=heard.id,
            matter=event.matter,
            persons=tuple(event.walled),
            roles=None if event.walled_roles is None else tuple(event.walled_roles),
        )
    ]
