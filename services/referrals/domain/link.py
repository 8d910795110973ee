"""A one-time link: the way in for an agency without an account, to one referral and to nothing else (REF-04).

Written as 48 letters of base64url: the agency's tenant (16 bytes) and 160 random bits. Whoever holds it acts for the
agency; of the random bits the server keeps a keyed hash alone, as the id of a stream. It shows the referral's fields
until it was answered with; what was accepted can be reported on with it, until the referral ends.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Self
from uuid import UUID

from services.referrals.domain import rules
from services.referrals.domain.values import Step
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered

SECRET_BYTES = 20
_TENANT_BYTES = 16
_WRITTEN = re.compile(r"[A-Za-z0-9_-]{48}")
DUTY = "answer_by_link"
BY_LINK = frozenset({Step.ACCEPT, Step.DECLINE, Step.BEGIN, Step.COMPLETE, Step.FAIL})


class HandedTo(StrEnum):
    """How the link reached the agency."""

    EMAIL = "email"
    SCHOOL = "school"


class LinkState(StrEnum):
    """Whether it leads anywhere."""

    OPEN = "open"
    ANSWERED = "answered"
    USED_UP = "used_up"
    REVOKED = "revoked"
    EXPIRED = "expired"


def written(agency: UUID, secret: bytes) -> str:
    """A link's part of the address."""
    return urlsafe_b64encode(agency.bytes + secret).decode()


def read(text: str) -> tuple[UUID, bytes] | None:
    """The agency's tenant and the secret of what somebody opened; None where it is no link."""
    if not _WRITTEN.fullmatch(text):
        return None
    raw = urlsafe_b64decode(text)
    return UUID(bytes=raw[:_TENANT_BYTES]), raw[_TENANT_BYTES:]


def link_stream(key: bytes, secret: bytes) -> UUID:
    """The stream of a link: the keyed hash of its secret."""
    return UUID(bytes=hmac.new(key, secret, sha256).digest()[:16], version=4)


@registered
class Link(Aggregate):
    """A way to one referral, in the tenant of the agency; its id is a keyed hash."""

    TOPIC = "referrals.link"

    class Issued(FirstEvent):
        """The agency gets a way in, by its mailbox or by the school's hand, until `expires_at`."""

        TOPIC = "referrals.link_issued"
        referral: UUID
        school: UUID
        handed_to: str
        expires_at: datetime
        rule: str

    class Opened(Event):
        """Somebody who holds it opened it."""

        TOPIC = "referrals.link_opened"
        referral: UUID

    class Answered(Event):
        """The agency took a step with it; a step that ended the referral has used it up."""

        TOPIC = "referrals.link_answered"
        referral: UUID
        step: str
        ended: bool

    class Revoked(Event):
        """It leads nowhere any more: withdrawn by the school, or replaced by another."""

        TOPIC = "referrals.link_revoked"
        referral: UUID
        reason: str

    class Expired(Event):
        """Its time ran out."""

        TOPIC = "referrals.link_expired"
        referral: UUID
        due_at: datetime
        rule: str

    # -- commands

    @classmethod
    def issue(
        cls,
        *,
        id: UUID,
        referral: UUID,
        school: UUID,
        handed_to: HandedTo,
        expires_at: datetime,
        rule: str,
        by: Actor,
        at: datetime,
    ) -> Self:
        """Lets the link whose stream is `id` lead to `referral`."""
        return cls._begin(
            cls.Issued,
            id=id,
            by=by,
            at=at,
            referral=referral,
            school=school,
            handed_to=handed_to.value,
            expires_at=expires_at,
            rule=rule,
        )

    def open(self, *, by: Actor, at: datetime) -> None:
        """Somebody looks."""
        rules.link_leads_somewhere(self, at)
        self._record(self.Opened, by=by, at=at, referral=self.referral)

    def answer(self, *, step: Step, ended: bool, by: Actor, at: datetime) -> None:
        """A step was taken with it."""
        rules.link_leads_somewhere(self, at)
        self._record(self.Answered, by=by, at=at, referral=self.referral, step=step.value, ended=ended)

    def revoke(self, *, reason: str, by: Actor, at: datetime) -> None:
        """Closes it, if it is not closed yet."""
        if self.leads_somewhere:
            self._record(self.Revoked, by=by, at=at, referral=self.referral, reason=reason)

    def expire(self, *, by: Actor, at: datetime) -> bool:
        """Records that its time ran out; no, and nothing, where it is closed or still runs."""
        if not self.leads_somewhere or at < self.expires_at:
            return False
        self._record(self.Expired, by=by, at=at, referral=self.referral, due_at=self.expires_at, rule=self.rule)
        return True

    @property
    def leads_somewhere(self) -> bool:
        """Whether it was neither used up, nor revoked, nor noted as expired."""
        return self.state in (LinkState.OPEN, LinkState.ANSWERED)

    @property
    def discloses(self) -> bool:
        """Whether it shows what the school said: until it was answered with."""
        return self.state is LinkState.OPEN

    # -- applies

    def _issued(self, event: Issued) -> None:
        self.referral, self.school = event.referral, event.school
        self.handed_to = HandedTo(event.handed_to)
        self.expires_at, self.rule = event.expires_at, event.rule
        self.state = LinkState.OPEN
        self.opened = 0

    def _opened(self, event: Opened) -> None:
        self.opened += 1

    def _answered(self, event: Answered) -> None:
        self.state = LinkState.USED_UP if event.ended else LinkState.ANSWERED

    def _revoked(self, event: Revoked) -> None:
        self.state = LinkState.REVOKED

    def _expired(self, event: Expired) -> None:
        self.state = LinkState.EXPIRED
