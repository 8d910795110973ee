"""Settings in, running parts out: the only place of this service that wires."""

from __future__ import annotations

from pathlib import Path

from services.accounts.application import AccountsApplication
from services.accounts.projections import PROJECTIONS
from services.accounts.read_models import metadata
from services.accounts.service import AccountsService
from shared.ledger.application import LedgerParts
from shared.regulation import RuleBook
from shared.runners.parts import ServiceParts

REGULATIONS = Path(__file__).parent / "regulations"


def build(parts: LedgerParts) -> AccountsApplication:
    """The application on an opened ledger; it signs tokens with the service's own key."""
    return AccountsApplication(parts, RuleBook.load(REGULATIONS))


SERVICE = ServiceParts(
    name="accounts",
    build=build,
    door=AccountsService,
    listens_to=("accounts", "cases"),
    metadata=metadata,
    duties={},
    projections=PROJECTIONS,
)
