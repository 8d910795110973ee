"""Sends what agencies without a broker are to be told: by webhook, or by a link to their mailbox (REF-04).

A message is tried until it gets through, after waits that grow (`referrals.webhook_waits`); each attempt in vain is an
event, so that a restart forgets none. A message that ran through all waits disables the agency's webhook, and so does a
receiver that says it is gone. One courier sends at a time (`shared/runners/leader.py`); a message's id is always the
same, so that one that is sent again after a crash is known there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.referrals.application import ReferralsApplication
from services.referrals.commands import IssueLink, NoteSendingFailed, RecordDelivery, RevokeLink
from services.referrals.domain.agency import InboxEntry
from services.referrals.domain.entry import DirectoryEntry, entry_stream
from services.referrals.domain.link import HandedTo
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import Channel, OutMessage
from services.referrals.partners.codec import Message
from services.referrals.partners.documents import message_id
from services.referrals.partners.keys import PartnerKeys
from services.referrals.partners.mail import Post
from services.referrals.partners.webhooks import WebhookCaller
from services.referrals.read_models import directory, messages_to_send
from shared.domain import Actor
from shared.ids import derived_id, new_id
from shared.logging import facts_of, log

COURIER = Actor(id="system:courier")
TAKEN = "taken"
Seal = Callable[[Message, PartnerKeys], bytes]
Write = Callable[[Referral, OutMessage, UUID], Message]


@dataclass(frozen=True)
class _Due:
    """A message that is to be sent now."""

    agency: UUID
    entry: InboxEntry
    described: DirectoryEntry | None
    referral: Referral
    message: OutMessage

    @property
    def id(self) -> UUID:
        """Its id, the same at each attempt."""
        return message_id(self.referral.id, self.message)


class Sending:
    """For one thread. `write` and `seal` are the courier's; without `post` links are handed over by schools alone."""

    def __init__(
        self, application: ReferralsApplication, *, write: Write, seal: Seal, caller: WebhookCaller, post: Post | None
    ) -> None:
        self.application = application
        self._write, self._seal = write, seal
        self._caller, self._post = caller, post

    def deliver_due(self) -> int:
        """Tries what is due; gives how many messages got through."""
        return sum(self._guarded(agency, channel) for agency, channel in self._agencies())

    def _guarded(self, agency: UUID, channel: Channel) -> int:
        """One agency's trouble is not the others'."""
        send = {Channel.WEBHOOK: self._by_webhook, Channel.LINK: self._by_link}[channel]
        try:
            return sum(self._recorded(due, send(due)) for due in self._due(agency))
        except Exception as error:  # noqa: BLE001 - it is tried again
            log().error("courier.agency_failed", agency=str(agency), **facts_of(error))
            return 0

    def _agencies(self) -> list[tuple[UUID, Channel]]:
        platform = self.application.parts.platform
        chosen = select(directory.c.agency, directory.c.channel).where(
            directory.c.tenant == platform, directory.c.channel.in_([Channel.WEBHOOK.value, Channel.LINK.value])
        )
        with self.application.read(platform) as connection:
            return [(agency, Channel(channel)) for agency, channel in connection.execute(chosen)]

    def _due(self, agency: UUID) -> Iterator[_Due]:
        chosen = select(messages_to_send).where(messages_to_send.c.tenant == agency)
        with self.application.read(agency) as connection:
            rows = connection.execute(chosen).all()
        for row in rows:
            ledger = self.application.for_tenant(agency)
            entry, message = self.application.inbox_entry(row.referral, ledger), OutMessage(row.message)
            if entry.is_due(message.value, self.application.clock.now()):
                described = ledger.find(DirectoryEntry, entry_stream(agency))
                referral = self.application.for_tenant(row.school).get(Referral, row.referral)
                yield _Due(agency, entry, described, referral, message)

    # -- the two ways

    def _by_webhook(self, due: _Due) -> str | None:
        described = due.described
        if described is None or described.webhook is None or not described.webhook_enabled:
            return None
        agency = self.application.agency(due.agency)
        if not (agency.encryption_key and agency.signing_key):
            return None
        keys = PartnerKeys.of_entry(agency.encryption_key, agency.signing_key)
        message = self._write(due.referral, due.message, due.entry.school)
        called = self._caller.call(
            described.webhook,
            id=message.id,
            secret=self.application.secret_of(due.agency, described.secret),
            body=self._seal(message, keys),
            at=self.application.clock.now(),
        )
        return called.status

    def _by_link(self, due: _Due) -> str | None:
        if due.message is OutMessage.CANCELLED:
            closing = derived_id(due.id, "revoke_link")
            self.application.execute(
                RevokeLink(tenant=due.agency, command_id=closing, by=COURIER, referral=due.referral.id)
            )
            return TAKEN
        mailbox = due.described.details.get("email") if due.described else None
        if self._post is None or not mailbox:
            return None
        text, link = self.application.new_link(due.agency)
        self.application.execute(
            IssueLink(
                tenant=due.agency,
                command_id=new_id(),  # a mail that may not have been sent has a link that nobody knows: a new one
                by=COURIER,
                referral=due.referral.id,
                link=link,
                handed_to=HandedTo.EMAIL.value,
            )
        )
        return self._post.send(str(mailbox), text, self.application.end_of(link, due.agency))

    def _recorded(self, due: _Due, status: str | None) -> int:
        """Notes how it ended; None where there is no way to send it now."""
        if status is None:
            return 0
        at: dict[str, Any] = {
            "tenant": due.agency,
            "by": COURIER,
            "referral": due.referral.id,
            "message": due.message.value,
        }
        if status == TAKEN:
            resent = due.entry.resent  # a message that is sent anew is recorded anew
            done = derived_id(due.id, "delivered", *([str(resent)] if resent else []))
            self.application.execute(RecordDelivery(command_id=done, message_id=str(due.id), **at))
            log().info("courier.message_delivered", agency=str(due.agency), type=due.message.value)
            return 1
        self.application.execute(NoteSendingFailed(command_id=new_id(), status=status, **at))
        log().warning("courier.agency_not_reached", agency=str(due.agency), code=status)
        return 0
