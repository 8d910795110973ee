"""Grants: the school asks, the agency names its person, and the token opens one matter of the school (REF-05)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.accounts import commands, queries
from services.accounts.domain.errors import GrantTakenError, NotOfThisDepartmentError
from services.accounts.domain.values import AgencyKind, Audience, Role
from services.accounts.tests.builders import NOW
from services.accounts.tests.world import REAL_NOW, World
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id

pytestmark = pytest.mark.requirement("REF-05")
POLICY = Actor(id="policy:when_interagency_seat_offered_ask_grant")
LOGIN = "Өтеген"


def asked(
    city: World, *, agency: UUID | None = None, walled: tuple[UUID, ...] = (), matter: UUID | None = None
) -> UUID:
    """A grant that a case of the school asks an agency for."""
    grant = new_id()
    city.do(
        commands.AskGrant,
        by=POLICY,
        tenant=city.school,
        matter=matter or new_id(),
        grant=grant,
        agency=agency or city.agency,
        rights=("see_materials", "take_part"),
        ends_at=NOW + timedelta(days=10),
        walled=walled,
    )
    return grant


def an_officer(city: World, login: str | None = None) -> Actor:
    """On duty at the agency."""
    person = city.person(city.agency, login)
    city.assign(person, city.agency, Role.DUTY_OFFICER)
    return Actor(id=f"person:{person}", roles=frozenset({"partner_duty_officer"}), home=city.agency)


def name(city: World, grant: UUID, officer: Actor, by: Actor | None = None) -> None:
    """The agency names an officer."""
    facts = {"grant": grant, "person": officer.person}
    city.do(commands.NamePersonForGrant, by=by or officer, tenant=officer.home, **facts)


def token(city: World, grant: UUID | str, **other: Any) -> dict[str, Any]:
    """What LOGIN's session buys for a grant."""
    facts: dict[str, Any] = {"audience": Audience.CASES, "tenant": city.school} | other
    return city.application.issue_token(session=city.session(LOGIN), purpose=f"grant:{grant}", **facts)


class TestAGrant:
    def test_given_buys_a_token_for_the_schools_tenant_with_one_role(self, city: World) -> None:
        """The grant is its purpose; the officer's own role does not come with it."""
        officer, grant = an_officer(city, LOGIN), asked(city)
        name(city, grant, officer)
        bought = token(city, grant)
        claims = city.verifier("cases").person(bought["token"], REAL_NOW)
        assert (claims.tenant, claims.actor.roles) == (city.school, frozenset({"interagency_member"}))
        assert (claims.actor.grant, claims.actor.home) == (grant, city.agency)

    @pytest.mark.requirement("CON-08")
    def test_that_does_not_hold_is_unknown_whatever_the_reason(self, city: World) -> None:
        """Made up, no id, not given yet, another school's, service's, person's, ended: one answer; the log knows."""
        officer, grant = an_officer(city, LOGIN), asked(city)
        not_given, others = asked(city), asked(city)
        name(city, grant, officer)
        name(city, others, an_officer(city))
        other_school = UUID(city.do(commands.RegisterSchool, name="№ 40 лицей").body["school"])
        tries: list[tuple[UUID | str, dict[str, Any]]] = [
            (new_id(), {}),
            ("ойдан", {}),
            (not_given, {}),
            (others, {}),
            (grant, {"tenant": other_school}),
            (grant, {"audience": Audience.REFERRALS}),
        ]
        for purpose, other in tries:
            unknown(city, purpose, **other)
        city.clock.advance(timedelta(days=10))
        unknown(city, grant)
        assert city.denials(city.agency)[-7:] == [(officer.id, "accounts.member_has_a_grant")] * 7

    @pytest.mark.parametrize("end", ["seat", "case", "agency", "wall", "duty"])
    def test_ends_by_event(self, city: World, end: str) -> None:
        """The seat, the case, the agency's word, a wall, the officer's duty."""
        officer, matter = an_officer(city, LOGIN), new_id()
        grant = asked(city, matter=matter)
        name(city, grant, officer)
        token(city, grant)
        facts: dict[str, Any] = {"by": POLICY, "tenant": city.school, "matter": matter}
        if end == "seat":
            city.do(commands.EndGrant, grant=grant, reason="replaced", **facts)
        elif end == "case":
            city.do(commands.EndGrantsOfMatter, **facts)
        elif end == "agency":
            city.do(commands.WithdrawFromGrant, by=officer, tenant=city.agency, grant=grant)
        elif end == "wall":
            city.do(commands.KeepAwayFromGrants, people=(officer.person,), **facts)
        else:
            role: dict[str, Any] = {
                "person": officer.person,
                "home": city.agency,
                "at": city.agency,
                "role": Role.DUTY_OFFICER,
            }
            city.do(commands.EndRole, **role)
        unknown(city, grant)

    def test_is_asked_of_the_schools_department_alone(self, city: World) -> None:
        """Not of a tenant that is none of its."""
        with pytest.raises(NotOfThisDepartmentError):
            asked(city, agency=new_id())

    def test_lets_the_departments_lead_in_as_well(self, city: World) -> None:
        """Who names themselves: the school asked, so it takes two."""
        lead = city.person(city.department, LOGIN)
        city.assign(lead, city.department, Role.SAFEGUARDING_LEAD)
        grant = asked(city, agency=city.department)
        actor = Actor(id=f"person:{lead}", roles=frozenset({"department_safeguarding_lead"}), home=city.department)
        name(city, grant, actor)
        assert token(city, grant)["roles"] == ["interagency_member"]


class TestNaming:
    def test_is_by_whoever_speaks_for_the_agency_and_of_its_own(self, city: World) -> None:
        """Not by the department's administrator; not somebody without duty; not a person of elsewhere."""
        officer, grant = an_officer(city), asked(city)
        with pytest.raises(NotPermittedError):
            name(city, grant, officer, by=city.administrator)
        idle = city.person(city.agency)
        for person in (idle, new_id()):
            with pytest.raises(UnknownError):
                city.do(commands.NamePersonForGrant, by=officer, tenant=city.agency, grant=grant, person=person)
        name(city, grant, officer)
        with pytest.raises(GrantTakenError):
            name(city, grant, an_officer(city))

    def test_is_of_grants_that_were_asked_of_this_agency(self, city: World) -> None:
        """Another agency's is unknown to it."""
        other = UUID(city.do(commands.RegisterAgency, kind=AgencyKind.HEALTH, name="Емхана").body["agency"])
        with pytest.raises(UnknownError):
            name(city, asked(city, agency=other), an_officer(city))

    @pytest.mark.requirement("REP-02")
    def test_is_nothing_that_a_walled_officer_learns_of(self, city: World) -> None:
        """The accused's kin sees no grant and names nobody; a colleague who names them is told of an unknown person."""
        kin, colleague = an_officer(city), an_officer(city)
        assert kin.person is not None
        grant = asked(city, walled=(kin.person,))
        shown = [
            [row["grant"] for row in queries.grants_of_agency(city.application, city.agency, by)]
            for by in (kin, colleague)
        ]
        assert shown == [[], [grant]]
        with pytest.raises(UnknownError) as own:
            name(city, grant, colleague, by=kin)
        with pytest.raises(UnknownError) as made_up:
            name(city, new_id(), colleague, by=kin)
        assert own.value.code == made_up.value.code
        with pytest.raises(UnknownError):
            name(city, grant, kin, by=colleague)
        name(city, grant, colleague)

    def test_shows_how_each_stands(self, city: World) -> None:
        """Asked, given, ended; to those who speak for the agency alone."""
        officer, matter = an_officer(city), new_id()
        grants = [asked(city, matter=matter) for _ in range(3)]
        name(city, grants[1], officer)
        facts: dict[str, Any] = {"by": POLICY, "tenant": city.school, "matter": matter, "reason": "replaced"}
        city.do(commands.EndGrant, grant=grants[2], **facts)
        rows = queries.grants_of_agency(city.application, city.agency, officer)
        states = {row["grant"]: row["state"] for row in rows}
        assert [states[grant] for grant in grants] == ["asked", "given", "ended"]
        with pytest.raises(NotPermittedError):
            queries.grants_of_agency(city.application, city.agency, Actor(id=f"person:{new_id()}"))


def unknown(city: World, purpose: UUID | str, **other: Any) -> None:
    """No token, and no reason."""
    with pytest.raises(UnknownError) as refusal:
        token(city, purpose, **other)
    assert refusal.value.facts == {"what": "grant"}
