"""Which policy answers which public event."""

from __future__ import annotations

from collections.abc import Sequence

from services.monitoring import policies, schemas
from shared.policy import Reaction
from shared.tenancy import tenancy_reactions

_MATTERS = {
    "reports.report_received.v1": schemas.read_report_received,
    "reports.person_walled_off.v1": schemas.read_walled_off_from_report,
    "cases.case_opened.v1": schemas.read_case_walled,
    "cases.report_linked.v1": schemas.read_case_walled,
    "cases.person_walled_off.v1": schemas.read_walled_off_from_case,
}

REACTIONS: Sequence[Reaction] = (
    Reaction(
        listens_to="reports.problem_behaviour_reported.v1",
        reader=schemas.read_problem_behaviour_reported,
        policy=policies.when_problem_behaviour_reported_propose_entry,
    ),
    *(
        Reaction(listens_to=type_, reader=reader, policy=policies.when_matter_heard_of_hear_of_matter)
        for type_, reader in _MATTERS.items()
    ),
    Reaction(
        listens_to="accounts.school_registered.v1",
        reader=schemas.read_school_registered,
        policy=policies.when_school_registered_open_journal,
    ),
    *tenancy_reactions("monitoring"),
)
