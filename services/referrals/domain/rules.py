"""The rules of referrals: each is a statement that holds, and raises its own refusal where it does not."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from services.referrals.domain.access import Decision
from services.referrals.domain.errors import (
    AnotherAgencysReferralError,
    CaseClosedError,
    FieldsNotAsShownError,
    ReferralAlreadyEndedError,
    ReferralAlreadyOpenError,
    StepOutOfOrderError,
)
from services.referrals.domain.values import ENDED, HEAD, TRANSITIONS, State, Step
from shared.domain import Actor, InvalidInputError, NotPermittedError, UnknownError

if TYPE_CHECKING:
    from services.referrals.domain.case_team import CaseTeam
    from services.referrals.domain.referral import Referral

WALLED = "walled"


def caller_is_allowed(decision: Decision, what: str) -> None:
    """A walled caller learns nothing, not even that there is such a thing; any other denial names its rule."""
    if decision.allowed:
        return
    if decision.rule == WALLED:
        raise UnknownError(what=what)
    raise NotPermittedError(rule=decision.rule)


def step_fits_the_state(state: State, step: Step) -> None:
    """Each step has the states that it may be taken from (FHIR Task's order)."""
    if state in TRANSITIONS[step].states:
        return
    if state in ENDED:
        raise ReferralAlreadyEndedError(state=state.value)
    raise StepOutOfOrderError(
        step=step.value, state=state.value, allowed_from=sorted(s.value for s in TRANSITIONS[step].states)
    )


def approver_is_not_the_drafter(referral: Referral, by: Actor) -> None:
    """Four eyes: who drafted does not approve, save the head, who answers for both (REF-03)."""
    if by.id == referral.drafted_by and HEAD not in by.roles:
        raise NotPermittedError(rule="approver_is_not_the_drafter")


def approval_names_the_fields_that_leave(drafted: Collection[str], approved: Collection[str]) -> None:
    """The approver saw exactly what goes out: no field more, none less (REF-03)."""
    missing, extra = set(drafted) - set(approved), set(approved) - set(drafted)
    if missing or extra:
        raise FieldsNotAsShownError(missing=sorted(missing), extra=sorted(extra))


def case_is_open(team: CaseTeam) -> None:
    """Nothing new is asked of anybody for a closed case."""
    if team.closed:
        raise CaseClosedError(case=str(team.id))


def no_other_referral_is_open(team: CaseTeam, agency: UUID) -> None:
    """One open referral for an agency and a case: the second is refused and the first named."""
    first = team.open_referrals.get(str(agency))
    if first is not None:
        raise ReferralAlreadyOpenError(referral=str(first), agency=str(agency))


def answer_is_the_agencys_own(referral: Referral, agency: UUID) -> None:
    """An agency answers for what it was asked, and for nothing else (REF-04)."""
    if agency != referral.agency:
        raise AnotherAgencysReferralError


def code_is_on_the_list(field: str, code: str, codes: Collection[str]) -> None:
    """Outcomes and reasons come from the lists in the regulations."""
    if code not in codes:
        raise InvalidInputError({field: ["unknown_choice"]})
