"""Which policy answers which public event."""

from __future__ import annotations

from collections.abc import Sequence

from services.accounts import policies, schemas
from shared.policy import Reaction

_OF_DEPARTMENT = tuple(
    Reaction(
        listens_to=type_,
        reader=schemas.read_department_changed,
        policy=policies.when_department_changed_carry_change,
    )
    for type_ in ("accounts.department_policy_changed.v1", "accounts.department_day_changed.v1")
)

REACTIONS: Sequence[Reaction] = (
    *_OF_DEPARTMENT,
    Reaction(
        listens_to="cases.interagency_seat_offered.v1",
        reader=schemas.read_seat_offered,
        policy=policies.when_interagency_seat_offered_ask_grant,
    ),
    Reaction(
        listens_to="cases.interagency_seat_ended.v1",
        reader=schemas.read_seat_ended,
        policy=policies.when_interagency_seat_ended_end_grant,
    ),
    Reaction(
        listens_to="cases.case_closed.v1",
        reader=schemas.read_case_closed,
        policy=policies.when_case_closed_end_grants,
    ),
    Reaction(
        listens_to="cases.report_linked.v1",
        reader=schemas.read_report_linked,
        policy=policies.when_person_walled_off_keep_away,
    ),
    Reaction(
        listens_to="cases.person_walled_off.v1",
        reader=schemas.read_person_walled_off,
        policy=policies.when_person_walled_off_keep_away,
    ),
)
