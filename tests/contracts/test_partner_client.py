"""The reference client against the courier: over the real broker, and in one process where the suite is embedded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from uuid import uuid4

import pytest

from cli import partner_client
from cli.partner_client import AgencyKeys, NotOursError, PartnerClient
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import State
from services.referrals.partners.broker import PartnerBroker
from services.referrals.partners.courier import Courier
from services.referrals.partners.provisioning import (
    ProvisioningError,
    provision_virtual_host,
    remove_virtual_host,
)
from services.referrals.tests import builders as b
from services.referrals.tests.world import World
from shared.messaging.transport import EMBEDDED_URL


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An installation's referrals service."""
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture(params=["embedded", "amqp"])
def url(request: pytest.FixtureRequest) -> str:
    """The broker of the suite's two ways to run."""
    if request.param == "embedded":
        return EMBEDDED_URL
    address: str = request.getfixturevalue("amqp_vhost")
    return address


@pytest.fixture
def host(url: str) -> str:
    """The agency's virtual host."""
    return unquote(urlsplit(url).path[1:]) or f"police-{uuid4().hex}"


@pytest.fixture
def keys() -> AgencyKeys:
    """The agency's keys."""
    return AgencyKeys.generate()


@pytest.fixture
def courier(world: World, url: str, host: str, keys: AgencyKeys) -> Iterator[Courier]:
    """The courier of an installation whose police are reached over AMQP."""
    world.hear_of_agency(b.POLICE, "police", "amqp", virtual_host=host, **keys.public())
    world.hear_of_case((b.HEAD, "head"), (b.PEDAGOGUE, "social_pedagogue"))
    world.settle()
    courier = Courier.of(world.service, url)
    courier.deliver_due()
    yield courier
    courier.close()


@pytest.fixture
def client(courier: Courier, url: str, host: str, keys: AgencyKeys) -> Iterator[PartnerClient]:
    """The police's program."""
    with PartnerClient(url, b.POLICE, keys, courier.keys.public(), virtual_host=host) as client:
        yield client


class TestTheReferenceClient:
    @pytest.mark.requirement("REF-04")
    def test_takes_a_referral_and_its_answers_come_back(
        self, world: World, courier: Courier, client: PartnerClient
    ) -> None:
        """Accepted, begun, completed: each becomes an event of the school's record."""
        referral = world.request()
        assert courier.deliver_due() == 1
        (incoming,) = client.take(0.5)
        assert incoming.kind == "requested"
        assert incoming.data["facts"] == b.FACTS
        place = client.place(incoming)
        assert place is not None
        assert place.school == str(b.SCHOOL)
        assert 1 <= place.position <= place.size
        states = []
        for kind, data in (("accepted", {}), ("begun", {}), ("completed", {"outcome": "helped", "text": "Көмек"})):
            client.answer(incoming, kind, data)
            assert courier.take_answers(10) == 1
            states.append(world.application.for_tenant(b.SCHOOL).get(Referral, referral).state)
        assert states == [State.ACCEPTED, State.IN_PROGRESS, State.COMPLETED]
        assert list(client.refusals()) == []

    def test_does_not_believe_a_place_that_is_not_proven(
        self, world: World, courier: Courier, client: PartnerClient
    ) -> None:
        world.request()
        courier.deliver_due()
        (incoming,) = client.take(0.5)
        proof = incoming.data["proof"]
        for changed in ({"position": 99}, {"leaf_hash": ""}, {"checkpoint": "not a note"}, {"path": proof["path"][1:]}):
            lying = replace(incoming, data={"proof": proof | changed})
            with pytest.raises(NotOursError, match=r"proof_wrong|proof_malformed"):
                client.place(lying)
        assert client.place(replace(incoming, data={})) is None

    def test_hears_why_an_answer_was_not_taken(self, world: World, courier: Courier, client: PartnerClient) -> None:
        """A code that is not on the list."""
        referral = world.request()
        courier.deliver_due()
        sent = client.answer(str(referral), "declined", {"reason": "келіспеймін"})
        assert courier.take_answers(10) == 1
        (refusal,) = client.refusals()
        assert (refusal["id"], refusal["code"]) == (sent, "common.invalid_input")

    def test_takes_a_message_that_came_twice_once(self, courier: Courier, client: PartnerClient, world: World) -> None:
        """After a crash of ours the same message comes again."""
        world.request()
        execute = world.application.execute
        world.application.execute = _power_cut  # type: ignore[method-assign,assignment]
        courier.deliver_due()
        world.application.execute = execute  # type: ignore[method-assign]
        courier.deliver_due()
        assert len(list(client.take(0.5))) == 1

    def test_does_not_believe_a_message_for_another_agency(self, courier: Courier, client: PartnerClient) -> None:
        """Neither does it loop over it."""
        PartnerBroker(courier.broker, _host_of(courier)).send(b"{}", message_id="1", expires=None)
        with pytest.raises(NotOursError):
            list(client.take(0.5))
        assert list(client.take(0.1)) == []

    def test_imports_nothing_of_the_suite(self) -> None:
        """An agency can take the file as it is."""
        tree = ast.parse(Path(partner_client.__file__).read_text("utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert not {module for module in modules if module.split(".")[0] in ("services", "shared", "cli")}


class TestAVirtualHostOfItsOwn:
    @pytest.mark.requirement("REF-04")
    def test_is_made_with_a_user_who_can_read_and_answer_and_nothing_else(self, amqp_url: str) -> None:
        """Made twice it is the same, with a new password; the agency's user makes no queues and reads no answers."""
        host = f"qorgan-test-{uuid4().hex[:12]}"
        try:
            provision_virtual_host(host, broker=amqp_url)
            access = provision_virtual_host(host, broker=amqp_url)
            parts = urlsplit(amqp_url)
            own = f"amqp://{quote(access.user)}:{quote(access.password)}@{parts.hostname}:{parts.port or 5672}"
            partner, ours = PartnerBroker(own, host), PartnerBroker(amqp_url, host)
            partner.send(b"{}", message_id="1", expires=None, to="answers")
            ours.send(b"{}", message_id="1", expires=None)
            (referral,) = partner.waiting("referrals")
            referral.ack()
            for forbidden in (lambda: list(partner.waiting("answers")), lambda: _make_a_queue(partner)):
                with pytest.raises(Exception, match="ACCESS_REFUSED"):
                    forbidden()
                partner.close()
            ours.close()
        finally:
            remove_virtual_host(host, host)

    def test_is_refused_with_what_each_way_said(self, amqp_url: str) -> None:
        """Neither a management API nor rabbitmqctl: the error names both."""
        with pytest.raises(ProvisioningError, match=r"management API vhosts: .*; /nowhere/rabbitmqctl: FileNotFound"):
            provision_virtual_host(
                "x", broker=amqp_url, management="http://127.0.0.1:9", rabbitmqctl="/nowhere/rabbitmqctl"
            )


def _make_a_queue(partner: PartnerBroker) -> None:
    partner.channel.queue_declare("өзіміздікі", durable=True)


def _host_of(courier: Courier) -> str:
    (route,) = [route for _, route in courier._routes.values() if route is not None]
    return route.broker.virtual_host


def _power_cut(*_: object, **__: object) -> None:
    raise RuntimeError("тоқ сөнді")
