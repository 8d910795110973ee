"""The services that a house has, in the order a report walks through them."""

from __future__ import annotations

from collections.abc import Sequence

from services.accounts.bootstrap import SERVICE as ACCOUNTS
from services.cases.bootstrap import SERVICE as CASES
from services.monitoring.bootstrap import SERVICE as MONITORING
from services.referrals.bootstrap import SERVICE as REFERRALS
from services.reports.bootstrap import SERVICE as REPORTS
from shared.runners.parts import ServiceParts

ALL_SERVICES: Sequence[ServiceParts] = (ACCOUNTS, REPORTS, CASES, REFERRALS, MONITORING)
