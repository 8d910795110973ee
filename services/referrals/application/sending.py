"""Handlers of how messages reach agencies' machines: addresses, attempts in vain, and what is sent anew (REF-04)."""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from services.referrals import commands
from services.referrals.application.describing import DescribingHandlers
from services.referrals.domain import rules
from services.referrals.domain.agency import InboxEntry
from services.referrals.domain.entry import DirectoryEntry, entry_stream
from services.referrals.domain.errors import NoSuchThingError
from services.referrals.domain.link import Link
from services.referrals.domain.values import inbox_stream
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles

GONE = "http_410"


class SendingHandlers(DescribingHandlers):
    """The department's administrator says where; the courier says how it went."""

    @handles(commands.SetWebhook)
    def set_webhook(self, command: commands.SetWebhook, ledger: TenantLedger) -> Answer:
        """An address, and a secret of its own."""
        self.kept_by(command, command.agency)
        rules.webhook_address_may_be_called(command.address)
        entered = self.execute(
            commands.EnterWebhook(
                tenant=command.agency,
                command_id=derived_id(command.command_id, "enter_webhook"),
                by=command.by,
                cause=command.command_id,
                address=command.address,
            )
        )
        answer = ledger.save(answer={"agency": str(command.agency)})
        return replace(answer, body=answer.body | {"secret": self.secret_of(command.agency, entered.body["secret"])})

    def secret_of(self, agency: UUID, number: int) -> str:
        """What messages to an agency's machine are signed with, as Standard Webhooks writes it; it follows from a key
        that is outside the database.
        """
        key = self.parts.tenant_keys.blind_key(agency, "webhook")
        return f"whsec_{b64encode(hmac.new(key, str(number).encode(), sha256).digest()).decode()}"

    @handles(commands.EnableWebhook)
    def enable_webhook(self, command: commands.EnableWebhook, ledger: TenantLedger) -> Answer:
        """It is sent to again, what waits at once."""
        self.kept_by(command, command.agency)
        self.execute(
            commands.EnterWebhook(
                tenant=command.agency,
                command_id=derived_id(command.command_id, "enter_webhook"),
                by=command.by,
                cause=command.command_id,
                address=None,
            )
        )
        return ledger.save(answer={"agency": str(command.agency)})

    @handles(commands.Redeliver)
    def redeliver(self, command: commands.Redeliver, ledger: TenantLedger) -> Answer:
        """A message is sent anew, also one that had come through."""
        self.kept_by(command, command.agency)
        self.execute(
            commands.ResumeSending(
                tenant=command.agency,
                command_id=derived_id(command.command_id, "resume_sending"),
                by=command.by,
                cause=command.command_id,
                referral=command.referral,
                message=command.message,
            )
        )
        return ledger.save(answer={"agency": str(command.agency)})

    # -- in the agency's tenant

    @handles(commands.EnterWebhook)
    def enter_webhook(self, command: commands.EnterWebhook, ledger: TenantLedger) -> Answer:
        """Sets the address, or enables the one there is."""
        entry = ledger.find(DirectoryEntry, entry_stream(command.tenant))
        if entry is None:
            raise NoSuchThingError(what="entry")
        if command.address is None:
            entry.enable_webhook(by=command.by, at=ledger.now())
        else:
            entry.set_webhook(address=command.address, by=command.by, at=ledger.now())
        return ledger.save(entry, answer={"secret": entry.secret})

    @handles(commands.ResumeSending)
    def resume_sending(self, command: commands.ResumeSending, ledger: TenantLedger) -> Answer:
        """It is due at once."""
        entry = ledger.find(InboxEntry, inbox_stream(command.referral))
        if entry is None:
            raise NoSuchThingError(what="referral")
        entry.resume_sending(message=command.message, by=command.by, at=ledger.now())
        return ledger.save(entry)

    @handles(commands.NoteSendingFailed)
    def note_sending_failed(self, command: commands.NoteSendingFailed, ledger: TenantLedger) -> Answer:
        """Tried again after the next wait; after the last, or where nobody is there any more, it is given up."""
        entry = self.inbox_entry(command.referral, ledger)
        policy = ledger.book.at("referrals.webhook_waits", ledger.now())
        waits = [timedelta(seconds=int(wait)) for wait in policy.value]
        done = entry.attempts_of(command.message)
        gives_up = done >= len(waits) or command.status == GONE
        entry.note_failure(
            message=command.message,
            status=command.status,
            next_at=None if gives_up else ledger.now() + waits[done],
            rule=policy.version,
            by=command.by,
            at=ledger.now(),
        )
        described = ledger.find(DirectoryEntry, entry_stream(command.tenant)) if gives_up else None
        if described is None:
            return ledger.save(entry)
        described.disable_webhook(failures=done + 1, rule=policy.version, by=command.by, at=ledger.now())
        return ledger.save(entry, described)

    def end_of(self, link: UUID, agency: UUID) -> datetime:
        """When a link's time is over."""
        return self.for_tenant(agency).get(Link, link).expires_at
