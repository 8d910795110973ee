"""One-time links: handed over by the school or sent by mail, opened and answered by who holds them (REF-04).

What is opened by a link needs no token: its secret is what vouches for who asks. It is in no command and no answer that
is stored; a repeated command tells it no more.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.referrals import commands
from services.referrals.application.partner import LISTS, PartnerHandlers
from services.referrals.domain import access, rules
from services.referrals.domain.agency import Agency, InboxEntry
from services.referrals.domain.errors import LinkTakesNoSuchStepError
from services.referrals.domain.link import BY_LINK, SECRET_BYTES, HandedTo, Link, link_stream, read, written
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import ENDED, PARTNER_OFFICER, TRANSITIONS, OutMessage, State, Step, inbox_stream
from shared.domain import Actor, UnknownError
from shared.duties import MissDeadline
from shared.ids import derived_id
from shared.ledger.application import Answer, TenantLedger
from shared.ledger.handling import handles

STEPS: Mapping[Step, type[commands.PartnerCommand]] = {
    Step.ACCEPT: commands.AcceptReferral,
    Step.DECLINE: commands.DeclineReferral,
    Step.BEGIN: commands.BeginWork,
    Step.COMPLETE: commands.CompleteReferral,
    Step.FAIL: commands.FailReferral,
}


class LinkHandlers(PartnerHandlers):
    """A way in for who has no account."""

    # -- the school

    @handles(commands.HandOverLink)
    def hand_over_link(self, command: commands.HandOverLink, ledger: TenantLedger) -> Answer:
        """A new link, told once."""
        referral, team = self.referral_and_team(command.referral, ledger, command.by)
        self.admit(access.approving(team, command.by), command, "referral", referral.id)
        rules.agency_is_reached_by_link(self.agency(referral.agency))
        rules.step_fits_the_state(referral.state, Step.CANCEL)
        rules.referral_was_requested(referral)
        text, link = self.new_link(referral.agency)
        issued = self.execute(
            commands.IssueLink(
                tenant=referral.agency,
                command_id=derived_id(command.command_id, "issue_link"),
                by=command.by,
                cause=command.command_id,
                referral=referral.id,
                link=link,
                handed_to=HandedTo.SCHOOL.value,
            )
        )
        body = {"referral": str(referral.id), "expires_at": issued.body["expires_at"]}
        answer = ledger.save(answer=body)
        if issued.repeated:
            return answer  # died in between: of the link that was made then, nobody knows the secret
        return replace(answer, body=answer.body | {"link": text})

    @handles(commands.WithdrawLink)
    def withdraw_link(self, command: commands.WithdrawLink, ledger: TenantLedger) -> Answer:
        """It leads nowhere any more."""
        referral, team = self.referral_and_team(command.referral, ledger, command.by)
        self.admit(access.working(team, command.by, ledger.now()), command, "referral", referral.id)
        rules.agency_is_reached_by_link(self.agency(referral.agency))
        self.execute(
            commands.RevokeLink(
                tenant=referral.agency,
                command_id=derived_id(command.command_id, "revoke_link"),
                by=command.by,
                cause=command.command_id,
                referral=referral.id,
            )
        )
        return ledger.save(answer={"referral": str(referral.id)})

    @handles(commands.NoteLinkExpired)
    def note_link_expired(self, command: commands.NoteLinkExpired, ledger: TenantLedger) -> Answer:
        """Silence, where the agency had not answered (REF-07)."""
        referral = ledger.get(Referral, command.referral)
        referral.note_link_expired(due_at=command.due_at, rule=command.rule, by=command.by, at=ledger.now())
        return ledger.save(referral)

    # -- in the agency's tenant

    def new_link(self, agency: UUID) -> tuple[str, UUID]:
        """A link as it is written, and its stream."""
        secret = secrets.token_bytes(SECRET_BYTES)
        return written(agency, secret), self._stream_of(agency, secret)

    @handles(commands.IssueLink)
    def issue_link(self, command: commands.IssueLink, ledger: TenantLedger) -> Answer:
        """The new one leads there, the one before nowhere."""
        entry = self.inbox_entry(command.referral, ledger)
        before = [] if entry.link is None else [ledger.get(Link, entry.link)]
        for link in before:
            link.revoke(reason="replaced", by=command.by, at=ledger.now())
        life = ledger.book.deadline("referrals.link_life", ledger.now())
        link = Link.issue(
            id=command.link,
            referral=command.referral,
            school=entry.school,
            handed_to=HandedTo(command.handed_to),
            expires_at=life.due_at,
            rule=life.rule,
            by=command.by,
            at=ledger.now(),
        )
        entry.note_link(link=link.id, by=command.by, at=ledger.now())
        return ledger.save(link, entry, *before, answer={"expires_at": link.expires_at.isoformat()})

    @handles(commands.RevokeLink)
    def revoke_link(self, command: commands.RevokeLink, ledger: TenantLedger) -> Answer:
        """Closes the link that leads to a referral, if there is one."""
        entry = ledger.find(InboxEntry, inbox_stream(command.referral))
        if entry is None or entry.link is None:
            return ledger.save()
        link = ledger.get(Link, entry.link)
        link.revoke(reason="withdrawn", by=command.by, at=ledger.now())
        return ledger.save(link)

    @handles(commands.OpenLink)
    def open_link(self, command: commands.OpenLink, ledger: TenantLedger) -> Answer:
        """Notes that somebody looked; of a link that the school handed over, the first look is the delivery."""
        link = ledger.get(Link, command.link)
        link.open(by=command.by, at=ledger.now())
        entry = self.inbox_entry(link.referral, ledger)
        if OutMessage.REQUESTED not in entry.told and link.handed_to is HandedTo.SCHOOL:
            self.deliver(entry, OutMessage.REQUESTED, str(link.id), command, ledger)
        return ledger.save(link, entry, answer={"referral": str(link.referral), "discloses": link.discloses})

    @handles(commands.AnswerByLink)
    def answer_by_link(self, command: commands.AnswerByLink, ledger: TenantLedger) -> Answer:
        """The step is taken as the agency's own, then the link notes it."""
        link = ledger.get(Link, command.link)
        rules.link_leads_somewhere(link, ledger.now())
        said_with: Any = STEPS[command.step]  # each takes the details of its step
        said = said_with(
            tenant=command.tenant,
            command_id=derived_id(command.command_id, "answer"),
            by=command.by,
            cause=command.command_id,
            referral=link.referral,
            **command.details,
        )
        taken = self.execute(said)
        ended = State(taken.body["state"]) in ENDED
        link.answer(step=command.step, ended=ended, by=command.by, at=ledger.now())
        return ledger.save(link, answer={"state": taken.body["state"]})

    def miss_link(self, command: MissDeadline, ledger: TenantLedger) -> Answer:
        """A link's time ran out; whether it did, the link decides."""
        link = ledger.get(Link, command.stream)
        expired = link.expire(by=command.by, at=ledger.now())
        if expired:
            self.execute(
                commands.NoteLinkExpired(
                    tenant=link.school,
                    command_id=derived_id(command.command_id, "note_link_expired"),
                    by=command.by,
                    cause=command.command_id,
                    referral=link.referral,
                    due_at=link.expires_at,
                    rule=link.rule,
                )
            )
        return ledger.save(link, answer={"missed": expired})

    # -- by whoever holds it

    def seen_by_link(self, *, link: str, opening: UUID) -> dict[str, Any]:
        """What the agency is asked, and what it may answer; opening it is an event (REF-04).

        {"state", "purpose", "urgency", "deadlines", "expires_at", "facts" (until it is answered with), "steps",
        "decline_reasons", "fail_reasons", "outcomes"}. Raises UnknownError, LinkNotOpenError.
        """
        agency, found, by = self._held(link)
        self.execute(commands.OpenLink(tenant=agency, command_id=opening, by=by, link=found.id))
        return self._shown(agency, found.id, by)

    def answered_by_link(
        self, *, link: str, answer: UUID, step: Step, reason: str = "", outcome: str = "", text: str = ""
    ) -> dict[str, Any]:
        """Takes a step for the agency; the fields are told a last time. Raises what the step is refused with."""
        agency, found, by = self._held(link)
        if step not in BY_LINK:
            raise LinkTakesNoSuchStepError(step=step.value)
        details = {"reason": reason} if step in (Step.DECLINE, Step.FAIL) else {}
        details |= {"outcome": outcome} if step is Step.COMPLETE else {}
        details |= {"text": text} if step in LISTS else {}
        discloses = found.discloses
        command = commands.AnswerByLink(
            tenant=agency, command_id=answer, by=by, link=found.id, step=step, details=details
        )
        self.execute(command)
        return self._shown(agency, found.id, by, discloses=discloses and step is Step.ACCEPT)

    def _held(self, text: str) -> tuple[UUID, Link, Actor]:
        """The agency, the link and who acts by it. Raises UnknownError; of a known agency the attempt is recorded."""
        parts = read(text)
        if parts is None or self.for_tenant(parts[0]).find(Agency, parts[0]) is None:
            raise UnknownError(what="link")
        agency, secret = parts
        by = Actor(id=f"partner:{agency}", roles=frozenset({PARTNER_OFFICER}), home=agency)
        link = self.for_tenant(agency).find(Link, self._stream_of(agency, secret))
        if link is None:
            self.record_read(agency, by, "link", [], "unknown_link", allowed=False)
            raise UnknownError(what="link")
        return agency, link, by

    def _stream_of(self, agency: UUID, secret: bytes) -> UUID:
        return link_stream(self.parts.tenant_keys.blind_key(agency, "link"), secret)

    def _shown(self, agency: UUID, link: UUID, by: Actor, *, discloses: bool = False) -> dict[str, Any]:
        held = self.for_tenant(agency).get(Link, link)
        ledger = self.for_tenant(held.school)
        referral = ledger.get(Referral, held.referral)
        self.record_read(held.school, by, "referral", [referral.id], "asked_agency")
        self.record_read(agency, by, "referral", [referral.id], "by_link")
        steps = [step for step in STEPS if referral.state in TRANSITIONS[step].states and held.leads_somewhere]
        facts = referral.facts if held.discloses or discloses else None
        return {
            "state": referral.state.value,
            "purpose": referral.purpose.value,
            "urgency": referral.urgency.value,
            "requested_at": referral.requested_at,
            "deadlines": [{"clock": one.value, "due_at": due.due_at} for one, due in referral.deadlines.items()],
            "expires_at": held.expires_at,
            "facts": facts,
            "steps": [step.value for step in steps],
            **{name: self._codes(name, ledger) for name in ("decline_reasons", "fail_reasons", "outcomes")},
        }

    def _codes(self, name: str, ledger: TenantLedger) -> list[str]:
        return list(ledger.book.at(f"referrals.{name}", ledger.now()).value)
