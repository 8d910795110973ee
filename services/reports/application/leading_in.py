"""The handler of whom children turn to (REP-15)."""

from __future__ import annotations

from services.reports import commands
from services.reports.domain.way_in import WayIn, way_in_of
from shared.ledger.application import Answer, LedgerApplication, TenantLedger
from shared.ledger.handling import handles


class LeadingIn(LedgerApplication):
    """What a school says of its way in."""

    @handles(commands.PublishContacts)
    def publish_contacts(self, command: commands.PublishContacts, ledger: TenantLedger) -> Answer:
        """Publishes whom to turn to, for the first time or anew."""
        way_in, by, now = ledger.find(WayIn, way_in_of(ledger.tenant)), command.by, ledger.now()
        if way_in is None:
            way_in = WayIn.open(tenant=ledger.tenant, contacts=command.contacts, by=by, at=now)
        else:
            way_in.expects(command.expected_version)
            way_in.publish(contacts=command.contacts, by=by, at=now)
        return ledger.save(way_in, answer={"contacts": len(command.contacts), "version": way_in.version})
