"""Exports a case's matter as an audit bundle; each service concerned records it before the file is there (CON-05)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

from cli.auditing.houses import AuditHouse, Auditor
from cli.auditing.matter import Matter, MatterEvent, find_matter
from shared.audit.bundle import LogSource, bundle, log_part
from shared.runners.parts import ServiceApp


def export_matter(house: AuditHouse, case: UUID, auditor: Auditor) -> bytes:
    """The bundle of a case's matter, unprotected. Raises AuditRefusedError."""
    matter = find_matter(house, case)
    auditor.check_tenant(matter.tenant)
    parts: list[dict[str, Any]] = []
    for name in matter.streams:
        found = [event for event in matter.events if event.service == name]
        parts.extend(_parts(house.services[name], matter, found, auditor))
    return bundle(case, parts)


def _parts(
    service: ServiceApp, matter: Matter, found: list[MatterEvent], auditor: Auditor
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The service's log, and its access log with the record of this export."""
    application, tenant = service.application, matter.tenant
    contents = Counter(str(event.recorded.stream) for event in found)
    ids = [matter.case, *(stream for stream in matter.streams[service.name] if stream != matter.case)]
    position, _ = application.access_log.record_export(tenant, auditor.actor, ids, auditor.rule, contents)
    mapper = application.for_tenant(tenant).mapper
    main = LogSource(
        database=service.database,
        tenant=tenant,
        log=service.name,
        signing_key=service.signing_key,
        key_name=service.key_name,
        event_key=mapper.event_key,
        key_ever=service.public_keys.key_ever,
    )
    access = replace(main, log=application.access_log.log, event_key=application.access_log.event_key)
    return log_part(main, [event.recorded.id for event in found]), log_part(access, [position])
