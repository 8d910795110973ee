"""Settings in, running parts out: the only place of this service that wires."""

from __future__ import annotations

from pathlib import Path

from services.monitoring.application import MonitoringApplication
from services.monitoring.duties import DUTIES
from services.monitoring.projections import PROJECTIONS
from services.monitoring.read_models import metadata
from services.monitoring.service import MonitoringService
from shared.ledger.application import LedgerParts
from shared.regulation import RuleBook
from shared.runners.parts import ServiceParts

REGULATIONS = Path(__file__).parent / "regulations"


def build(parts: LedgerParts) -> MonitoringApplication:
    """The application on an opened ledger."""
    return MonitoringApplication(parts, RuleBook.load(REGULATIONS))


SERVICE = ServiceParts(
    name="monitoring",
    build=build,
    door=MonitoringService,
    listens_to=("accounts", "reports", "cases"),
    metadata=metadata,
    duties=DUTIES,
    projections=PROJECTIONS,
)
