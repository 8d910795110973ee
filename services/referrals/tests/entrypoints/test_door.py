"""What comes in at the door: faults by field as codes, before any handler is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from marshmallow import Schema

from services.referrals import commands, queries, schemas
from services.referrals.service import ReferralsService
from services.referrals.tests import builders as b
from services.referrals.tests.world import World
from shared.domain import Actor, InvalidInputError
from shared.runners.door import OpenDoor, load
from shared.signing import SigningKey
from shared.tokens import mint_person_token

ID = str(uuid4())


@pytest.mark.parametrize(
    ("schema", "data", "faults"),
    [
        (
            schemas.DraftReferral(),
            {"case": "жоқ", "urgency": "тез", "facts": [], "note": "…"},
            {
                "case": ["not_an_id"],
                "agency": ["required"],
                "purpose": ["required"],
                "urgency": ["unknown_choice"],
                "facts": ["not_an_object"],
                "note": ["unknown_field"],
            },
        ),
        (
            schemas.ApproveReferral(),
            {"referral": ID, "fields": ["child_name", ""]},
            {"fields.1": ["required"]},
        ),
        (schemas.ApproveReferral(), {"referral": ID, "fields": "child_name"}, {"fields": ["not_a_list"]}),
        (schemas.OneReferral(), {"referral": None}, {"referral": ["required"]}),
        (schemas.WithReason(), {"referral": ID, "reason": 5}, {"reason": ["not_text"]}),
        (schemas.CompleteReferral(), {"referral": ID, "outcome": "x", "text": "ә" * 10_001}, {"text": ["too_long"]}),
    ],
)
def test_faults_are_codes_by_field(schema: Schema, data: dict[str, Any], faults: dict[str, list[str]]) -> None:
    """All of them at once."""
    with pytest.raises(InvalidInputError) as refused:
        load(schema, data)
    assert refused.value.facts["faults"] == faults


class TestTheDoor:
    """With tokens, as the gateway comes."""

    @pytest.fixture
    def door(self, school: World) -> OpenDoor:
        """The service's open door."""
        return OpenDoor(school.service)

    @pytest.fixture
    def key(self, school: World) -> SigningKey:
        """The key of accounts, whose tokens are believed."""
        key = SigningKey.generate("accounts")
        key.publish(school.service.public_keys.folder)
        return key

    def token(self, key: SigningKey, by: Actor, tenant: UUID) -> str:
        """A person's token for this service."""
        assert by.person is not None
        return mint_person_token(
            key,
            person=by.person,
            tenant=tenant,
            roles=by.roles,
            home=tenant,
            purpose=by.purpose,
            audience="referrals",
            now=datetime.now(UTC),
        )

    def test_takes_a_draft_and_answers_with_the_fields_that_would_leave(self, door: OpenDoor, key: SigningKey) -> None:
        """What the approval screen needs."""
        service = ReferralsService()
        service.door = door
        data = {
            "case": str(b.CASE),
            "agency": str(b.POLICE),
            "purpose": "notification",
            "urgency": "high",
            "facts": b.FACTS,
        }
        payload = {"command_id": str(uuid4()), "data": data}
        answer = service.draft_referral(self.token(key, b.PEDAGOGUE, b.SCHOOL), payload)
        assert answer["ok"]
        assert answer["answer"]["state"] == "draft"
        assert answer["answer"]["fields"] == sorted(b.FACTS)

    def test_lets_an_agency_answer_by_a_token_of_its_own_tenant_only(
        self, school: World, door: OpenDoor, key: SigningKey
    ) -> None:
        """A token of another tenant finds nothing there."""
        referral = school.request()
        payload = {"command_id": str(uuid4()), "data": {"referral": str(referral)}}
        schema, command = schemas.OneReferral(), commands.AcceptReferral
        foreign = door.command(self.token(key, b.OFFICER, b.HEALTH), payload, schema, command)
        assert (foreign["ok"], foreign["kind"]) == (False, "unknown")
        assert (
            door.command(self.token(key, b.OFFICER, b.POLICE), payload, schema, command)["answer"]["state"]
            == "accepted"
        )

    def test_answers_questions(self, school: World, door: OpenDoor, key: SigningKey) -> None:
        """As JSON values."""
        referral = school.request()
        payload = {"data": {"referral": str(referral)}}
        token = self.token(key, b.HEAD, b.SCHOOL)
        answer = door.query(token, payload, schemas.OneReferral(), queries.show_referral)
        assert answer["answer"]["facts"] == dict(b.FACTS)
        assert answer["answer"]["open_to"] == {"approve": False}
