"""A referral goes out over a real broker to a foreign program, and its answers come back as commands."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

import pytest

from services.referrals import commands, queries
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import State
from services.referrals.partners.broker import PartnerBroker, UndeliveredError
from services.referrals.partners.courier import Courier
from services.referrals.tests import builders as b
from services.referrals.tests.partners.independent_client import Contract, IndependentClient, KeyPairs
from services.referrals.tests.world import World
from shared.ledger.damage import LedgerDamagedError

CONTRACT = Path(__file__).parents[4] / "docs" / "partners" / "asyncapi.yaml"


@dataclass
class Line:
    """The school's side and the partner's, and a virtual host between them."""

    world: World
    courier: Courier
    partner: IndependentClient
    broker: PartnerBroker

    def state(self, referral: UUID) -> State:
        """As the school's record says."""
        return self.world.application.for_tenant(b.SCHOOL).get(Referral, referral).state

    def waiting_refusals(self) -> list[bytes]:
        """Everything in the queue of refusals."""
        return [message.body for message in self.broker.waiting("refused")]


@pytest.fixture
def line(world: World, amqp_vhost: str) -> Iterator[Line]:
    """The police are reached over AMQP, health by its inbox."""
    keys, host = KeyPairs(), unquote(urlsplit(amqp_vhost).path[1:])
    world.hear_of_agency(
        b.POLICE,
        "police",
        "amqp",
        virtual_host=host,
        encryption_key=keys.public_encryption_jwk(),
        signing_key=keys.public_signing_jwk(),
    )
    world.hear_of_agency(b.HEALTH, "health")
    world.hear_of_case((b.HEAD, "head"), (b.PEDAGOGUE, "social_pedagogue"))
    world.settle()
    courier = Courier.of(world.service, amqp_vhost)
    assert courier.deliver_due() == 0  # makes the queues
    partner = IndependentClient(Contract(CONTRACT), amqp_vhost, str(b.POLICE), keys, courier.keys.public())
    broker = PartnerBroker(amqp_vhost, host)
    yield Line(world, courier, partner, broker)
    partner.close()
    broker.close()
    courier.close()


class TestAReferralOverAmqp:
    @pytest.mark.requirement("REF-03")
    @pytest.mark.requirement("REF-04")
    def test_is_received_accepted_and_completed_by_a_program_that_knows_only_the_document(self, line: Line) -> None:
        """The closed loop: signed and encrypted out, signed and encrypted back, each step an event."""
        referral = line.world.request()
        assert line.courier.deliver_due() == 1
        document = line.partner.take()
        assert document["type"] == "kz.qorgan.referral.requested.v1"
        assert document["subject"] == str(referral)
        assert document["data"]["facts"] == b.FACTS
        assert "measures_taken" in document["data"]["reply"]["outcomes"]
        line.partner.publish(line.partner.answer("accepted", str(referral), {}))
        assert line.courier.take_answers(10) == 1
        assert line.state(referral) is State.ACCEPTED
        outcome = {"outcome": "measures_taken", "text": "Қорғау нұсқамасы шығарылды."}
        line.partner.publish(line.partner.answer("completed", str(referral), outcome))
        assert line.courier.take_answers(10) == 1
        shown = queries.show_referral(line.world.application, b.SCHOOL, b.PEDAGOGUE, referral=referral)
        assert shown["state"] == "completed"
        assert shown["answer"] == outcome
        assert shown["delivered_at"] is not None

    @pytest.mark.requirement("REF-03")
    def test_carries_no_more_than_the_template_and_nothing_in_the_clear(self, line: Line) -> None:
        """Who looks into the broker sees ids and times; who opens the message sees no case and no names of staff."""
        referral = line.world.request()
        line.courier.deliver_due()
        (message,) = line.broker.waiting("referrals")
        for told in ("Әділет", str(b.CASE), "physical", "what_happened"):
            assert told not in str(message.body)
        message.requeue()
        document = line.partner.take()
        assert str(b.CASE) not in json.dumps(document)
        assert set(document["data"]) == {"purpose", "urgency", "template", "facts", "reply", "proof"}
        assert document["subject"] == str(referral)

    def test_carries_the_proof_that_it_stands_in_its_schools_ledger(self, line: Line) -> None:
        """Checked from the document alone: up to the checkpoint that witnesses cosign; of others there is nothing."""
        line.world.hear_of_case(case=uuid4())  # another event of the school
        referral = line.world.request()
        line.courier.deliver_due()
        data = line.partner.take()["data"]
        place = line.partner.place(data)
        recorded = line.world.application.for_tenant(b.SCHOOL).recorder.select_events(referral)
        asked = next(one for one in recorded if one.topic == "referrals.referral_requested")
        assert (place["school"], place["position"], place["leaf_hash"]) == (str(b.SCHOOL), asked.id, asked.leaf_hash)
        assert place["origin"].startswith("qorgan/referrals.checkpoints/")
        for change in (
            {"position": data["proof"]["position"] + 1},
            {"leaf_hash": b64encode(bytes(32)).decode()},
            {"checkpoint": data["proof"]["checkpoint"].replace("\n", "\n1", 1)},
            {"entry": data["proof"]["entry"] | {"payload": b64encode(bytes(150)).decode()}},
            {"entry": data["proof"]["entry"] | {"leaf": b64encode(bytes(300)).decode()}},
        ):
            with pytest.raises(Exception, match=r".*"):
                line.partner.place({"proof": data["proof"] | change})

    def test_goes_out_without_a_proof_where_the_ledger_is_damaged(
        self, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A child waits: the damage is for the follower and the auditors to report."""

        def damaged(*_: object) -> None:
            raise LedgerDamagedError("referrals", b.SCHOOL, 1, "leaf_differs")

        monkeypatch.setattr("shared.ledger.place_proof.make_checkpoint", damaged)
        line.world.request()
        assert line.courier.deliver_due() == 1
        assert "proof" not in line.partner.take()["data"]

    def test_is_sent_once_though_the_read_model_lags_behind(self, line: Line) -> None:
        """The delivery stands in the aggregate before it stands in the table."""
        line.world.request()
        assert [line.courier.deliver_due(), line.courier.deliver_due()] == [1, 0]
        line.world.settle()
        assert line.courier.deliver_due() == 0

    def test_is_sent_again_with_the_same_id_after_a_crash_between_sending_and_recording(self, line: Line) -> None:
        """The partner can tell that it is the same message."""
        line.world.request()
        execute = line.world.application.execute
        line.world.application.execute = _power_cut  # type: ignore[method-assign,assignment]
        assert line.courier.deliver_due() == 0
        line.world.application.execute = execute  # type: ignore[method-assign]
        assert line.courier.deliver_due() == 1
        assert line.partner.take()["id"] == line.partner.take()["id"]

    def test_that_is_taken_back_is_followed_by_its_cancellation(self, line: Line) -> None:
        """The agency need not work for nothing."""
        referral = line.world.request()
        line.courier.deliver_due()
        line.world.do(commands.CancelReferral, b.SCHOOL, b.HEAD, referral=referral, reason="no_longer_needed")
        line.world.settle()
        assert line.courier.deliver_due() == 1
        types = [line.partner.take()["type"] for _ in range(2)]
        assert types == ["kz.qorgan.referral.requested.v1", "kz.qorgan.referral.cancelled.v1"]
        line.world.settle()
        assert line.courier.deliver_due() == 0

    def test_that_no_queue_would_take_is_not_said_to_be_delivered(self, line: Line) -> None:
        """A confirmation without a queue is no delivery."""
        line.broker.channel.queue_delete("referrals")
        with pytest.raises(UndeliveredError):
            line.broker.send(b"{}", message_id="1", expires=timedelta(minutes=1))

    def test_to_an_agency_with_an_inbox_does_not_touch_the_broker(self, line: Line) -> None:
        """Its delivery is the inbox."""
        referral = line.world.request(b.HEALTH, facts=b.HEALTH_FACTS)
        assert line.courier.deliver_due() == 0
        found = line.world.application.for_tenant(b.SCHOOL).get(Referral, referral)
        assert found.delivered_at is not None


class TestAnswersThatAreNotTaken:
    def refused(self, line: Line, body: bytes) -> str:
        """The code with which it is refused; whatever it was, nothing of it lies in the queue of refusals."""
        line.partner.publish(body)
        assert line.courier.take_answers(10) == 1
        letter = line.partner.refusal()
        assert set(letter) == {"id", "code", "at"}
        code: str = letter["code"]
        return code

    @pytest.mark.requirement("REF-04")
    def test_undecodable_unsigned_or_wrongly_addressed(self, line: Line) -> None:
        """Each is refused by its own code, and the referral stays as it was."""
        referral = line.world.request()
        line.courier.deliver_due()
        partner, about = line.partner, str(referral)
        stranger = IndependentClient(partner.contract, *_stranger(line))
        plain = json.loads(partner.answer("accepted", about, {}))
        told = {
            b"{not json": "not_json",
            b'{"specversion":"1.0","id":"x"}': "id_is_no_uuid",
            json.dumps(plain | {"data": "plain text about Aru"}).encode(): "does_not_open",
            json.dumps(plain | {"datacontenttype": "application/json"}).encode(): "not_encrypted",
            json.dumps(plain | {"subject": str(uuid4())}).encode(): "attributes_differ",
            json.dumps(plain | {"source": "urn:uuid:" + str(b.HEALTH)}).encode(): "another_source",
            stranger.answer("accepted", about, {}): "wrongly_signed",
            partner.answer("accepted", about, {}, audience="urn:uuid:" + str(b.HEALTH)): "another_audience",
            partner.answer("requested", about, {}): "unknown_type",
            partner.answer("completed", about, {"text": "…"}): "unreadable_data",
            partner.answer("accepted", str(uuid4()), {}): "common.unknown",
            partner.answer("completed", about, {"outcome": "measures_taken"}): "referrals.step_out_of_order",
        }
        assert {body: self.refused(line, body) for body in told} == told
        assert line.state(referral) is State.REQUESTED
        stranger.close()

    @pytest.mark.requirement("REF-04")
    def test_for_another_agencys_referral(self, line: Line) -> None:
        """To the police a referral to the polyclinic is as unknown as one that never was."""
        to_health = line.world.request(b.HEALTH, facts=b.HEALTH_FACTS)
        assert self.refused(line, line.partner.answer("accepted", str(to_health), {})) == "common.unknown"
        assert line.state(to_health) is State.REQUESTED

    def test_replayed_with_other_content(self, line: Line) -> None:
        """The same id is the same answer, or it is refused."""
        referral = str(line.world.request())
        line.courier.deliver_due()
        same = str(uuid4())
        line.partner.publish(line.partner.answer("accepted", referral, {}, id=same, time="2026-11-23T04:00:00Z"))
        assert line.courier.take_answers(10) == 1
        for other in (
            line.partner.answer("declined", referral, {"reason": "no_capacity"}, id=same),
            line.partner.answer("accepted", referral, {}, id=same, time="2026-11-23T05:00:00Z"),
        ):
            assert self.refused(line, other) == "replayed_with_other_content"
        assert line.state(UUID(referral)) is State.ACCEPTED

    def test_replays_of_the_same_are_harmless(self, line: Line) -> None:
        """Whether the broker delivers twice or the partner sends twice."""
        referral = line.world.request()
        line.courier.deliver_due()
        body = line.partner.answer("accepted", str(referral), {})
        line.partner.publish(body)
        line.partner.publish(body)
        taken = line.courier.take_answers(10)
        if taken < 2:
            taken += line.courier.take_answers(10)
        assert taken == 2
        assert line.waiting_refusals() == []
        assert line.state(referral) is State.ACCEPTED

    def test_stay_in_the_queue_while_our_side_fails(self, line: Line) -> None:
        """What is wrong on our side is tried again, not refused."""
        referral = line.world.request()
        line.courier.deliver_due()
        line.partner.publish(line.partner.answer("accepted", str(referral), {}))
        execute = line.world.application.execute
        line.world.application.execute = _power_cut  # type: ignore[method-assign,assignment]
        assert line.courier.take_answers(1) == 0
        line.world.application.execute = execute  # type: ignore[method-assign]
        assert line.courier.take_answers(10) == 1
        assert line.state(referral) is State.ACCEPTED


def _power_cut(*_: object, **__: object) -> None:
    raise RuntimeError("тоқ сөнді")


def _stranger(line: Line) -> tuple[str, str, KeyPairs, dict[str, object]]:
    """Somebody with the police's password and other keys."""
    url = line.broker._url
    return url, str(b.POLICE), KeyPairs(), line.courier.keys.public()
