"""Settings in, running parts out: the only place of this service that wires."""

from __future__ import annotations

from pathlib import Path

from services.reports.application import ReportsApplication
from services.reports.duties import DUTIES
from services.reports.projections import PROJECTIONS
from services.reports.read_models import metadata
from services.reports.service import ReportsService
from shared.ledger.application import LedgerParts
from shared.regulation import RuleBook
from shared.runners.parts import ServiceParts

REGULATIONS = Path(__file__).parent / "regulations"


def build(parts: LedgerParts) -> ReportsApplication:
    """The application on an opened ledger."""
    return ReportsApplication(parts, RuleBook.load(REGULATIONS))


SERVICE = ServiceParts(
    name="reports",
    build=build,
    door=ReportsService,
    listens_to=("accounts", "cases"),
    metadata=metadata,
    duties=DUTIES,
    projections=PROJECTIONS,
)
