"""Which policy answers which public event."""

from __future__ import annotations

from collections.abc import Sequence

from services.reports import policies, schemas
from shared.policy import Reaction
from shared.tenancy import tenancy_reactions

REACTIONS: Sequence[Reaction] = (
    Reaction(
        listens_to="cases.case_opened.v1",
        reader=schemas.read_case_opened,
        policy=policies.when_case_opened_link_case,
    ),
    Reaction(
        listens_to="cases.case_opened.v1",
        reader=schemas.read_case_opened,
        policy=policies.when_case_walled_wall_off_from_case,
    ),
    Reaction(
        listens_to="cases.report_linked.v1",
        reader=schemas.read_report_linked,
        policy=policies.when_case_walled_wall_off_from_case,
    ),
    Reaction(
        listens_to="cases.person_walled_off.v1",
        reader=schemas.read_person_walled_off,
        policy=policies.when_case_walled_wall_off_from_case,
    ),
    Reaction(
        listens_to="cases.team_member_joined.v1",
        reader=schemas.read_team_member_joined,
        policy=policies.when_team_member_joined_join_case_team,
    ),
    Reaction(
        listens_to="cases.team_member_left.v1",
        reader=schemas.read_team_member_left,
        policy=policies.when_team_member_left_leave_case_team,
    ),
    Reaction(
        listens_to="cases.destruction_approved.v1",
        reader=schemas.read_destruction_approved,
        policy=policies.when_destruction_approved_destroy_along,
    ),
    *tenancy_reactions("reports"),
)
