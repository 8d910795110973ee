"""What an agency tries its own software against, alone: a school's side of one referral, with no city behind it.

It seals what a city would send and judges what comes back by a city's own code: the codec opens and verifies, the real
referral takes the step or refuses it. What is asked is a sample; nothing is kept when it ends.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from marshmallow import ValidationError

from services.referrals.bootstrap import REGULATIONS, templates
from services.referrals.commands import (
    AcceptReferral,
    BeginWork,
    CompleteReferral,
    DeclineReferral,
    PartnerCommand,
)
from services.referrals.domain import rules
from services.referrals.domain.referral import Deadline, Referral
from services.referrals.domain.templates import TemplateField
from services.referrals.domain.values import ENDED, AgencyKind, Clock, Purpose, Urgency
from services.referrals.partners import codec, documents
from services.referrals.partners.codec import RefusedMessageError
from services.referrals.partners.keys import PUBLIC_FILE, PartnerKeys, SuiteKeys
from services.referrals.partners.names import US, urn_of
from services.referrals.partners.replies import REPLAYED
from shared.domain import Actor, DomainError
from shared.regulation import RuleBook
from shared.sealing.files import write_once
from shared.signing import SigningKey

SIGNING_FILE, SECRET_FILE = "signing.pem", "webhook.secret"
SCHOOL = Actor(id="system:sandbox", roles=frozenset({"head"}))
_SAMPLES: Mapping[str, Any] = {"text": "Үлгі: Әділет Ғабитов, 5 «Б» сынып", "date": "2014-03-08", "yes_no": False}

WORDS: Mapping[str, str] = {
    "not_json": "The body is no JSON in UTF-8.",
    "not_a_cloudevent": "The body is no CloudEvent 1.0: specversion, id, source, type, subject, time must be texts.",
    "id_is_no_uuid": "The CloudEvent's id is no UUID. Make a new one for each answer.",
    "too_large": "The body is larger than 2 MiB.",
    "not_encrypted": "datacontenttype must be application/jose, and data a text: the compact JWE.",
    "another_source": "source must be urn:uuid: and the agency's id in lower case.",
    "does_not_open": "The JWE does not open. Encrypt to our key of `use: enc`: ECDH-ES+A256KW, A256GCM, compact.",
    "wrongly_signed": "The JWS does not hold. Sign with the Ed25519 key that you registered, alg EdDSA, compact.",
    "unreadable_document": "What is signed must be a JSON object with id, source, type, subject, time, audience, data.",
    "attributes_differ": "id, source, type, subject, time must be the same texts in the document as in the CloudEvent.",
    "another_audience": "The document's audience must be urn:qorgan:referrals.",
    "unknown_type": "type must be kz.qorgan.referral.accepted.v1, or declined, begun, completed in its place.",
    "unreadable_data": "The document's data has a field too many, too few, or of another type.",
    REPLAYED: "This id came before with other signed bytes. Sign an answer once, and send those bytes again.",
    "common.unknown": "subject is no referral that was sent here. Take it from the request.",
    "common.invalid_input": "A code is not on the list that the request gave in reply.",
    "referrals.step_out_of_order": "The referral is in another state: accept or decline, then begin, then complete.",
    "referrals.referral_already_ended": "The referral has ended already: nothing more is taken for it.",
}


@dataclass(frozen=True)
class Verdict:
    """What a city would say to an answer: `type` where it takes it, or the code of why not, in words."""

    id: str | None
    type: str | None = None
    code: str | None = None
    state: str | None = None
    faults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """For whoever wrote the program."""
        if self.code is None:
            return f"{self.type} is right: the referral is {self.state} now."
        at_fault = "".join(f" {name}: {', '.join(map(str, codes))}." for name, codes in sorted(self.faults.items()))
        return WORDS.get(self.code, "It was not taken.") + at_fault


class Sandbox:
    """A school's side for one agency; `public` are the agency's two public keys, it would be registered with them."""

    def __init__(
        self, folder: Path, agency: UUID, public: Mapping[str, Any], kind: AgencyKind = AgencyKind.POLICE
    ) -> None:
        """`folder` keeps the sandbox's own keys, made when there are none. Raises ValueError for a wrong key."""
        self.agency, self.kind = agency, kind
        self.partner = PartnerKeys.of_entry(public["encryption_key"], public["signing_key"])
        self.public_file = folder / PUBLIC_FILE
        self.keys = SuiteKeys.load(folder, _signing_key(folder / SIGNING_FILE))
        write_once(folder / SECRET_FILE, f"whsec_{b64encode(os.urandom(32)).decode()}\n".encode())
        self.secret = (folder / SECRET_FILE).read_text().strip()
        self._book = RuleBook.load(REGULATIONS)
        self._referrals: dict[UUID, Referral] = {}
        self._digests: dict[str, str] = {}

    def request(self) -> codec.Message:
        """A sample that a school asks, with the fields of the agency's template."""
        now = datetime.now(UTC)
        template = templates().in_force(self.kind, now.date())
        facts = {name: _sample(one) for name, one in template.fields.items()}
        referral = Referral.draft(
            id=uuid4(),
            case=uuid4(),
            agency=self.agency,
            kind=self.kind,
            purpose=Purpose.NOTIFICATION,
            urgency=Urgency.NORMAL,
            template=template,
            facts=facts,
            by=SCHOOL,
            at=now,
        )
        referral.approve(fields=sorted(facts), rule="sandbox", by=SCHOOL, at=now)
        due = {clock: self._book.deadline(f"referrals.{clock}_{Urgency.NORMAL}", now) for clock in Clock}
        clocks = {clock: Deadline(deadline.due_at, deadline.rule) for clock, deadline in due.items()}
        referral.request(clocks=clocks, by=SCHOOL, at=now)
        self._referrals[referral.id] = referral
        return documents.request_of(
            referral,
            outcomes=self._listed("referrals.outcomes"),
            decline_reasons=self._listed("referrals.decline_reasons"),
        )

    def cancellation(self, referral: UUID) -> codec.Message:
        """The school takes a sample back."""
        found = self._referrals[referral]
        found.cancel(reason="no_longer_needed", by=SCHOOL, at=datetime.now(UTC))
        return documents.cancellation_of(found)

    def sealed(self, message: codec.Message) -> bytes:
        """As it goes over the wire."""
        return codec.to_wire(
            message,
            signing=self.keys.signing,
            signing_id=self.keys.signing_id,
            encryption=self.partner.encryption,
            encryption_id=self.partner.encryption_id,
        )

    def judge(self, body: bytes) -> Verdict:
        """What a city would say to an answer."""
        try:
            received = codec.from_wire(
                body,
                opening=self.keys.encryption,
                verifying=self.partner.signing,
                source=urn_of(self.agency),
                audience=US,
            )
            command = documents.command_of(received, self.agency)
        except RefusedMessageError as refused:
            return Verdict(refused.id, code=refused.code, faults=_fields_at_fault(refused))
        name, type_ = received.message.id, received.message.type
        known = self._digests.get(name)
        if known is not None and known != received.digest:
            return Verdict(name, code=REPLAYED)
        referral = self._referrals.get(received.message.subject)
        if referral is None:
            return Verdict(name, code="common.unknown")
        try:
            if known is None:
                self._do(referral, command)
        except DomainError as refusal:
            faults = refusal.facts.get("faults") or {fact: [value] for fact, value in refusal.facts.items()}
            return Verdict(name, code=refusal.code, faults=faults)
        self._digests[name] = received.digest
        return Verdict(name, type=type_, state=referral.state.value)

    def has_ended(self, referral: UUID) -> bool:
        """Whether nothing more is to be said of a sample."""
        return self._referrals[referral].state in ENDED

    def _do(self, referral: Referral, command: PartnerCommand) -> None:
        acted: dict[str, Any] = {"agency": self.agency, "by": command.by, "at": datetime.now(UTC)}
        match command:
            case AcceptReferral():
                referral.accept(**acted)
            case BeginWork():
                referral.begin(**acted)
            case DeclineReferral(reason=reason, text=text):
                rules.code_is_on_the_list("reason", reason, self._listed("referrals.decline_reasons"))
                referral.decline(reason=reason, text=text, **acted)
            case CompleteReferral(outcome=outcome, text=text):
                rules.code_is_on_the_list("outcome", outcome, self._listed("referrals.outcomes"))
                referral.complete(outcome=outcome, text=text, **acted)

    def _listed(self, key: str) -> list[str]:
        return list(self._book.at(key, datetime.now(UTC)).value)


def _signing_key(path: Path) -> SigningKey:
    if not path.exists():
        SigningKey.generate("referrals").save(path)
    return SigningKey.load(path, "referrals")


def _sample(one: TemplateField) -> Any:
    return sorted(one.choices)[:1] if one.type == "codes" else _SAMPLES[one.type]


def _fields_at_fault(refused: RefusedMessageError) -> Mapping[str, Any]:
    """Which fields of `data` it was, where the message was read so far."""
    found = refused.__context__
    return found.messages_dict if isinstance(found, ValidationError) else {}
