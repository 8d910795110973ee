"""Carries referrals to agencies that are reached over AMQP, and their answers back as commands (REF-04).

Sending: publish, wait for the broker's confirmation, then record the delivery under a derived id. A crash between the
two sends the same CloudEvent again. Receiving: verify, execute, then acknowledge; the CloudEvent's id is the command's.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from kombu.exceptions import OperationalError
from sqlalchemy import select

from services.referrals.application import ReferralsApplication
from services.referrals.commands import RecordDelivery
from services.referrals.domain.agency import Agency
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import Channel, OutMessage
from services.referrals.partners import codec, documents, replies
from services.referrals.partners.broker import PartnerBroker, UndeliveredError
from services.referrals.partners.codec import Message, RefusedMessageError
from services.referrals.partners.keys import PartnerKeys, SuiteKeys
from services.referrals.partners.mail import Post
from services.referrals.partners.names import REFUSED
from services.referrals.partners.sending import Sending
from services.referrals.partners.webhooks import WebhookCaller
from services.referrals.read_models import directory, messages_to_send
from shared.domain import Actor
from shared.ids import derived_id
from shared.ledger.checkpoint_log import CheckpointLog
from shared.ledger.place_proof import Notary
from shared.logging import facts_of, log
from shared.messaging.transport import EMBEDDED_URL
from shared.runners.parts import ServiceApp

SHORTEST_LIFE = timedelta(days=1)
POLL_SECONDS = 0.05
BREATH_SECONDS = 0.5
BROKER_ERRORS = (OperationalError, OSError, UndeliveredError)


@dataclass(frozen=True)
class Outside:
    """How agencies without a broker are reached: what may be called, and the mail server, if there is one."""

    caller: WebhookCaller
    post: Post | None = None


ALONE = Outside(WebhookCaller())


@dataclass
class _Route:
    """An agency that is reached over AMQP: its keys, and its virtual host."""

    agency: UUID
    broker: PartnerBroker
    keys: PartnerKeys
    is_declared: bool = False


class Courier:
    """For one thread (or green thread); `broker` is a URL without virtual host."""

    def __init__(
        self,
        application: ReferralsApplication,
        keys: SuiteKeys,
        broker: str,
        notary: Notary | None = None,
        outside: Outside = ALONE,
    ) -> None:
        """`notary` proves to agencies that what they are asked stands in the school's ledger."""
        self.application = application
        self.notary = notary
        self.keys = keys
        self.broker = broker
        self._routes: dict[UUID, tuple[int, _Route | None]] = {}
        self.sending = Sending(
            application, write=self._message, seal=self._sealed, caller=outside.caller, post=outside.post
        )

    @classmethod
    def of(cls, service: ServiceApp, broker: str | None, outside: Outside = ALONE) -> Self:
        """The courier of a built service; its keys lie beside the public ones, in `partners`."""
        if not isinstance(service.application, ReferralsApplication):
            raise TypeError("the courier carries for referrals only")
        keys = replies.keys_of(service.signing_key, service.public_keys)
        parts = service.application.parts
        notary = Notary(
            database=service.database,
            checkpoint_log=CheckpointLog(service.database, service.name, parts.platform, parts.tenant_keys),
            signing_key=service.signing_key,
            key_name=service.key_name,
        )
        return cls(service.application, keys, broker or EMBEDDED_URL, notary, outside)

    def run(self, stop: threading.Event) -> None:
        """Delivers and takes answers until told to stop."""
        while not stop.is_set():
            try:
                moved = self.deliver_due() + self.sending.deliver_due() + self.take_answers(0)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                log().warning("courier.interrupted", **facts_of(error))
                moved = 0
            if not moved:
                stop.wait(BREATH_SECONDS)
        self.close()

    def close(self) -> None:
        """Lets go of all connections."""
        for _, route in self._routes.values():
            if route is not None:
                route.broker.close()

    # -- to the agencies

    def deliver_due(self) -> int:
        """Sends what is still to be sent; gives how many messages the brokers confirmed."""
        return sum(self._guarded(route, self._deliver_to) for route in self._all_routes())

    def _deliver_to(self, route: _Route) -> int:
        chosen = select(messages_to_send).where(messages_to_send.c.tenant == route.agency)
        with self.application.read(route.agency) as connection:
            rows = connection.execute(chosen).all()
        return sum(self._deliver(route, row.school, row.referral, OutMessage(row.message)) for row in rows)

    def _deliver(self, route: _Route, school: UUID, referral: UUID, message: OutMessage) -> int:
        entry = self.application.inbox_entry(referral, self.application.for_tenant(route.agency))
        if message in entry.told:
            return 0  # the read model is a moment behind
        found = self.application.for_tenant(school).get(Referral, referral)
        event = self._message(found, message, school)
        route.broker.send(self._sealed(event, route.keys), message_id=event.id, expires=self._life(found))
        self.application.execute(
            RecordDelivery(
                tenant=route.agency,
                command_id=derived_id(UUID(event.id), "delivered"),
                by=Actor(id="system:courier"),
                referral=referral,
                message=message.value,
                message_id=event.id,
            )
        )
        log().info("courier.message_delivered", agency=str(route.agency), type=event.type)
        return 1

    def _message(self, referral: Referral, message: OutMessage, school: UUID) -> Message:
        if message is OutMessage.CANCELLED:
            return documents.cancellation_of(referral)
        outcomes, reasons = (self._list(name) for name in ("outcomes", "decline_reasons"))
        proof = self._proof(school, referral)
        return documents.request_of(referral, outcomes=outcomes, decline_reasons=reasons, proof=proof)

    def _proof(self, school: UUID, referral: Referral) -> Mapping[str, Any] | None:
        """That the request stands in the school's ledger; a child waits, so without one it goes out all the same."""
        if self.notary is None:
            return None
        recorded = self.application.for_tenant(school).recorder.select_events(referral.id)
        try:
            asked = next(one for one in recorded if one.topic == Referral.Requested.TOPIC)
            return self.notary.prove(school, asked)
        except Exception as error:  # noqa: BLE001 - a damaged ledger is the follower's to report
            log().critical("courier.no_proof", tenant=str(school), **facts_of(error))
            return None

    def _list(self, name: str) -> list[str]:
        return list(self.application.regulations.at(f"referrals.{name}", self.application.clock.now()).value)

    def _sealed(self, message: Message, keys: PartnerKeys) -> bytes:
        return codec.to_wire(
            message,
            signing=self.keys.signing,
            signing_id=self.keys.signing_id,
            encryption=keys.encryption,
            encryption_id=keys.encryption_id,
        )

    def _life(self, referral: Referral) -> timedelta:
        """A message expires when the agency owes its report, a day from now at the earliest."""
        last = max(deadline.due_at for deadline in referral.deadlines.values())
        return max(last - self.application.clock.now(), SHORTEST_LIFE)

    # -- from the agencies

    def take_answers(self, timeout: float) -> int:
        """Takes the answers that wait; where there are none, waits for the first until `timeout` (seconds) is over."""
        ends = time.monotonic() + timeout
        while True:
            taken = sum(self._guarded(route, self._take_from) for route in self._all_routes())
            if taken or time.monotonic() >= ends:
                return taken
            time.sleep(POLL_SECONDS)  # a poll with a deadline

    def _take_from(self, route: _Route) -> int:
        taken = 0
        for message in route.broker.waiting():
            try:
                self._take(route, _bytes(message.body))
            except RefusedMessageError as refused:
                self._refuse(route, refused)
            except Exception:
                message.requeue()  # nothing is wrong with the message: it is tried again
                raise
            message.ack()
            taken += 1
        return taken

    def _take(self, route: _Route, body: bytes) -> None:
        type_ = replies.take(self.application, self.keys, route.agency, route.keys.signing, body)
        log().info("courier.answer_taken", agency=str(route.agency), type=type_)

    def _refuse(self, route: _Route, refused: RefusedMessageError) -> None:
        """Says in the queue of refusals which message was not taken and why; of its content nothing is kept."""
        log().warning("courier.answer_refused", agency=str(route.agency), code=refused.code)
        letter = {"id": refused.id, "code": refused.code, "at": self.application.clock.now().isoformat()}
        route.broker.send(json.dumps(letter).encode(), message_id=refused.id or "", expires=None, to=REFUSED)

    # -- who is reached how

    def _guarded(self, route: _Route, work: Callable[[_Route], int]) -> int:
        """Does the work for one agency; a broker that does not answer is one agency's trouble, not the others'."""
        try:
            if not route.is_declared:
                route.broker.declare()
                route.is_declared = True
            return work(route)
        except BROKER_ERRORS as error:
            log().warning("courier.agency_not_reached", agency=str(route.agency), **facts_of(error))
        except Exception as error:  # noqa: BLE001 - one agency's trouble is not the others'
            log().error("courier.agency_failed", agency=str(route.agency), **facts_of(error))
        route.broker.close()
        route.is_declared = False
        return 0

    def _all_routes(self) -> Iterator[_Route]:
        platform = self.application.parts.platform
        chosen = select(directory.c.agency, directory.c.version).where(
            directory.c.tenant == platform, directory.c.channel == Channel.AMQP.value
        )
        with self.application.read(platform) as connection:
            entries = connection.execute(chosen).all()
        for agency, version in entries:
            route = self._route(agency, version)
            if route is not None:
                yield route

    def _route(self, agency: UUID, version: int) -> _Route | None:
        """The route to an agency; made anew where its entry has changed since."""
        known, route = self._routes.get(agency, (0, None))
        if known != version:
            if route is not None:
                route.broker.close()
            route = self._new_route(self.application.agency(agency))
            self._routes[agency] = (version, route)
        return route

    def _new_route(self, agency: Agency) -> _Route | None:
        if not (agency.virtual_host and agency.encryption_key and agency.signing_key):
            log().error("courier.agency_entry_incomplete", agency=str(agency.id))
            return None
        try:
            keys = PartnerKeys.of_entry(agency.encryption_key, agency.signing_key)
        except (ValueError, KeyError) as error:
            log().error("courier.agency_keys_unusable", agency=str(agency.id), **facts_of(error))
            return None
        broker = PartnerBroker(self.broker, agency.virtual_host)
        return _Route(agency.id, broker, keys)


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
