"""The rules of referrals: each is a statement that holds, and raises its own refusal where it does not."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from services.referrals.domain.access import Decision
from services.referrals.domain.errors import (
    AgencyHasNoLinkError,
    AnotherAgencysReferralError,
    CaseClosedError,
    ClockNotRunOutError,
    FieldsNotAsShownError,
    LinkNotOpenError,
    NoWebhookError,
    ReferralAlreadyEndedError,
    ReferralAlreadyOpenError,
    StepOutOfOrderError,
    WebhookAddressRefusedError,
)
from services.referrals.domain.values import (
    ADMINISTRATOR,
    DUTY_OF_CLOCK,
    ENDED,
    HEAD,
    TRANSITIONS,
    Channel,
    Clock,
    State,
    Step,
)
from shared.domain import Actor, InvalidInputError, NotPermittedError, UnknownError

if TYPE_CHECKING:
    from services.referrals.domain.agency import Agency
    from services.referrals.domain.case_team import CaseTeam
    from services.referrals.domain.entry import DirectoryEntry
    from services.referrals.domain.link import Link
    from services.referrals.domain.referral import Deadline, Referral

WALLED = "walled"
_ADDRESS = re.compile(r"[!-~]+")


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


def agency_is_reached_by_link(agency: Agency) -> None:
    """Links are for agencies that have no account, no broker and no machine of their own."""
    if agency.channel is not Channel.LINK:
        raise AgencyHasNoLinkError(channel=agency.channel.value)


def link_leads_somewhere(link: Link, at: datetime) -> None:
    """A link is open until it was used up, revoked, or its time ran out."""
    if not link.leads_somewhere:
        raise LinkNotOpenError(reason=link.state.value)
    if at >= link.expires_at:
        raise LinkNotOpenError(reason="expired")


def entry_is_the_departments_own(agency: Agency, by: Actor, tenant: UUID) -> None:
    """The department that registered an agency keeps its entry (REF-02); another's is not there for it."""
    administrator_keeps_the_directory(by)
    if not department_registered(agency, tenant):
        raise UnknownError(what="agency")


def administrator_keeps_the_directory(by: Actor) -> None:
    """Nobody else says what an agency is, nor carries the directory out or in."""
    if ADMINISTRATOR not in by.roles:
        raise NotPermittedError(rule="only_the_administrator_keeps_the_directory")


def department_registered(agency: Agency, department: UUID) -> bool:
    """Whether it did, or none is known to have done so."""
    return agency.department in (None, department)


def webhook_is_set(entry: DirectoryEntry) -> None:
    """There is an address to send to."""
    if entry.webhook is None:
        raise NoWebhookError(agency=str(entry.agency))


def referral_was_requested(referral: Referral) -> None:
    """What is a draft still leaves the school by no way."""
    if referral.state is State.DRAFT:
        raise StepOutOfOrderError(
            step="hand_over_link", state=referral.state.value, allowed_from=[State.REQUESTED.value]
        )


def clock_ran_out(referral: Referral, clock: Clock) -> Deadline:
    """Only a silence that there is can be left."""
    if DUTY_OF_CLOCK[clock] not in referral.climbs:
        raise ClockNotRunOutError(clock=clock.value)
    return referral.deadlines[clock]


LONGEST_ADDRESS = 2000


def webhook_address_may_be_called(address: str, *, plain: bool = False) -> SplitResult:
    """An https address of a host, and nothing besides; where that leads is looked at when it is called. Its parts."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise WebhookAddressRefusedError(reason="not_an_address") from None
    if len(address) > LONGEST_ADDRESS or not parts.hostname or port == 0 or not _ADDRESS.fullmatch(address):
        raise WebhookAddressRefusedError(reason="not_an_address")
    if parts.scheme != "https" and not (plain and parts.scheme == "http"):
        raise WebhookAddressRefusedError(reason="not_https")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise WebhookAddressRefusedError(reason="more_than_an_address")
    return parts
