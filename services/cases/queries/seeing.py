"""How every query comes to what it may show: decided, recorded, then answered."""

from __future__ import annotations

from uuid import UUID

from services.cases.application import CasesApplication
from services.cases.application.walls import walls_before
from services.cases.domain import access
from services.cases.domain.case import Case
from services.cases.domain.errors import rule_of
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ledger.application import TenantLedger


def see_case(application: CasesApplication, ledger: TenantLedger, by: Actor, case: UUID, what: str) -> Case:
    """The case, if the caller may see it; the read, or the denial with its true rule, is in the access log by then."""
    try:
        found = application.case_of(ledger, case, by)
        rule = access.may_see(found, by, ledger.now())
    except (UnknownError, NotPermittedError) as denied:
        application.record_read(ledger.tenant, by, what, [case], rule_of(denied), allowed=False)
        raise
    application.record_read(ledger.tenant, by, what, [case], rule)
    return found


def is_walled_anywhere(application: CasesApplication, tenant: UUID, by: Actor) -> bool:
    """Whether some case of the school walls the caller off: such a person sees no register numbers of it (CON-08)."""
    if by.person is None:
        return False
    with application.read(tenant) as connection:
        return connection.execute(walls_before(tenant, by).limit(1)).first() is not None
