"""Verifies every log of every tenant of every service of a house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from cli.auditing.houses import AuditHouse
from shared.ledger.checkpoint_log import CheckpointLog
from shared.ledger.tables import heads
from shared.ledger.verification import Finding, LogVerification, Totals, logs_of
from shared.ledger.verifying_events import EventCheck, OpenedEventCheck
from shared.runners.parts import ServiceApp

NO_TENANT = UUID(int=0)


@dataclass(kw_only=True)
class Verified:
    """The outcome: sound if nothing was found."""

    logs: int = 0
    totals: Totals = field(default_factory=Totals)
    findings: list[Finding] = field(default_factory=list)
    destroyed: set[UUID] = field(default_factory=set)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """JSON values: `sound`, `logs`, `totals`, `findings`, and the ids of tenants that were `destroyed`."""
        findings = [
            {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(one).items()}
            for one in self.findings
        ]
        destroyed = sorted(map(str, self.destroyed))
        said = {"sound": self.is_sound, "logs": self.logs, "totals": asdict(self.totals), "findings": findings}
        return {**said, "destroyed": destroyed}


def verify_services(house: AuditHouse, tell: Callable[[str, int], None]) -> Verified:
    """Verifies all logs; `tell` is told of each log and how many of its events were done since it was last told."""
    verified = Verified()
    for service in house.services.values():
        verified.destroyed |= set(service.application.parts.tenant_keys.destroyed_tenants())
        try:
            own = _checkpoint_log(service)
            logs = logs_of(service.database, service.name, {own.platform} | own.tenants())
        except (SQLAlchemyError, ValueError, TypeError, AttributeError) as error:
            verified.findings.append(
                Finding(
                    log=service.name, tenant=NO_TENANT, position=0, code="log_unreadable", detail=type(error).__name__
                )
            )
            continue
        for tenant, log in logs:
            verification = _verification(house, service, tenant, log)
            for done in _steps(verification):
                tell(log, done)
            _add(verified, verification)
    return verified


def size_of(house: AuditHouse) -> int:
    """The number of events in all logs."""
    total = 0
    for service in house.services.values():
        with service.database.relay() as connection:
            total += int(connection.scalar(select(func.coalesce(func.sum(heads.c.size), 0))) or 0)
    return total


def _verification(house: AuditHouse, service: ServiceApp, tenant: UUID, log: str) -> LogVerification:
    return LogVerification(
        database=service.database,
        tenant=tenant,
        log=log,
        public_key=house.public_keys.key_ever,
        check_event=_event_check(service, tenant, log),
        has_public_events=log == service.name,
    )


def _event_check(service: ServiceApp, tenant: UUID, log: str) -> EventCheck:
    own = _checkpoint_log(service)
    if (tenant, log) == (own.platform, own.log):
        return own.check_event
    return OpenedEventCheck(service.application, tenant, log)


def _checkpoint_log(service: ServiceApp) -> CheckpointLog:
    parts = service.application.parts
    return CheckpointLog(service.database, service.name, parts.platform, parts.tenant_keys)


def _steps(verification: LogVerification) -> Iterator[int]:
    before = 0
    for done, _ in verification.run():
        yield done - before
        before = done


def _add(verified: Verified, verification: LogVerification) -> None:
    verified.logs += 1
    verified.findings.extend(verification.findings)
    for name, count in asdict(verification.totals).items():
        setattr(verified.totals, name, getattr(verified.totals, name) + count)
