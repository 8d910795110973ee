"""Proof of filing: what whoever reported takes home, to check later that it still stands unaltered (docs/proof.md)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.reports.application import ReportsApplication
from services.reports.queries.conversation import HOLDER_OF_THE_RECEIPT
from shared.audit.filing import FORMAT, statement_of
from shared.domain import Actor
from shared.ledger.application import TenantLedger
from shared.ledger.checkpoint_log import CheckpointLog
from shared.ledger.place_proof import Notary
from shared.ledger.recorder import RecordedEvent


def proof_of_filing(
    application: ReportsApplication,
    tenant: UUID,
    by: Actor,
    *,
    receipt: str,
    with_content: bool = False,
    since: int | None = None,
) -> Mapping[str, Any]:
    """The proof of all that whoever reported said, as docs/proof.md describes it; nobody is named.

    `with_content` shows the sealed content of these events and the key of each, never the report's; `since` is the size
    of the log in an earlier proof, whose history this one is then shown to continue.
    """
    ledger = application.for_tenant(tenant)
    found = application.report_of_receipt(ledger, receipt, by)
    application.record_read(tenant, Actor(id=found.reporter), "proof_of_filing", [found.id], HOLDER_OF_THE_RECEIPT)
    own = [one for one in ledger.recorder.select_events(found.id) if one.actor == found.reporter]
    notary = _notary(application)
    shown = notary.prove_all(tenant, application.name, own, since=since)
    places = [(one.id, one.leaf_hash) for one in own]
    issued_at = ledger.now().isoformat(timespec="seconds")
    return {
        "format": FORMAT,
        "statement": statement_of(application.name, tenant, issued_at, places).signed(
            notary.key_name, notary.signing_key
        ),
        "events": [
            _event(ledger, one, path, with_content=with_content) for one, path in zip(own, shown["paths"], strict=True)
        ],
        "checkpoint": shown["checkpoint"],
        "entry": shown["entry"],
        "continues": shown["continues"],
        "key": {"name": notary.key_name, "public_key": _text(notary.signing_key.public_key.public_bytes_raw())},
    }


def _event(ledger: TenantLedger, event: RecordedEvent, path: list[str], *, with_content: bool) -> dict[str, Any]:
    content = (
        {"payload": _text(event.state), "event_key": _text(ledger.mapper.event_key(event))} if with_content else {}
    )
    return {"leaf": _text(event.leaf().encode()), "path": path, **content}


def _notary(application: ReportsApplication) -> Notary:
    parts = application.parts
    if parts.signing_key is None:
        raise LookupError("this application was given no key to sign with")
    return Notary(
        database=parts.database,
        checkpoint_log=CheckpointLog(parts.database, application.name, parts.platform, parts.tenant_keys),
        signing_key=parts.signing_key,
        key_name=parts.signing_key.id,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
