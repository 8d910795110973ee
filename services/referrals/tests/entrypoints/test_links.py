"""One-time links: handed over once, opened and answered without an account, and of no use afterwards (REF-04)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.referrals import commands
from services.referrals.domain import link as links
from services.referrals.domain.agency import InboxEntry
from services.referrals.domain.errors import (
    AgencyHasNoLinkError,
    LinkNotOpenError,
    LinkTakesNoSuchStepError,
    ReferralAlreadyEndedError,
    StepOutOfOrderError,
)
from services.referrals.domain.link import Link
from services.referrals.domain.referral import Referral
from services.referrals.domain.values import State, Step, inbox_stream
from services.referrals.tests import builders as b
from services.referrals.tests.world import World
from shared.domain import InvalidInputError, NotPermittedError, UnknownError
from shared.duties import MissDeadline
from shared.ledger.tables import public_events

CRISIS = b.an_id("«Үміт» дағдарыс орталығы")
CRISIS_FACTS = {
    "child_name": b.FACTS["child_name"],
    "birth_date": b.FACTS["birth_date"],
    "help_needed": "Қауіпсіз орын",
    "immediate_danger": True,
    "offender_lives_with_child": True,
    "language_of_the_child": ["kk"],
    "school_contact": b.FACTS["school_contact"],
}


@pytest.fixture
def asked(school: World) -> tuple[World, UUID]:
    """A crisis centre without an account, asked by the school."""
    school.hear_of_agency(CRISIS, "crisis_centre", "link", department=str(b.DEPARTMENT))
    return school, school.request(CRISIS, facts=CRISIS_FACTS)


def handed_over(world: World, referral: UUID) -> str:
    """A link, as the approver is told it."""
    link: str = world.do(commands.HandOverLink, b.SCHOOL, b.HEAD, referral=referral).body["link"]
    return link


def seen(world: World, link: str) -> dict[str, Any]:
    """What whoever holds it is shown."""
    world.clock.advance(timedelta(seconds=36))
    return world.application.seen_by_link(link=link, opening=uuid4())


def answered(world: World, link: str, step: Step, **details: str) -> dict[str, Any]:
    """What is shown after an answer."""
    world.clock.advance(timedelta(seconds=36))
    return world.application.answered_by_link(link=link, answer=uuid4(), step=step, **details)


def the(world: World, referral: UUID) -> Referral:
    """The referral as the school's record has it."""
    return world.application.for_tenant(b.SCHOOL).get(Referral, referral)


class TestALink:
    @pytest.mark.requirement("REF-04")
    def test_is_told_to_the_approver_once(self, asked: tuple[World, UUID]) -> None:
        """Not to the team, and not again to who repeats the command."""
        world, referral = asked
        with pytest.raises(NotPermittedError):
            world.do(commands.HandOverLink, b.SCHOOL, b.PEDAGOGUE, referral=referral)
        command_id = uuid4()
        first = world.do(commands.HandOverLink, b.SCHOOL, b.HEAD, referral=referral, command_id=command_id)
        again = world.do(commands.HandOverLink, b.SCHOOL, b.HEAD, referral=referral, command_id=command_id)
        assert links.read(first.body["link"]) is not None
        assert "link" not in again.body
        with pytest.raises(UnknownError):
            world.do(commands.HandOverLink, b.SCHOOL, b.a_person("Бөтен", "head"), referral=uuid4())

    def test_has_160_random_bits_of_which_only_a_keyed_hash_is_kept(self, asked: tuple[World, UUID]) -> None:
        """Neither the link nor its secret stands in any event or public form, sealed or not."""
        world, referral = asked
        link = handed_over(world, referral)
        agency, secret = links.read(link) or (None, b"")
        assert agency == CRISIS
        assert len(secret) * 8 == 160
        entry = world.application.for_tenant(CRISIS).get(InboxEntry, inbox_stream(referral))
        assert entry.link == links.link_stream(world.application.parts.tenant_keys.blind_key(CRISIS, "link"), secret)
        told = [
            json.dumps({name: str(value) for name, value in vars(event).items()}, ensure_ascii=False)
            for tenant, stream in ((CRISIS, entry.id), (CRISIS, entry.link), (b.SCHOOL, referral))
            for _, event in world.application.for_tenant(tenant).events(stream)
        ]
        assert len(told) > 5
        assert not [one for one in told if link in one or secret.hex() in one]
        with world.database.relay() as connection:
            public = connection.execute(text(f"SELECT body FROM {public_events.name}")).scalars().all()
        assert not [one for one in public if link in str(one)]

    def test_leads_to_what_the_agency_is_told_and_opening_it_is_an_event(self, asked: tuple[World, UUID]) -> None:
        """Fields, clocks, answers; the first look is the delivery."""
        world, referral = asked
        assert the(world, referral).delivered_at is None
        link = handed_over(world, referral)
        shown = seen(world, link)
        assert shown["facts"] == the(world, referral).facts
        assert shown["steps"] == ["accept", "decline"]
        assert set(shown) == {
            *("state", "purpose", "urgency", "requested_at", "deadlines", "expires_at", "facts", "steps"),
            *("decline_reasons", "fail_reasons", "outcomes"),
        }
        assert the(world, referral).delivered_at is not None
        seen(world, link)
        ledger = world.application.for_tenant(CRISIS)
        entry = ledger.get(InboxEntry, inbox_stream(referral))
        assert entry.link is not None
        assert ledger.get(Link, entry.link).opened == 2
        assert [entry["rule"] for _, entry in world.application.access_log.entries(CRISIS)][-2:] == ["by_link"] * 2

    @pytest.mark.requirement("REF-03")
    def test_takes_the_answer_and_later_the_outcome(self, asked: tuple[World, UUID]) -> None:
        """The child's data is shown with the acceptance a last time; the outcome uses the link up."""
        world, referral = asked
        link = handed_over(world, referral)
        seen(world, link)
        after = answered(world, link, Step.ACCEPT)
        assert after["facts"] is not None
        assert after["state"] == "accepted"
        later = seen(world, link)
        assert later["facts"] is None
        assert later["steps"] == ["decline", "begin", "complete", "fail"]
        answered(world, link, Step.BEGIN)
        ended = answered(world, link, Step.COMPLETE, outcome="helped", text="Бала қауіпсіз жерде")
        assert ended["facts"] is None
        assert ended["steps"] == []
        assert the(world, referral).answer == {"outcome": "helped", "text": "Бала қауіпсіз жерде"}
        with pytest.raises(LinkNotOpenError) as refused:
            seen(world, link)
        assert refused.value.facts == {"reason": "used_up"}

    @pytest.mark.requirement("REF-07")
    def test_takes_a_refusal_with_a_reason_of_the_list(self, asked: tuple[World, UUID]) -> None:
        """And is used up by it, so that it discloses nothing more."""
        world, referral = asked
        link = handed_over(world, referral)
        with pytest.raises(InvalidInputError):
            answered(world, link, Step.DECLINE, reason="no_wish")
        answered(world, link, Step.DECLINE, reason="below_threshold")
        assert the(world, referral).state is State.REJECTED
        with pytest.raises(LinkNotOpenError):
            answered(world, link, Step.ACCEPT)

    def test_takes_an_answer_that_is_sent_twice_once(self, asked: tuple[World, UUID]) -> None:
        """A finger that trembles, a page that is loaded again."""
        world, referral = asked
        link, answer = handed_over(world, referral), uuid4()
        for _ in range(2):
            world.application.answered_by_link(link=link, answer=answer, step=Step.ACCEPT)
        assert the(world, referral).state is State.ACCEPTED
        with pytest.raises(StepOutOfOrderError):
            answered(world, link, Step.ACCEPT)
        with pytest.raises(LinkTakesNoSuchStepError):
            answered(world, link, Step.CANCEL)

    def test_that_is_not_one_is_unknown_and_the_attempt_recorded(self, asked: tuple[World, UUID]) -> None:
        """The same for a wrong secret, an agency that is none, and what is no link at all."""
        world, _ = asked
        for wrong in (links.written(CRISIS, bytes(20)), links.written(uuid4(), bytes(20)), "жоқ", "A" * 47, "A" * 48):
            with pytest.raises(UnknownError):
                seen(world, wrong)
        (_, denied) = world.application.access_log.entries(CRISIS)[-1]
        assert denied["rule"] == "unknown_link"

    def test_is_replaced_by_a_new_one_and_withdrawn(self, asked: tuple[World, UUID]) -> None:
        """One leads there at a time."""
        world, referral = asked
        first, second = handed_over(world, referral), handed_over(world, referral)
        with pytest.raises(LinkNotOpenError) as refused:
            seen(world, first)
        assert refused.value.facts == {"reason": "revoked"}
        assert seen(world, second)["facts"]
        world.do(commands.WithdrawLink, b.SCHOOL, b.PEDAGOGUE, referral=referral)
        with pytest.raises(LinkNotOpenError):
            seen(world, second)

    def test_is_for_agencies_without_an_account_and_for_what_was_approved(self, asked: tuple[World, UUID]) -> None:
        """Others have their inbox; a draft leaves by no way; nothing leads to what has ended."""
        world, referral = asked
        with pytest.raises(AgencyHasNoLinkError):
            world.do(commands.HandOverLink, b.SCHOOL, b.HEAD, referral=world.request(b.POLICE))
        world.do(commands.CancelReferral, b.SCHOOL, b.HEAD, referral=referral, reason="no_longer_needed")
        with pytest.raises(ReferralAlreadyEndedError):
            world.do(commands.HandOverLink, b.SCHOOL, b.HEAD, referral=referral)
        draft = world.draft(CRISIS, facts=the(world, referral).facts)
        with pytest.raises(StepOutOfOrderError):
            world.do(commands.HandOverLink, b.SCHOOL, b.HEAD, referral=draft)


class TestALinkThatRunsOut:
    def missed(self, world: World, referral: UUID) -> bool:
        """The clock finds the link past its time."""
        entry = world.application.for_tenant(CRISIS).get(InboxEntry, inbox_stream(referral))
        facts = {"stream": entry.link, "duty": links.DUTY, "step": 0}
        answer = world.application.execute(
            MissDeadline(tenant=CRISIS, command_id=uuid4(), by=b.CLOCK, **facts)  # type: ignore[arg-type]
        )
        return bool(answer.body["missed"])

    @pytest.mark.requirement("REF-07")
    def test_unanswered_is_silence(self, asked: tuple[World, UUID]) -> None:
        """Whatever the clock says: the school hears of it as of any silence, and the duty to own measures opens."""
        world, referral = asked
        link = handed_over(world, referral)
        assert not self.missed(world, referral)
        world.clock.advance(timedelta(days=31))
        assert self.missed(world, referral)
        assert not self.missed(world, referral)
        with pytest.raises(LinkNotOpenError) as refused:
            seen(world, link)
        assert refused.value.facts == {"reason": "expired"}
        with world.database.relay() as connection:
            types = connection.execute(public_events.select()).all()
        (silent,) = [json.loads(row.body) for row in types if row.type == "referrals.referral_fell_silent.v1"]
        assert silent["clock"] == "acknowledge"

    def test_after_an_answer_is_nobodys_silence(self, asked: tuple[World, UUID]) -> None:
        """The referral's own clocks run on."""
        world, referral = asked
        link = handed_over(world, referral)
        answered(world, link, Step.ACCEPT)
        world.clock.advance(timedelta(days=31))
        assert self.missed(world, referral)
        assert the(world, referral).missed == {}

    def test_does_so_before_the_clock_has_noticed(self, asked: tuple[World, UUID]) -> None:
        """A stopped clock keeps no door open."""
        world, referral = asked
        link = handed_over(world, referral)
        world.clock.advance(timedelta(days=31))
        with pytest.raises(LinkNotOpenError):
            seen(world, link)
