"""Events -> rows; doing them twice changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, select

from services.referrals import commands
from services.referrals.projections import PROJECTIONS
from services.referrals.read_models import directory, messages_to_send, metadata, partner_inbox, referrals_of_cases
from services.referrals.tests import builders as b
from services.referrals.tests.lives import an_agency
from services.referrals.tests.world import World

HEALTH_OVER_AMQP = {"virtual_host": "emhana-7", "encryption_key": {"kty": "EC"}, "signing_key": {"kty": "OKP"}}


def rows(world: World, tenant: UUID, table: Table) -> list[dict[str, Any]]:
    """A table's rows of one tenant."""
    with world.application.read(tenant) as connection:
        return [dict(row._mapping) for row in connection.execute(select(table).where(table.c.tenant == tenant))]


@pytest.fixture
def over_amqp(world: World) -> World:
    """The polyclinic is reached over AMQP."""
    world.hear_of_agency(b.HEALTH, "health", "amqp", **HEALTH_OVER_AMQP)
    world.hear_of_case((b.HEAD, "head"), (b.PEDAGOGUE, "social_pedagogue"))
    world.settle()
    return world


class TestTheReadModels:
    def test_follow_a_referral_on_both_sides(self, school: World) -> None:
        """The school's list and the agency's inbox; no word of what it says."""
        referral = school.request()
        school.do(commands.AcceptReferral, b.POLICE, b.OFFICER, referral=referral)
        school.settle()
        (of_case,) = rows(school, b.SCHOOL, referrals_of_cases)
        (in_inbox,) = rows(school, b.POLICE, partner_inbox)
        assert (of_case["referral"], of_case["case"], of_case["state"]) == (referral, b.CASE, "accepted")
        assert (in_inbox["referral"], in_inbox["school"], in_inbox["state"]) == (referral, b.SCHOOL, "accepted")
        assert rows(school, b.HEALTH, partner_inbox) == []

    def test_keep_what_is_still_to_be_sent_until_it_was(self, over_amqp: World) -> None:
        """The courier's list."""
        referral = over_amqp.request(b.HEALTH, facts=b.HEALTH_FACTS)
        (row,) = rows(over_amqp, b.HEALTH, messages_to_send)
        assert (row["referral"], row["message"], row["school"]) == (referral, "requested", b.SCHOOL)
        told = {"referral": referral, "message": "requested", "message_id": "хабар-1"}
        over_amqp.do(commands.RecordDelivery, b.HEALTH, b.POLICY, **told)
        over_amqp.settle()
        assert rows(over_amqp, b.HEALTH, messages_to_send) == []

    def test_have_a_cancellation_sent_even_where_the_request_seems_not_to_have_been(self, over_amqp: World) -> None:
        """It may have gone out just before a crash."""
        referral = over_amqp.request(b.HEALTH, facts=b.HEALTH_FACTS)
        over_amqp.do(commands.CancelReferral, b.SCHOOL, b.HEAD, referral=referral, reason="other")
        over_amqp.settle()
        assert [row["message"] for row in rows(over_amqp, b.HEALTH, messages_to_send)] == ["cancelled"]

    def test_have_a_changed_entry_of_the_directory_once(self, world: World) -> None:
        """Version by version."""
        agency = an_agency()
        with world.application.read(b.POLICE) as connection:
            for event in agency.pending_events:
                PROJECTIONS[type(event).TOPIC](connection, b.POLICE, event)  # type: ignore[attr-defined]
        (row,) = rows(world, b.POLICE, directory)
        assert (row["channel"], row["virtual_host"], row["version"]) == ("amqp", "police-almaly", 2)

    def test_are_the_same_when_every_event_is_projected_again(self, over_amqp: World) -> None:
        """A follower that stopped between rows and position repeats itself."""
        over_amqp.request(b.HEALTH, facts=b.HEALTH_FACTS)
        tenants = (b.SCHOOL, b.HEALTH, over_amqp.application.parts.platform)
        before = [rows(over_amqp, tenant, table) for tenant in tenants for table in metadata.sorted_tables]
        for tenant in tenants:
            ledger = over_amqp.application.for_tenant(tenant)
            recorded = ledger.recorder.select_notifications(0, 100, inclusive_of_start=False)
            with over_amqp.database.tenant(tenant) as connection:
                for one in recorded:
                    if project := PROJECTIONS.get(one.topic):
                        project(connection, tenant, ledger.mapper.to_domain_event(one))
        assert [rows(over_amqp, tenant, table) for tenant in tenants for table in metadata.sorted_tables] == before
