"""What the directory says of an agency (REF-02): whom to call, when to turn to it, what it needs, how it works.

The words of Open Referral (HSDS) are those of its export (`services/referrals/hsds/`); here they are the
practitioner's. An entry lives in the agency's tenant and is kept by the department that registered the agency.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid5

from services.referrals.domain import rules
from shared.domain import Actor, Aggregate, Event, FirstEvent, registered


def entry_stream(agency: UUID) -> UUID:
    """The stream of an agency's entry."""
    return uuid5(agency, "directory_entry")


@registered
class DirectoryEntry(Aggregate):
    """An agency as the directory describes it, and where machines and mail reach it."""

    TOPIC = "referrals.directory_entry"

    class Described(FirstEvent):
        """A department says what the agency is, and whom to call."""

        TOPIC = "referrals.directory_entry_described"
        agency: UUID
        details: dict[str, Any]
        confirm_by: datetime
        rule: str

    class Revised(Event):
        """The description changed."""

        TOPIC = "referrals.directory_entry_revised"
        details: dict[str, Any]
        confirm_by: datetime
        rule: str

    class Confirmed(Event):
        """Somebody made sure that it is still true."""

        TOPIC = "referrals.directory_entry_confirmed"
        confirm_by: datetime
        rule: str

    class WebhookSet(Event):
        """Its machine listens at this address; `secret` counts the secrets that messages to it were signed with."""

        TOPIC = "referrals.directory_entry_webhook_set"
        address: str
        secret: int

    class WebhookDisabled(Event):
        """Too much in a row did not reach it: nothing more is sent until somebody enables it."""

        TOPIC = "referrals.directory_entry_webhook_disabled"
        failures: int
        rule: str

    class WebhookEnabled(Event):
        """It is sent to again."""

        TOPIC = "referrals.directory_entry_webhook_enabled"

    # -- commands

    @classmethod
    def describe(
        cls, *, agency: UUID, details: Mapping[str, Any], confirm_by: datetime, rule: str, by: Actor, at: datetime
    ) -> Self:
        """The first description."""
        return cls._begin(
            cls.Described,
            id=entry_stream(agency),
            by=by,
            at=at,
            agency=agency,
            details=dict(details),
            confirm_by=confirm_by,
            rule=rule,
        )

    def revise(self, *, details: Mapping[str, Any], confirm_by: datetime, rule: str, by: Actor, at: datetime) -> None:
        """Another description; the same one again confirms it."""
        if dict(details) == self.details:
            self.confirm(confirm_by=confirm_by, rule=rule, by=by, at=at)
        else:
            self._record(self.Revised, by=by, at=at, details=dict(details), confirm_by=confirm_by, rule=rule)

    def confirm(self, *, confirm_by: datetime, rule: str, by: Actor, at: datetime) -> None:
        """It holds as of now."""
        self._record(self.Confirmed, by=by, at=at, confirm_by=confirm_by, rule=rule)

    def set_webhook(self, *, address: str, by: Actor, at: datetime) -> None:
        """Another address, or another secret for the same: whichever, the old secret signs nothing more."""
        self._record(self.WebhookSet, by=by, at=at, address=address, secret=self.secret + 1)

    def disable_webhook(self, *, failures: int, rule: str, by: Actor, at: datetime) -> None:
        """Nothing is sent any more."""
        if self.webhook_enabled:
            self._record(self.WebhookDisabled, by=by, at=at, failures=failures, rule=rule)

    def enable_webhook(self, *, by: Actor, at: datetime) -> None:
        """It is sent to again."""
        rules.webhook_is_set(self)
        if not self.webhook_enabled:
            self._record(self.WebhookEnabled, by=by, at=at)

    def is_stale(self, at: datetime) -> bool:
        """Whether nobody has confirmed it in time."""
        return at >= self.confirm_by

    # -- applies

    def _described(self, event: Described) -> None:
        self.agency = event.agency
        self.webhook: str | None = None
        self.webhook_enabled = False
        self.secret = 0
        self._says(event)

    def _revised(self, event: Revised) -> None:
        self._says(event)

    def _confirmed(self, event: Confirmed) -> None:
        self.confirmed_at, self.confirm_by, self.rule = event.timestamp, event.confirm_by, event.rule

    def _webhook_set(self, event: WebhookSet) -> None:
        self.webhook, self.secret, self.webhook_enabled = event.address, event.secret, True

    def _webhook_disabled(self, event: WebhookDisabled) -> None:
        self.webhook_enabled = False

    def _webhook_enabled(self, event: WebhookEnabled) -> None:
        self.webhook_enabled = True

    def _says(self, event: Described | Revised) -> None:
        self.details = event.details
        self.confirmed_at, self.confirm_by, self.rule = event.timestamp, event.confirm_by, event.rule
