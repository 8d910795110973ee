"""What the follower does in quiet moments: checkpoints of all logs that grew, entered in the checkpoint log."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from shared.ledger.checkpoint import make_checkpoint
from shared.ledger.checkpoint_log import CheckpointLog, Made
from shared.ledger.tables import heads
from shared.logging import facts_of, log
from shared.runners.parts import ServiceApp


class Checkpointing:
    """Checkpoints of one service's logs; remembers which sizes it has seen to."""

    def __init__(self, service: ServiceApp) -> None:
        self.service = service
        self.database = service.database
        parts = service.application.parts
        self.checkpoint_log = CheckpointLog(self.database, service.name, parts.platform, parts.tenant_keys)
        self._seen_to: dict[tuple[UUID, str], int] = {}

    def run_once(self) -> None:
        """Signs a checkpoint of every log that grew since the last one, enters each, and signs the checkpoint log's.

        A damaged log is reported, and all others are signed.
        """
        sizes = self._sizes()
        made = [
            one
            for (tenant, name), size in sizes.items()
            if name != self.checkpoint_log.log and self._seen_to.get((tenant, name)) != size
            for one in self._made(tenant, name)
        ]
        for damaged in self.checkpoint_log.enter(made):
            log().critical("follower.checkpoint_refused", tenant=str(damaged.tenant), **facts_of(damaged))
        self._seen_to |= {(one.tenant, one.log): sizes[one.tenant, one.log] for one in made}
        own = (self.checkpoint_log.platform, self.checkpoint_log.log)
        if made or self._seen_to.get(own) != sizes.get(own):
            for one in self._made(*own):
                self._seen_to[own] = one.kept.size

    def _sizes(self) -> dict[tuple[UUID, str], int]:
        with self.database.relay() as connection:
            rows = connection.execute(select(heads.c.tenant, heads.c.log, heads.c.size)).all()
        return {(row.tenant, row.log): row.size for row in rows}

    def _made(self, tenant: UUID, name: str) -> list[Made]:
        try:
            kept = make_checkpoint(self.database, tenant, name, self.service.signing_key, self.service.key_name)
        except Exception as error:  # noqa: BLE001 - a damaged log is reported, the others are signed
            log().critical("follower.checkpoint_refused", tenant=str(tenant), **facts_of(error))
            return []
        return [Made(tenant, name, kept)] if kept else []
