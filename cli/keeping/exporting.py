"""All that an installation has of one tenant: cases as audit bundles, each service's logs as JSON, files, people."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cli.auditing.export import export_matter
from cli.auditing.houses import Auditor, recorded_events
from cli.house import House
from services.accounts.domain.person import Person
from services.cases.domain.case import Case
from services.cases.domain.register import Register
from shared.audit.check import plain
from shared.audit.protection import protect
from shared.ledger.recorder import RecordedEvent
from shared.ledger.tables import events
from shared.runners.parts import ServiceApp
from shared.sealing.seal import UnsealError
from shared.sealing.stream_keys import KeyDestroyedError

FORMAT = "qorgan tenant export 1"


@dataclass(frozen=True, kw_only=True)
class TenantExport:
    """One export: of which tenant, by whom, into which folder, under which password (None: unprotected)."""

    house: House
    tenant: UUID
    auditor: Auditor
    folder: Path
    password: str | None

    def cases(self) -> list[UUID]:
        """The tenant's cases, in the order in which they were opened."""
        return self._streams("cases", Case.Opened.TOPIC)

    def write(self) -> Iterator[str]:
        """Records the export in every service concerned, then writes; yields each file's name when it is there."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        concerned = [one for one in self.house.services.values() if _has(one, self.tenant)]
        for service in concerned:
            self._record(service)
        for case in self.cases():
            yield self._file(f"case-{case}.json", export_matter(self.house, case, self.auditor))
        for service in concerned:
            yield self._file(f"{service.name}.json", _json(self._logs(service)))
            kept = service.application.for_tenant(self.tenant).blobs
            for stream, blob in kept.all_kept():
                yield self._file(f"{service.name}-file-{blob}", kept.kept(stream, blob))
        yield self._file("register.json", _json(self._register()))
        yield self._file("people.json", _json(self._people()))

    def _record(self, service: ServiceApp) -> None:
        """Before anything leaves: an event of the tenant's access log (CON-05)."""
        contents = {"events": len(recorded_events(service, self.tenant))}
        log = service.application.access_log
        log.record_export(self.tenant, self.auditor.actor, [self.tenant], "tenant.export", contents)

    def _logs(self, service: ServiceApp) -> dict[str, Any]:
        application = service.application
        mapper = application.for_tenant(self.tenant).mapper
        main = [_event(one, mapper.open) for one in recorded_events(service, self.tenant)]
        access = [
            {**_columns(recorded), "facts": facts} for recorded, facts in application.access_log.entries(self.tenant)
        ]
        return {
            "format": FORMAT,
            "tenant": str(self.tenant),
            "service": service.name,
            "events": main,
            "access": access,
        }

    def _people(self) -> list[dict[str, Any]]:
        ledger = self.house.services["accounts"].application.for_tenant(self.tenant)
        found = [ledger.find(Person, one) for one in self._streams("accounts", Person.Registered.TOPIC)]
        return [
            {
                "person": str(one.id),
                "name": one.name,
                "language": one.language.value,
                "locked": one.locked,
                "roles": [
                    {
                        "tenant": str(grant.tenant),
                        "role": grant.role.value,
                        "from": grant.starts_at.isoformat(),
                        "to": grant.ends_at.isoformat() if grant.ends_at else None,
                    }
                    for grant in one.grants.values()
                ],
            }
            for one in found
            if one is not None
        ]

    def _register(self) -> list[dict[str, Any]]:
        service = self.house.services["cases"]
        mapper = service.application.for_tenant(self.tenant).mapper
        entered: list[dict[str, Any]] = []
        for one in recorded_events(service, self.tenant, events.c.topic == Register.CaseEntered.TOPIC):
            facts = _event(one, mapper.open)["facts"] or {}
            year = self._year(one.stream)
            entered.append({"school_year": year, "number": facts.get("number"), "case": facts.get("case")})
        return entered

    def _year(self, register: UUID) -> int | None:
        found = self.house.services["cases"].application.for_tenant(self.tenant).find(Register, register)
        return found.year if found else None

    def _streams(self, service: str, topic: str) -> list[UUID]:
        found = recorded_events(self.house.services[service], self.tenant, events.c.topic == topic)
        return [one.stream for one in found]

    def _file(self, name: str, content: bytes) -> str:
        path = self.folder / (name if self.password is None else f"{name}.protected")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content if self.password is None else protect(content, self.password))
        return path.name


def _event(recorded: RecordedEvent, opened: Any) -> dict[str, Any]:
    try:
        facts = plain(json.loads(opened(recorded)))
    except (KeyDestroyedError, UnsealError, ValueError):
        facts = None  # erased, or damaged: verification tells which
    return {**_columns(recorded), "facts": facts}


def _columns(recorded: RecordedEvent) -> dict[str, Any]:
    return {
        "position": recorded.id,
        "stream": str(recorded.stream),
        "version": recorded.originator_version,
        "topic": recorded.topic,
        "actor": recorded.actor,
        "recorded_at": recorded.recorded_at,
    }


def _has(service: ServiceApp, tenant: UUID) -> bool:
    return bool(recorded_events(service, tenant, limit=1))


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode() + b"\n"
