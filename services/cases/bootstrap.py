"""The only place that wires: regulations in, running parts out."""

from __future__ import annotations

from pathlib import Path

from services.cases.application import CasesApplication
from services.cases.duties import DUTIES
from services.cases.projections import PROJECTIONS
from services.cases.read_models import metadata
from services.cases.service import CasesService
from shared.ledger.application import LedgerParts
from shared.regulation import RuleBook
from shared.runners.parts import ServiceParts

REGULATIONS = Path(__file__).parent / "regulations"
DOOR = CasesService
READ_METADATA = metadata


def build(parts: LedgerParts) -> CasesApplication:
    """The application over an opened database."""
    return CasesApplication(parts, RuleBook.load(REGULATIONS))


SERVICE = ServiceParts(
    name="cases",
    build=build,
    door=DOOR,
    listens_to=("accounts", "reports", "cases", "referrals"),
    metadata=READ_METADATA,
    duties=DUTIES,
    projections=PROJECTIONS,
)
