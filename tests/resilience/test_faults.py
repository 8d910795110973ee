"""Whatever happens to broker, processes and databases: no event lost, none handled twice, order kept (issue 3).

One flow of reports through one installation; each test does its harm while it flows, and ends with everything settled,
compared and verified (checkpoints.py), in any order.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from shared.messaging.pull import pull_page
from shared.messaging.transport import exchange_of
from shared.signing import SigningKey
from shared.testing.waiting import wait_until
from tests.resilience.checkpoints import UNTIL_DEADLINES_PASS, Checkpoints
from tests.resilience.flow import Flow
from tests.resilience.installation import PROCESSES, Installation

SEED = 20261122
MANY = 50  # events between two blows
NOTICE_SECONDS = 300.0


class TestAFaultInTheBroker:
    """The broker may lose everything, we lose nothing."""

    def test_being_killed_and_started_loses_nothing(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """Reports keep coming while it is away; what it would have carried arrives when it is back."""
        with flow.running():
            flow.wait_for(MANY)
            installation.rabbitmq.kill()
            flow.wait_for(MANY)
        installation.rabbitmq.start()
        checkpoints.pass_()

    def test_losing_its_queues_loses_nothing(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """Those of the events with what is in them, and those that calls come in by."""
        with flow.running():
            flow.wait_for(MANY)
            installation.delete_queues()
            flow.wait_for(MANY)
            installation.delete_queues()
        checkpoints.pass_()

    def test_being_replaced_by_an_empty_one_loses_nothing(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """Stopped in good order; then a new node, on which the virtual host is made again."""
        with flow.running():
            flow.wait_for(MANY)
            installation.rabbitmq.stop()
            installation.rabbitmq.wipe()
            flow.wait_for(MANY)
        installation.rabbitmq.start()
        installation.provide_virtual_host()
        checkpoints.pass_()


class TestAMessage:
    """A message is a hint: only what the source's log says is handled, in the log's order, once."""

    def test_that_comes_twice_late_forged_or_unreadable_changes_nothing(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """All of them thrown in among the sound ones."""
        rng = random.Random(SEED)
        with flow.running():
            flow.wait_for(MANY)
            forged = [*_FORGED_PLAINLY, *self._forged(flow)]
            self._throw_in(installation, [*self._replayed(flow, rng), *forged])
            flow.wait_for(MANY)
        refused = len(forged)
        wait_until(lambda: installation.said("listener.message_refused") >= refused, NOTICE_SECONDS, "the refusals")
        checkpoints.pass_()
        assert not checkpoints.observed.stopped("cases", "reports")

    def _replayed(self, flow: Flow, rng: random.Random) -> list[bytes]:
        """What five schools' reports told so far: each message twice, in no order."""
        source = flow.house.services["reports"]
        said = [message for tenant in flow.tenants[:5] for message in pull_page(source, tenant, 0, 50)] * 2
        rng.shuffle(said)
        return [json.dumps(message).encode() for message in said]

    def _forged(self, flow: Flow) -> list[bytes]:
        """Signed by a stranger; changed after it was signed; signed by `reports` but said to be of another."""
        source = flow.house.services["reports"]
        page = next(page for tenant in flow.tenants if (page := pull_page(source, tenant, 0, 1)))
        message = page[0]
        event = json.loads(message["event"])
        ahead = json.dumps(event | {"number": event["number"] + 10_000})
        stranger = SigningKey.generate("reports")
        forged: Sequence[dict[str, Any]] = (
            message | {"event": ahead},
            _signed(stranger, ahead),
            _signed(source.signing_key, json.dumps(event | {"source": "accounts"})),
            message | {"key_id": "../" * 200 + "reports-00000000"},
        )
        return [json.dumps(one).encode() for one in forged]

    def _throw_in(self, installation: Installation, bodies: Sequence[bytes]) -> None:
        with installation.broker() as opened:
            producer = opened.Producer(exchange=exchange_of("reports"))
            for body in bodies:
                producer.publish(
                    body, routing_key="x", content_type="application/json", content_encoding="utf-8", serializer=None
                )


_FORGED_PLAINLY = (b"", b"\xff\xfe", b"{", b"null", b"[]", b'{"event": 1}', b"[" * 5000, b'{"event": "\\ud800"}')


def _signed(key: SigningKey, text: str) -> dict[str, str]:
    from base64 import urlsafe_b64encode

    return {"event": text, "key_id": key.id, "signature": urlsafe_b64encode(key.sign(text.encode())).decode()}


class TestAKilledProcess:
    """Killed at any point, it leaves nothing half done, and whoever comes after goes on."""

    def test_of_any_kind_loses_nothing_and_clocks_fire_once(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """Each process of each service once, in random order at random points, while deadlines pass."""
        rng = random.Random(SEED)
        victims = [name for name in PROCESSES if not name.startswith("accounts")]
        rng.shuffle(victims)
        with flow.running():
            for name in victims:
                flow.wait_for(rng.randint(1, 4 * MANY // len(victims)))
                installation.kill(name)
                if name == victims[len(victims) // 2]:
                    installation.let_time_pass(UNTIL_DEADLINES_PASS)
                installation.start(name)
        installation.wait_until_at_work()
        checkpoints.pass_()

    def test_of_every_replica_at_once_loses_nothing(
        self, installation: Installation, flow: Flow, checkpoints: Checkpoints
    ) -> None:
        """A whole service is away for a while: those who pull from each other find each other again."""
        with flow.running():
            flow.wait_for(MANY // 2)
            of_cases, of_reports = installation.of_service("cases"), installation.of_service("reports")
            installation.kill(*of_cases)
            flow.wait_for(MANY)
            installation.start(*of_cases)
            installation.kill(*of_reports)
            flow.wait_for(MANY // 2)
            installation.start(*of_reports)
        checkpoints.pass_()
