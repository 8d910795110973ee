"""The only place that wires: regulations in, running parts out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from services.referrals.application import ReferralsApplication
from services.referrals.domain.templates import TemplateBook
from services.referrals.duties import DUTIES
from services.referrals.projections import PROJECTIONS
from services.referrals.read_models import metadata
from services.referrals.service import ReferralsService
from shared import yaml_files
from shared.ledger.application import LedgerParts
from shared.regulation import RuleBook
from shared.runners.parts import ServiceParts

REGULATIONS = Path(__file__).parent / "regulations"
DOOR = ReferralsService
READ_METADATA = metadata


@cache
def templates() -> TemplateBook:
    """Every template of `regulations/templates`."""
    data: dict[str, Any] = {}
    for file in sorted((REGULATIONS / "templates").glob("*.yaml")):
        data |= yaml_files.read(file)
    return TemplateBook.from_data(data)


def build(parts: LedgerParts) -> ReferralsApplication:
    """The application over an opened database."""
    return ReferralsApplication(parts, RuleBook.load(REGULATIONS), templates())


SERVICE = ServiceParts(
    name="referrals",
    build=build,
    door=DOOR,
    listens_to=("accounts", "cases", "referrals"),
    metadata=READ_METADATA,
    duties=DUTIES,
    projections=PROJECTIONS,
)
